import { deepStrictEqual, doesNotThrow, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import type { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { announcementPayload, EMBED_LIMITS } from "../../../../infra/promote/announcement/message";
import { checkForm } from "../../../../sandbox/discord/form";

const INPUT: AnnouncementInput = {
  channel: "testnet",
  generation: 3,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  changes: "### Fixed\n- a fault",
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
};
const embedOf = (input: Partial<AnnouncementInput>) => announcementPayload({ ...INPUT, ...input }).embeds[0];
const RELEASE = "https://github.com/spacemeshos/go-spacemesh/releases/tag/v1.2.3";

/** Texts with lines of all lengths, and with characters of two UTF-16 units. */
const text = (most: number) =>
  fc.array(fc.string({ unit: "grapheme", maxLength: most / 4 }), { maxLength: 40 }).map((lines) => lines.join("\n"));
const long = (most: number) => fc.integer({ min: 0, max: most }).map((length) => "\u{1F680}".repeat(length));

describe("announcementPayload", () => {
  it("shows version, changes, page, explorer and build, and mentions nobody", () => {
    deepStrictEqual(announcementPayload(INPUT), {
      embeds: [
        {
          title: "Spacemesh testnet: v1.2.3",
          url: "http://testnet.net.spacemesh.io/",
          description: "### Fixed\n- a fault",
          fields: [
            { name: "Info page", value: "http://testnet.net.spacemesh.io/" },
            { name: "Explorer", value: "https://explorer-testnet.net.spacemesh.io/" },
            { name: "Build", value: "v1.2.3+1" },
          ],
        },
      ],
      allowed_mentions: { parse: [] },
    });
  });

  it("shows why there was no certificate, and leaves out an empty reason", () => {
    deepStrictEqual(embedOf({ reason: "a fix for @everyone" }).fields.at(-1), {
      name: "Promoted without a simmer certificate",
      value: "a fix for @everyone",
    });
    strictEqual(embedOf({ reason: " \n" }).fields.length, 3);
  });

  it("shows what a demotion goes back to, and why", () => {
    const { title, description, fields } = embedOf({ kind: "demotion", release: "v1.2.2", reason: "v1.2.3 stalls" });
    strictEqual(title, "Spacemesh testnet: back to v1.2.2");
    strictEqual(description, "The testnet goes back to v1.2.2.\n\n### Fixed\n- a fault");
    deepStrictEqual(fields.at(-1), { name: "Why", value: "v1.2.3 stalls" });
  });

  it("links to the release when there is no changelog entry", () =>
    strictEqual(embedOf({ changes: "" }).description, RELEASE));

  it("cuts long changes at the end of a line, and links to the rest", () => {
    const line = `- ${"x".repeat(97)}`;
    const { description } = embedOf({ changes: Array.from({ length: 60 }, () => line).join("\n") });
    const lines = description.split("\n");
    deepStrictEqual(lines.splice(-2), ["...", RELEASE]);
    ok(lines.length > 35 && lines.every((kept) => kept === line), description);
  });

  it("closes a code block that it cuts", () => {
    const { description } = embedOf({ changes: `\`\`\`\n${"code\n".repeat(1000)}\`\`\`` });
    ok(description.endsWith(`code\n\`\`\`\n...\n${RELEASE}`), description.slice(-100));
  });

  it("keeps all limits of Discord, in code points and in UTF-16 units, and breaks no character", () => {
    const url = fc.nat(1000).map((length) => `https://example.org/${"p".repeat(length)}`);
    const inputs = fc.record({
      channel: fc.constantFrom("testnet", "t".repeat(63)),
      kind: fc.constantFrom("promotion" as const, "demotion" as const),
      changes: fc.oneof(
        text(400),
        long(5000),
        fc.nat(7000).map((length) => "x".repeat(length)),
      ),
      reason: fc.oneof(text(100), long(2000)),
      page: url,
      explorer: url,
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const payload = announcementPayload({ ...INPUT, ...input });
        doesNotThrow(() => checkForm(payload as unknown as Record<string, unknown>));
        const { title, description, fields } = payload.embeds[0];
        const units = [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
        ok(units.join("").length <= EMBED_LIMITS.total);
        ok(description.length <= EMBED_LIMITS.description);
        ok(fields.every(({ value }) => value.length <= EMBED_LIMITS.value));
        const whole = JSON.stringify(payload);
        strictEqual(Buffer.from(whole).toString(), whole);
        ok(!/\\ud[89a-f]/i.test(whole), "half a character"); // as JSON.stringify writes one
      }),
      { numRuns: 200 },
    );
  });
});
