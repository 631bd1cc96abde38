import type { DeploymentFailure } from "../../infra/base/model/deployment-failure";

/** A deployment that failed at its smoke test, as its run stores it. */
export const failure = (changes: Partial<DeploymentFailure> = {}): DeploymentFailure => ({
  schema: 1,
  tag: "v1.2.3+1",
  commit: "c".repeat(40),
  cause: {
    step: "smoke",
    code: "SmokeTestFailed",
    saw: "The smoke test of v1.2.3+1 did not pass: reachable failed: miner-3 does not answer.",
    fix: "Fix what the checks saw, in a new commit.",
  },
  others: [],
  log: { run: "https://github.com/spacemeshos/go-spacemesh/actions/runs/7", events: "events.log" },
  at: "2026-11-25T07:40:00.000Z",
  mend: "next build",
  again: "smeshnet deploy v1.2.3+1",
  next: { tag: "v1.2.3+2", command: "smeshnet tag build --reason TEXT" },
  ...changes,
});

/** One that a person mends, and the same command continues. */
export const mendable = (changes: Partial<DeploymentFailure> = {}): DeploymentFailure =>
  failure({
    cause: {
      step: "network",
      code: "NetworkIncomplete",
      saw: "The network is not complete: there is no cluster (quota).",
      fix: "Run the command again; it removes what is half-made.",
    },
    mend: "same command",
    ...changes,
  });
