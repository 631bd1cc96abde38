import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
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

describe("a line of the history", () => {
  it("has a key of its own for each life of a tag", () => {
    const tag = parseBuildTag("v1.2.3+1");
    strictEqual(historyKey(tag, "2026-11-25T07:40:02Z"), "history:1_2_3_1:2026-11-25T07:40:02Z");
  });

  it("says where the archive is", () => {
    const key = "archives/v1.2.3+1/1/manifest.json";
    deepStrictEqual(
      ["file:///archive/", "gs://bucket", "s3://bucket/prefix?region=eu"].map((store) => objectUrl(store, key)),
      [`file:///archive/${key}`, `gs://bucket/${key}`, `s3://bucket/prefix/${key}?region=eu`],
    );
  });

  it("has a reason and a verdict, also when nobody gives them", () => {
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

  it("has the highest layers that any node has said, and none when none has", () => {
    const node = (verifiedLayer: number, topLayer: number) => ({ reachable: true, verifiedLayer, topLayer });
    deepStrictEqual(lastSeenIn([node(7, 9), { reachable: false }, node(8, 8), null]), {
      verifiedLayer: 8,
      topLayer: 9,
    });
    for (const none of [[], [{ reachable: false }], {}, undefined, [{ topLayer: 9 }]])
      strictEqual(lastSeenIn(none), undefined);
  });
});

describe("the archive of a life", () => {
  const OPENED = "2026-11-20T00:00:00Z";
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    store = openStore(pathToFileURL(folder).href);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const key = (number: number) => `archives/v1.2.3+1/${number}/manifest.json`;
  const archive = (number: number, closedAt: string, samples?: string) => {
    const objects = samples === undefined ? [] : [{ key: "samples.json" }];
    const manifest = store.put(key(number), JSON.stringify({ schema: 1, tag: "v1.2.3+1", closedAt, objects }));
    return Promise.all([manifest, samples && store.put(key(number).replace("manifest", "samples"), samples)]);
  };
  const found = () => lastArchive(store, "v1.2.3+1", OPENED);

  it("is the newest that was closed since it began, with what its nodes said last", async () => {
    await archive(1, "2026-11-21T00:00:00Z");
    await archive(2, "2026-11-22T00:00:00Z", '[{"verifiedLayer":5,"topLayer":6}]');
    deepStrictEqual(await found(), { key: key(2), lastSeen: { verifiedLayer: 5, topLayer: 6 } });
  });

  it("is not that of an earlier life", async () => {
    strictEqual(await found(), undefined);
    await archive(1, "2026-11-19T00:00:00Z");
    strictEqual(await found(), undefined);
  });

  it("is not looked for in what is damaged, and damaged samples tell nothing", async () => {
    await archive(1, "2026-11-21T00:00:00Z", "{");
    await store.put(key(2), "{");
    deepStrictEqual(await found(), { key: key(1), lastSeen: undefined });
  });

  it("is not taken to be missing when the store cannot be read", async () => {
    const broken: Store = { ...store, list: () => Promise.reject(new Error("EACCES")) };
    await rejects(lastArchive(broken, "v1.2.3+1", OPENED), (error: Error) => {
      match(error.message, /EACCES/);
      return true;
    });
  });
});
