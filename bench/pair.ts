import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { down } from "../sandbox/down";
import { makeHistory, pushBuildTag } from "../sandbox/git/node-history";
import { up } from "../sandbox/up";
import { stackOf, whenDeployed } from "./release";

/** Seconds from the push until all pushed networks are up. */
export interface PairFigures {
  readonly one: number;
  readonly two: number;
}

/** Measures one network that is deployed alone, then two others that are deployed at once, in one sandbox. */
export async function measurePair(say: (line: string) => void): Promise<PairFigures> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  try {
    await up(home, say, { driver: "spacecraft" });
    await (await stackOf(home, "edge")).up();
    const clone = makeHistory(home);
    const push = async (...tags: string[]) => {
      const start = Date.now();
      pushBuildTag(clone, ...tags);
      await Promise.all(tags.map((tag) => whenDeployed(home, tag)));
      return (Date.now() - start) / 1000;
    };
    const one = await push("v1.2.3+1");
    await (await stackOf(home, "1_2_3_1")).destroy(); // its nodes would slow the others down
    return { one, two: await push("v1.2.3+2", "v1.2.3+3") };
  } finally {
    await down(home, say);
  }
}

/** Renders the figures for people. */
export const renderPair = ({ one, two }: PairFigures): string =>
  `pair       ${two.toFixed(2)} s for two networks at once, ${one.toFixed(2)} s for one: ${(two / one).toFixed(2)} times\n`;
