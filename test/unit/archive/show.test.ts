import { match } from "node:assert";
import type { ArchiveManifest } from "../../../infra/archive/manifest";
import { archiveLine, archiveWords } from "../../../infra/archive/show";

const KEY = "archives/v1.2.3+1/1/manifest.json";
const MANIFEST: ArchiveManifest = {
  schema: 2,
  tag: "v1.2.3+1",
  closedAt: "2026-01-01T00:00:00.000Z",
  gaps: [
    { kind: "runs", pod: "miner-1-abc", container: "miner", runs: { first: 0, last: 2 } },
    { kind: "rotated", pod: "poet-1", container: "poet", from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z" },
  ],
  objects: [],
};

describe("an archive with gaps", () => {
  it("names each gap in its contents, and their number in its line", () => {
    const words = archiveWords(KEY, MANIFEST);
    match(words, /\ngap {7}named below\nmissing {3}miner-1-abc\/miner, runs 1 to 3: the node has the logs no more\n/);
    match(words, /\nmissing {3}poet-1\/poet: lines rotated away before they were read, between \S+ and \S+\n/);
    match(archiveLine(KEY, MANIFEST), /; 2 missing$/);
  });

  it("has no gap when none is named", () => {
    const { gaps: _, ...whole } = MANIFEST;
    match(archiveWords(KEY, whole), /\ngap {7}none\nobjects/);
    match(archiveLine(KEY, whole), /, 0 objects, 0 B$/);
  });
});
