import { deepStrictEqual, strictEqual } from "node:assert";
import { errorText, UserError } from "../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import type { FailedStep } from "../../../infra/base/model/deployment-failure";
import {
  DeploymentFailed,
  deploymentFailure,
  endedDeployment,
  publicFailure,
  runUrl,
} from "../../../infra/deploy/failure";

const FAILED = new UserError(
  "EngineFailed",
  "The update of v1.2.3+1 failed; see the errors above.",
  "Run the command again to continue.",
);
const NOW = Date.parse("2026-11-25T07:40:00Z");
const LOG = { run: "https://github.com/o/r/actions/runs/7", events: "/home/me/events.log" };

const of = (
  all: readonly FailedStep[],
  { begun = [] as string[], error = FAILED, log = LOG as typeof LOG | object } = {},
) => deploymentFailure({ tag: parseBuildTag("v1.2.3+1"), failures: { all, begun }, error, log, now: NOW });

const linesOf = (...args: Parameters<typeof of>) =>
  errorText(new DeploymentFailed(args[1]?.error ?? FAILED, of(...args)));

const SMOKE: FailedStep = {
  step: "smoke",
  code: "SmokeTestFailed",
  saw: "The smoke test of v1.2.3+1 did not pass: peers failed: miner-2 has 0 peers.",
  fix: "Fix the network, then run `smeshnet deploy v1.2.3+1` again.",
};

const AGAIN = [
  "  next  Fix the cause. Then the same command continues:",
  "        $ smeshnet deploy v1.2.3+1",
  "        If v1.2.3+1 itself is at fault, the next build is v1.2.3+2:",
  "        $ smeshnet tag build --reason TEXT",
];

describe("a deployment that failed", () => {
  it("at its smoke test ends with what the test saw, the log, and the next build", () => {
    strictEqual(
      linesOf([SMOKE]),
      `error[EngineFailed]: The update of v1.2.3+1 failed; see the errors above. Fix the cause in the next build, v1.2.3+2.
  step  smoke
  saw   The smoke test of v1.2.3+1 did not pass: peers failed: miner-2 has 0 peers. (SmokeTestFailed)
  fix   Fix what the checks saw, in a new commit.
  log   https://github.com/o/r/actions/runs/7
  log   /home/me/events.log
  next  The same command again does not mend v1.2.3+1. The next build is v1.2.3+2:
        $ smeshnet tag build --reason TEXT`,
    );
  });

  /** Each step of a version stack with an error of its own, as the step says it. */
  const STEPS: readonly FailedStep[] = [
    { step: "devnext", code: "GitFailed", saw: "file:///x cannot be read.", fix: "Check the URL." },
    { step: "network", code: "NetworkIncomplete", saw: "There is no cluster.", fix: "Run the command again." },
    { step: "log-archive", code: "StoreUnwritable", saw: "The store cannot be written.", fix: "Check it." },
    { step: "poet-1", code: "WaitTimedOut", saw: "Timed out after 7 s.", fix: "Run the command again." },
    { step: "node-api", saw: "the Service has no endpoints" },
    { step: "explorer", part: "Deployment explorer-api", saw: "1 error occurred: no image" },
    { step: "dash", part: "Deployment dash", saw: "1 error occurred: no image" },
    { step: "gateway", code: "WaitTimedOut", saw: "Timed out after 7 s.", fix: "Run the command again." },
    { step: "discovery", part: "WorkersKv discovery-entry", saw: "403 Forbidden" },
    { step: "dns", part: "DnsRecord dns-api", saw: "429 Too Many Requests" },
    { step: "page", part: "page-served", code: "WaitTimedOut", saw: "Timed out.", fix: "Run the command again." },
    { step: "devnet", code: "BranchContested", saw: "Branch devnet moved.", fix: "Run the command again." },
  ];
  for (const step of STEPS) {
    it(`at ${step.step} ends with the step, what it saw, and the command that continues`, () => {
      const { code, part, saw, fix } = step;
      deepStrictEqual(linesOf([step], { log: {} }).split("\n").slice(1), [
        `  step  ${step.step}${part ? ` (${part})` : ""}`,
        `  saw   ${saw}${code ? ` (${code})` : ""}`,
        ...(fix ? [`  fix   ${fix}`] : []),
        ...AGAIN,
      ]);
    });
  }

  it("at a tag that moved meanwhile needs another build", () =>
    strictEqual(of([{ step: "devnet", code: "TagMoved", saw: "It moved." }]).mend, "next build"));

  it("names the first step as the cause, and the others after it", () => {
    const [poet, dash] = [STEPS[3], STEPS[6]] as [FailedStep, FailedStep];
    const { cause, others, mend } = of([poet, dash, SMOKE]);
    deepStrictEqual([cause, others, mend], [poet, [dash, SMOKE], "same command"]);
    deepStrictEqual(linesOf([poet, dash], { log: {} }).split("\n").slice(3, 5), [
      "  also  dash (Deployment dash): 1 error occurred: no image",
      "  fix   Run the command again.",
    ]);
  });

  it("with a killed engine names the step that ran, and that the same command continues", () => {
    const error = new UserError("EngineKilled", "The engine was ended by SIGKILL.", "Run the command again.");
    const { cause, mend } = of([], { begun: ["network"], error });
    deepStrictEqual([cause.step, cause.code, mend], ["network", "EngineKilled", "same command"]);
    strictEqual(of([]).cause.step, "engine");
  });

  it("is one that the engine ended, not one that was refused before it began", () => {
    deepStrictEqual(
      [FAILED, new UserError("TagMissing", "No tag.", "Push it."), new Error("a bug")].map(endedDeployment),
      [true, false, false],
    );
  });

  it("tells the commit, the time and the next build to scripts", () => {
    const failure = deploymentFailure({
      tag: parseBuildTag("v1.2.3+9"),
      commit: "c".repeat(40),
      failures: { all: [SMOKE], begun: [] },
      error: FAILED,
      log: {},
      now: NOW,
    });
    const { tag, commit, at, next } = failure;
    deepStrictEqual(
      { tag, commit, at, next: next.tag },
      { tag: "v1.2.3+9", commit: "c".repeat(40), at: "2026-11-25T07:40:00.000Z", next: "v1.2.3+10" },
    );
  });
});

describe("publicFailure", () => {
  it("tells no folder of the machine that deployed, and no address of a node", () => {
    const saw = "10.1.2.3:9092 and http://192.168.0.1/v1 are silent; v1.2.3+1 at 1_2_3_1.net.spacemesh.io, 1.2.3.";
    const { cause, others, log } = publicFailure(
      of([
        { ...SMOKE, saw },
        { step: "dash", saw: "127.0.0.1" },
      ]),
    );
    strictEqual(
      cause.saw,
      "[address] and http://[address]/v1 are silent; v1.2.3+1 at 1_2_3_1.net.spacemesh.io, 1.2.3.",
    );
    deepStrictEqual([others[0]?.saw, log], ["[address]", { run: LOG.run, events: "events.log" }]);
  });
});

describe("runUrl", () => {
  const ACTIONS = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "7" };

  it("is the page of the run at GitHub Actions, and nothing elsewhere", () => {
    strictEqual(runUrl(ACTIONS), LOG.run);
    for (const name of Object.keys(ACTIONS)) strictEqual(runUrl({ ...ACTIONS, [name]: "" }), undefined, name);
  });
});
