import { deepStrictEqual, strictEqual } from "node:assert";
import { samplesDocument } from "../../../infra/archive/documents";
import { type ArchiveManifest, parseManifest, renderManifest } from "../../../infra/archive/manifest";
import { refuses } from "../../support/errors";

const KEY = "archives/v1.2.3+1/1/manifest.json";
const MANIFEST: ArchiveManifest = {
  schema: 2,
  tag: "v1.2.3+1",
  closedAt: "2026-01-01T00:00:00.000Z",
  objects: [
    {
      key: "logs/miner-1-abc.log.zst",
      bytes: 3,
      sha256: "ab",
      content: { bytes: 7, sha256: "cd" },
      parts: [{ container: "miner", previous: false, offset: 0, bytes: 7, sha256: "cd" }],
    },
    { key: "pods.json", bytes: 3, sha256: "ef" },
  ],
};

describe("parseManifest", () => {
  it("reads what renderManifest writes, with all keys in their order", () => {
    const read = parseManifest(KEY, renderManifest(MANIFEST));
    strictEqual(JSON.stringify(read), JSON.stringify(MANIFEST));
    const place = { pod: "miner-1-abc", container: "miner", runs: { first: 0, last: 2 } };
    const times = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:01.5Z" };
    const named = { ...MANIFEST, gaps: [{ kind: "of a newer release", ...place, ...times, saw: "x" }] };
    deepStrictEqual(parseManifest(KEY, renderManifest(named)), named);
    const withGap = { ...MANIFEST, gap: "deleted by hand" };
    deepStrictEqual(parseManifest(KEY, renderManifest(withGap)), withGap);
  });

  it("accepts a sealed manifest with keys that this release does not know", () => {
    deepStrictEqual(parseManifest(KEY, renderManifest({ ...MANIFEST, judge: "x" })), MANIFEST);
  });

  it("reads a manifest of schema 1, which has no seal", () => {
    const first = { ...MANIFEST, schema: 1 };
    deepStrictEqual(parseManifest(KEY, JSON.stringify(first)), first);
  });

  it("refuses a manifest in which a single byte changed", () => {
    const text = renderManifest(MANIFEST);
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      if (changed.includes('"schema": 3')) continue; // a newer release's, see below
      refuses(() => parseManifest(KEY, changed), "ArchiveDamaged", { names: [KEY] });
    }
  });

  it("refuses text that is not a manifest", () => {
    for (const text of ["", "{", "[]", "null", "{}", '{"schema":1}', renderManifest({ schema: 2 })])
      refuses(() => parseManifest(KEY, text), "ArchiveDamaged", { names: [KEY] });
  });

  it("refuses the manifest of a newer release", () => {
    refuses(() => parseManifest(KEY, renderManifest({ ...MANIFEST, schema: 3 })), "ArchiveTooNew", {
      names: [KEY, "schema 3"],
    });
  });
});

describe("samplesDocument", () => {
  it("keeps the keys of samples.json, in their order", () => {
    const answered = { node: "miner-1", at: "2026-01-01T00:00:00Z", synced: true, topLayer: 9, syncedLayer: 8 };
    const document = samplesDocument([
      { version: "v1.2.3", connectedPeers: 3, verifiedLayer: 7, ...answered, reachable: true },
      { node: "miner-2", at: "2026-01-01T00:00:00Z", reachable: false, error: "it did not answer" },
    ]);
    strictEqual(
      JSON.stringify(document),
      '[{"node":"miner-1","at":"2026-01-01T00:00:00Z","reachable":true,"synced":true,"topLayer":9,"syncedLayer":8,' +
        '"verifiedLayer":7},{"node":"miner-2","at":"2026-01-01T00:00:00Z","reachable":false}]',
    );
  });
});
