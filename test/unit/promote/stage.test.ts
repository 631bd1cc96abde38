import { strictEqual } from "node:assert";
import type { Exported } from "../../../infra/base/engine/state";
import { openedAtOf, stageOf } from "../../../infra/promote/stage";

const URN = "urn:pulumi:1_2_3_1::smeshnet::";

/** A state with steps, and with outputs when it is complete. */
function stateWith(steps: readonly string[], { complete = false, deleting = "" } = {}): Exported {
  const step = (name: string) => ({
    urn: `${URN}smeshnet:components:Step$command:local:Command::${name}`,
    type: "command:local:Command",
    outputs: { stdout: name === "history" ? '{"openedAt":"2026-01-01T00:00:00Z"}\n' : "" },
  });
  const root = {
    urn: `${URN}pulumi:pulumi:Stack::smeshnet-1_2_3_1`,
    type: "pulumi:pulumi:Stack",
    outputs: complete ? { genesisId: "9eeb" } : {},
  };
  return {
    deployment: {
      resources: [root, ...steps.map(step)],
      pending_operations: deleting ? [{ type: "deleting", resource: step(deleting) }] : [],
    },
  };
}

const ALL = ["devnext", "history", "network", "smoke", "guard"];

describe("stageOf", () => {
  it("calls a build without a stack, or without its first step, not deployed", () => {
    strictEqual(stageOf(undefined), "not deployed");
    strictEqual(stageOf(stateWith([])), "not deployed");
  });

  it("tells a network that did not pass its smoke test from one that stopped elsewhere", () => {
    strictEqual(stageOf(stateWith(["devnext", "history", "network"])), "smoke test not passed");
    strictEqual(stageOf(stateWith(["devnext"])), "incomplete");
    strictEqual(stageOf(stateWith(["devnext", "history", "network", "smoke"])), "incomplete");
  });

  it("calls a network complete that has its outputs and its guard", () => {
    strictEqual(stageOf(stateWith(ALL, { complete: true })), "complete");
  });

  it("calls a network being retired once its guard is gone or about to go", () => {
    strictEqual(stageOf(stateWith(ALL.slice(0, -1), { complete: true })), "being retired");
    strictEqual(stageOf(stateWith(ALL, { complete: true, deleting: "guard" })), "being retired");
  });
});

describe("openedAtOf", () => {
  it("reads when the deployment began from the history step, if there is one", () => {
    strictEqual(openedAtOf(stateWith(ALL)), "2026-01-01T00:00:00Z");
    strictEqual(openedAtOf(stateWith(["devnext"])), undefined);
  });
});
