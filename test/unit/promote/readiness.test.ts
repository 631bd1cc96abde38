import { match, strictEqual } from "node:assert";
import type { Exported, StateResource } from "../../../infra/base/engine/state";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { requireAnswering, shortcomingAsRelease, shortcomingOf } from "../../../infra/promote/readiness";
import { refusesLater } from "../../support/errors";
import { publicCalls } from "../../support/public-calls";
import { settingsWith } from "../../support/settings";

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

/** The state of a stack with some of its steps, and the deletions that a killed engine did not finish. */
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

describe("shortcomingOf", () => {
  const cases: [what: string, state: Exported | undefined, why: RegExp | undefined][] = [
    ["a build without a stack", undefined, /^v1\.2\.3\+1 is not deployed$/],
    ["a build with an empty stack", { deployment: {} }, /not deployed$/],
    ["a build with a stack without steps", state([]), /not deployed$/],
    ["a retired build whose stack's name is left", state([], {}), /not deployed$/],
    ["a build whose deployment began", state(upTo("devnext")), /^v1\.2\.3\+1 is not complete \(stack 1_2_3_1\)$/],
    ["a build that did not pass its smoke test", state(upTo("poet-1")), /^v1\.2\.3\+1 did not pass its smoke test$/],
    ["a build that passed, but is incomplete", state(upTo("gateway-alive")), /is not complete/],
    ["a build whose guard is being removed", state(ALL, COMPLETE, ["guard"]), /^v1\.2\.3\+1 is being retired$/],
    ["a build whose guard is gone", state(without("guard"), COMPLETE), /being retired$/],
    ["a build whose smoke test is gone too", state(upTo("network"), COMPLETE), /being retired$/],
    ["a complete build", state(ALL, COMPLETE), undefined],
    ["a complete build while another step is being removed", state(ALL, COMPLETE, ["devnet"]), undefined],
  ];
  for (const [what, exported, why] of cases) {
    it(`${why ? "refuses" : "accepts"} ${what}`, () => {
      const shortcoming = shortcomingOf(parseBuildTag("v1.2.3+1"), exported);
      if (why === undefined) return strictEqual(shortcoming, undefined);
      match(shortcoming?.what ?? "", why);
      match(shortcoming?.fix ?? "", /\.$/);
    });
  }

  it("names the command that completes a build", () => {
    for (const exported of [undefined, state(upTo("devnext"))])
      match(shortcomingOf(parseBuildTag("v1.2.3+1"), exported)?.fix ?? "", /`smeshnet deploy v1\.2\.3\+1`/);
  });
});

describe("shortcomingAsRelease", () => {
  const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
  const tag = parseBuildTag("v1.2.3+1");
  const why = (exported: Exported | undefined) =>
    shortcomingAsRelease(tag, exported, { release: "v1.2.3", commit: A })?.what;

  /** A complete state whose first step printed a commit. */
  const decidedOn = (commit: string, outputs: Record<string, unknown> = COMPLETE): Exported => ({
    deployment: {
      resources: [
        stack(outputs),
        { ...step("devnext"), outputs: { stdout: JSON.stringify({ branch: "devnext", commit }) } },
        ...without("devnext").map(step),
      ],
    },
  });

  it("accepts a complete build that runs the release's commit", () => {
    strictEqual(why(decidedOn(A)), undefined);
    strictEqual(why(state(ALL, { ...COMPLETE, commit: A })), undefined);
  });

  it("refuses a complete build that runs another commit, and names both", () => {
    const line = "v1.2.3+1 runs bbbbbbbbbbbb, not aaaaaaaaaaaa, the commit of v1.2.3";
    for (const exported of [
      decidedOn(B),
      decidedOn(B, { ...COMPLETE, commit: A }),
      state(ALL, { ...COMPLETE, commit: B }),
    ])
      strictEqual(why(exported), line);
  });

  it("refuses a build that does not tell its commit", () => {
    strictEqual(why(state(ALL, COMPLETE)), "v1.2.3+1 runs an unknown commit, not aaaaaaaaaaaa, the commit of v1.2.3");
  });

  it("names what is missing before it compares commits", () => {
    match(why(undefined) ?? "", /is not deployed$/);
    match(why(state(upTo("poet-1"))) ?? "", /did not pass its smoke test$/);
  });
});

describe("requireAnswering", () => {
  const settings = settingsWith({ driver: "kubernetes", kubeContext: "shared" });
  const build = parseBuildTag("v1.2.3+1");
  const facts = { layerDuration: 60, layersPerEpoch: 8, driver: "kubernetes" } as const;

  it("refuses a network whose public API answers for another genesis than its config makes", async () => {
    const ready = (genesisId: string) =>
      requireAnswering({ build, deployed: { ...facts, genesisId } }, settings, publicCalls("9eeb"));
    await refusesLater(ready("080e"), "NetworkSilent", { names: ["v1.2.3+1", "gRPC", "9eeb", "080e"] });
    await ready("9eeb");
  });

  it("takes any genesis of a network whose driver computed none", async () => {
    await requireAnswering({ build, deployed: undefined }, settings, publicCalls("9eeb"));
  });
});
