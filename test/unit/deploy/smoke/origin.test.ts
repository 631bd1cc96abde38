import { deepStrictEqual, strictEqual } from "node:assert";
import type { AnsweredSample } from "../../../../infra/base/model/sample";
import { originOf } from "../../../../infra/deploy/smoke/origin";

const COMMIT = "1a2b3c4d5".padEnd(40, "e");
const EXPECTED = { nodeVersion: "v1.2.3+2", commit: COMMIT };
const FIX = "build the image with the tag given, or tag another commit";

/** Nodes with versions and builds. */
const nodes = (...told: { version?: string; build?: string }[]): AnsweredSample[] =>
  told.map(({ version = "v1.2.3+2", build }, i) => ({
    ...{ node: `miner-${i + 1}`, at: "2026-01-01T00:00:00Z", reachable: true, version },
    ...(build === undefined ? {} : { build }),
    ...{ synced: true, topLayer: 1, syncedLayer: 1, verifiedLayer: 1 },
  }));

const faults = (...told: Parameters<typeof nodes>) => originOf(nodes(...told), EXPECTED).faults;
const builds = (...told: Parameters<typeof nodes>) => originOf(nodes(...told), EXPECTED).builds;

describe("originOf", () => {
  it("accepts a build that the deployed commit begins with", () => {
    deepStrictEqual(faults({ build: COMMIT }, { build: "1a2b3c4" }), []);
    strictEqual(builds({ build: COMMIT }, { build: "1a2b3c4" }), "built from the deployed commit 1a2b3c4d5eee");
  });

  it("refuses a build of another commit, and names both", () => {
    deepStrictEqual(faults({ build: COMMIT }, { build: "bad0bad" }), [
      `not all nodes are built from the deployed commit ${COMMIT}: miner-2 from bad0bad`,
    ]);
  });

  it("reports builds that are no commit, and takes them for no proof", () => {
    const words = [{ build: "local" }, { build: "sandbox" }, { build: "1a2b3c" }, {}];
    deepStrictEqual(faults(...words), []);
    strictEqual(builds(...words), "their builds are not told");
    strictEqual(
      builds({ build: COMMIT }, ...words.slice(0, 1)),
      "built from the deployed commit 1a2b3c4d5eee; not told by miner-2",
    );
  });

  it("accepts the long form of git describe at the tag itself, if its commit is the deployed one", () => {
    deepStrictEqual(faults({ version: "v1.2.3+2-0-g1a2b3c4d5" }), []);
    for (const version of ["v1.2.3+2-0-gbad0bad", "v1.2.3+2-1-g1a2b3c4d5", "v1.2.3+2-dirty", "v1.2.3+1-0-g1a2b3c4d5"])
      strictEqual(faults({ version })[0], `not all nodes have version v1.2.3+2: miner-1 ${version}`);
  });

  it("names the cause when the nodes have the tag of another build of the release", () => {
    deepStrictEqual(faults({ version: "v1.2.3+1" }, { version: "v1.2.3+1-dirty" }, {}), [
      "not all nodes have version v1.2.3+2: miner-1 v1.2.3+1, miner-2 v1.2.3+1-dirty",
      `if v1.2.3+1 stands on the same commit, ${FIX}`,
    ]);
    strictEqual(faults({ version: "v1.2.3+1", build: COMMIT })[1], `v1.2.3+1 stands on the same commit: ${FIX}`);
  });

  it("names no such cause for another release, or a build of another commit", () => {
    strictEqual(faults({ version: "v1.2.2+1" }).length, 1);
    strictEqual(
      faults({ version: "v1.2.3+1", build: "bad0bad" }).some((fault) => fault.includes(FIX)),
      false,
    );
  });
});
