import { doesNotThrow, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { promotionsOf, writeDown } from "../../../infra/base/channel/records";
import { beginningOf, hasHalfCharacter } from "../../../infra/base/lib/cut";
import { announcementOf } from "../../../infra/base/model/announcement";
import { channelEndpoints } from "../../../infra/base/model/endpoints";
import type { Target } from "../../../infra/base/model/promotion";
import { announcementPayload } from "../../../infra/promote/announcement/message";
import { AnnouncementRecords } from "../../../infra/promote/announcement/records";
import { requireUsable } from "../../../infra/promote/usable";
import { refuses, refusesLater } from "../../support/errors";
import { MemoryStore } from "../../support/memory-store";
import { promotion } from "../../support/promotions";
import { settingsWith } from "../../support/settings";

const NAMES = settingsWith();
const of = (changes: Partial<Target>) => promotion(1, "v1.2.3", changes);
const FAMILY = "👩‍👩‍👧‍👦";

describe("a promotion before it is recorded", () => {
  it("is taken when every later step can use it", () => {
    for (const changes of ["", "- faster", "x".repeat(16_384), FAMILY.repeat(1400)])
      doesNotThrow(() => requireUsable(of({ changes }), NAMES));
  });

  it("is refused when its changelog was cut inside an emoji, which every engine refuses later", () => {
    const changes = `- ${"x".repeat(10)}😀`.slice(0, 13);
    refuses(() => requireUsable(of({ changes }), NAMES), "PromotionUnusable", {
      names: ["testnet", "v1.2.3", "within a character", "Nothing has changed"],
    });
  });

  it("is refused when no variable holds it, or its record cannot be read back", () => {
    refuses(() => requireUsable(of({ certificate: "x".repeat(131_072) }), NAMES), "PromotionUnusable", {
      names: ["131071"],
    });
    refuses(() => requireUsable(of({ commit: "main" }), NAMES), "PromotionUnusable", { names: ["commit"] });
    refuses(() => requireUsable(of({ reason: "" }), NAMES), "PromotionUnusable", { names: ["reason"] });
  });

  it("is refused when Discord has no room for its message", () =>
    refuses(() => requireUsable(of({}), { ...NAMES, zone: `${"x".repeat(60)}.`.repeat(20) }), "PromotionUnusable", {
      names: ["announcement"],
    }));

  it("is usable whatever the changelog and the reason say, since both are cut at whole characters", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 3000 });
    fc.assert(
      fc.property(text, fc.nat(2000), (words, length) => {
        const changes = beginningOf(words.repeat(4), length);
        requireUsable(of({ changes, reason: beginningOf(`r${words.replace(/\p{Cc}/gu, "")}`, 900).trim() }), NAMES);
        const payload = announcementPayload(announcementOf(of({ changes }), channelEndpoints("testnet", 0, NAMES)));
        ok(!hasHalfCharacter(payload));
      }),
      { numRuns: 100 },
    );
  });
});

describe("records", () => {
  it("that no later run could read are not written", async () => {
    const store = new MemoryStore();
    await refusesLater(writeDown(store, of({ commit: "main" })), "RecordUnusable", {
      names: ["channels/testnet/1.json"],
    });
    await refusesLater(writeDown(store, of({ changes: "x\ud83d" })), "RecordUnusable", {
      names: ["within a character"],
    });
    strictEqual(store.objects.size, 0);
  });

  it("of an earlier release that end within a character can be finished", async () => {
    const store = new MemoryStore();
    await store.put("channels/testnet/1.json", JSON.stringify(of({ changes: "x\ud83d" })));
    strictEqual((await promotionsOf(store, "testnet"))[0]?.changes, "x\ufffd");
  });

  it("of announcements keep Discord's words whole", async () => {
    const records = new AnnouncementRecords(new MemoryStore(), "testnet", 1);
    const intent = { release: "v1.2.3", tag: "v1.2.3+1", kind: "promotion", at: "2026-01-01T00:00:00Z" } as const;
    const payload = announcementPayload(announcementOf(of({}), channelEndpoints("testnet", 0, NAMES)));
    await records.intend(1, { ...intent, payload });
    await records.notSent(1, { why: "HTTP 400: \ud83d", at: intent.at });
    strictEqual((await records.read()).notSent?.why, "HTTP 400: \ufffd");
  });
});
