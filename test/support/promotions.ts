import type { Promotion, Target } from "../../infra/base/model/promotion";

/** The target of a promotion of testnet to a release: the release's first build, unless changed. */
export function target(release: string, changes: Partial<Target> = {}): Target {
  return {
    channel: "testnet",
    kind: "promotion",
    release,
    tag: `${release}+1`,
    commit: Buffer.from(release).toString("hex").padEnd(40, "0"),
    reason: "there is no simmer yet",
    changes: "- faster",
    ...changes,
  };
}

/** The same as it is recorded. */
export const promotion = (generation: number, release: string, changes: Partial<Target> = {}): Promotion => ({
  schema: 1,
  ...target(release, changes),
  generation,
});
