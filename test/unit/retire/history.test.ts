import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { historyKey } from "../../../infra/base/model/edge";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { lastArchive, lastSeenIn, objectUrl } from "../../../infra/retire/history";
import { retirementReason, retirementVerdict } from "../../../infra/retire/reason";
import { KEYED } from "../../support/record-key";

describe("historyKey", () => {
  it("is different for each life of a tag", () => {
    const tag = parseBuildTag("v1.2.3+1");
    strictEqual(historyKey(tag, "2026-11-25T07:40:02Z"), "history:1_2_3_1:2026-11-25T07:40:02Z");
  });
});

describe("objectUrl", () => {
  it("puts the key before the query of the store's URL", () => {
    const key = "archives/v1.2.3+1/1/manifest.json";
    deepStrictEqual(
      ["file:///archive/", "gs://bucket", "s3://bucket/prefix?region=eu"].map((store) => objectUrl(store, key)),
      [`file:///archive/${key}`, `gs://bucket/${key}`, `s3://bucket/prefix/${key}?region=eu`],
    );
  });
});

describe("retirementReason and retirementVerdict", () => {
  it("have a default for an empty or unset variable", () => {
    deepStrictEqual(
      [undefined, "", " ", "two\n lines "].map((text) => retirementReason.parse(text)),
      [...Array(3).fill("retired by hand, no reason given"), "two lines"],
    );
    deepStrictEqual(
      [undefined, "", "split"].map((text) => retirementVerdict.parse(text)),
      ["not judged", "not judged", "split"],
    );
    strictEqual(retirementVerdict.safeParse("dead").success, false);
    strictEqual(retirementReason.safeParse("x".repeat(1001)).success, false);
  });
});

describe("lastSeenIn", () => {
  it("finds the highest layers that any node reported, and nothing when no node answered", () => {
    const node = (verifiedLayer: number, topLayer: number) => ({ reachable: true, verifiedLayer, topLayer });
    deepStrictEqual(lastSeenIn([node(7, 9), { reachable: false }, node(8, 8), null]), {
      verifiedLayer: 8,
      topLayer: 9,
    });
    for (const none of [[], [{ reachable: false }], {}, undefined, [{ topLayer: 9 }]])
      strictEqual(lastSeenIn(none), undefined);
  });
});

describe("lastArchive", () => {
  const OPENED = "2026-11-20T00:00:00Z";
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    store = openStore(pathToFileURL(folder).href, KEYED);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const key = (number: number) => `archives/v1.2.3+1/${number}/manifest.json`;
  const archive = (number: number, closedAt: string, samples?: string) => {
    const objects = samples === undefined ? [] : [{ key: "samples.json", bytes: 1, sha256: "0" }];
    const manifest = store.put(key(number), JSON.stringify({ schema: 1, tag: "v1.2.3+1", closedAt, objects }));
    return Promise.all([manifest, samples && store.put(key(number).replace("manifest", "samples"), samples)]);
  };
  const found = () => lastArchive(store, "v1.2.3+1", { openedAt: OPENED });

  it("is the newest archive that was closed since the life began, with the last layers of its nodes", async () => {
    await archive(1, "2026-11-21T00:00:00Z");
    await archive(2, "2026-11-22T00:00:00Z", '[{"verifiedLayer":5,"topLayer":6}]');
    deepStrictEqual(await found(), { key: key(2), lastSeen: { verifiedLayer: 5, topLayer: 6 } });
  });

  it("tells what is missing, in words", async () => {
    const gaps = [{ kind: "evicted", pod: "miner-1-abc", container: "miner" }];
    const body = { schema: 1, tag: "v1.2.3+1", closedAt: "2026-11-21T00:00:00Z", gaps, objects: [] };
    await store.put(key(1), JSON.stringify(body));
    deepStrictEqual((await found())?.missing, ["miner-1-abc/miner: the pod was evicted with its logs"]);
  });

  it("is not the archive of an earlier life", async () => {
    strictEqual(await found(), undefined);
    await archive(1, "2026-11-19T00:00:00Z");
    strictEqual(await found(), undefined);
  });

  it("is not a damaged archive, and has no layers when the samples are damaged", async () => {
    await archive(1, "2026-11-21T00:00:00Z", "{");
    await store.put(key(2), "{");
    deepStrictEqual(await found(), { key: key(1), lastSeen: undefined });
  });

  it("fails when the store cannot be read, instead of reporting no archive", async () => {
    const broken: Store = { ...store, list: () => Promise.reject(new Error("EACCES")) };
    await rejects(lastArchive(broken, "v1.2.3+1", { openedAt: OPENED }), /EACCES/);
  });
});
