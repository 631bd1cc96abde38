import { strictEqual } from "node:assert";
import type { Exported, StateResource } from "../../../infra/base/engine/state";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { shortcomingOf } from "../../../infra/promote/readiness";

const PREFIX = "urn:pulumi:1_2_3_1::smeshnet::";
const ALL = ["devnext", "network", "log-archive", "poet-1", "smoke", "gateway-alive", "devnet", "guard"];

const stack = (outputs: Record<string, unknown>): StateResource => ({
  urn: `${PREFIX}pulumi:pulumi:Stack::smeshnet-1_2_3_1`,
  type: "pulumi:pulumi:Stack",
  outputs,
});
const step = (name: string): StateResource => ({
  urn: `${PREFIX}smeshnet:components:Step$command:local:Command::${name}`,
  type: "command:local:Command",
});

/** A stack's state with some of its steps, and what was under way when its engine was killed. */
const state = (
  steps: readonly string[],
  outputs: Record<string, unknown> = {},
  pending: readonly string[] = [],
): Exported => ({
  deployment: {
    resources: [stack(outputs), ...steps.map(step)],
    pending_operations: pending.map((name) => ({ type: "deleting", resource: step(name) })),
  },
});

const upTo = (last: string): string[] => ALL.slice(0, ALL.indexOf(last) + 1);
const without = (...gone: string[]): string[] => ALL.filter((name) => !gone.includes(name));
const COMPLETE = { genesisId: "9eeb" };

describe("why a build cannot be promoted", () => {
  const cases: [what: string, state: Exported | undefined, why: string | undefined][] = [
    ["has no stack", undefined, "v1.2.3+1 is not deployed"],
    ["has an empty stack", { deployment: {} }, "v1.2.3+1 is not deployed"],
    ["has a stack without steps", state([]), "v1.2.3+1 is not deployed"],
    ["is retired, but for its stack's name", state([], {}), "v1.2.3+1 is not deployed"],
    [
      "has begun",
      state(upTo("devnext")),
      "v1.2.3+1 is not complete (stack 1_2_3_1): node --import tsx scripts/deploy.ts v1.2.3+1 goes on with it",
    ],
    ["has failed its smoke test", state(upTo("poet-1")), "v1.2.3+1 has not passed its smoke test"],
    [
      "has passed, but is half made",
      state(upTo("gateway-alive")),
      "v1.2.3+1 is not complete (stack 1_2_3_1): node --import tsx scripts/deploy.ts v1.2.3+1 goes on with it",
    ],
    ["is complete", state(ALL, COMPLETE), undefined],
    ["is being retired: its guard is asking", state(ALL, COMPLETE, ["guard"]), "v1.2.3+1 is being retired"],
    ["is being retired: its guard is gone", state(without("guard"), COMPLETE), "v1.2.3+1 is being retired"],
    ["is being retired: its smoke test is gone too", state(upTo("network"), COMPLETE), "v1.2.3+1 is being retired"],
    ["is complete while something else is under way", state(ALL, COMPLETE, ["devnet"]), undefined],
  ];
  for (const [what, exported, why] of cases) {
    it(`${why ?? "nothing"}, when it ${what}`, () => {
      strictEqual(shortcomingOf(parseBuildTag("v1.2.3+1"), exported), why);
    });
  }
});
