import { deepStrictEqual, match, strictEqual } from "node:assert";
import { readFileSync, watch } from "node:fs";
import { places } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { recordedProcesses } from "../../sandbox/kubernetes/process-records";
import { Running } from "../support/kills";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";
/** How often go-spacecraft looks at what is not ready, in milliseconds. */
const TICK = "100";

describe("an interruption", function () {
  this.timeout(240_000);
  const sandbox = new TestSandbox({ SANDBOX_SPACECRAFT_TICK_MS: TICK });

  before(() => {
    process.env.SANDBOX_SPACECRAFT_TICK_MS = TICK; // for the deployment that the push starts
    return sandbox.start();
  });
  after(() => {
    delete process.env.SANDBOX_SPACECRAFT_TICK_MS;
    return sandbox.close();
  });

  it("ends a deployment during go-spacecraft, keeps what is done, and the same command finishes it", async () => {
    sandbox.push(TAG);
    await logged("finished miner-1 deployment");
    const job = recordedProcesses(places(sandbox.home).jobs).get(TAG);
    process.kill(job?.pid as number, "SIGTERM");
    const { exitCode, log } = await sandbox.deployed(TAG);
    strictEqual(exitCode, 130);
    match(readFileSync(log, "utf8"), /\ninterrupted: what was done is kept; run the same command again to continue\n$/);

    const again = await sandbox.run("node", ["scripts/smeshnet.cjs", "deploy", TAG]);
    strictEqual(again.exitCode, 0, again.stderr);
    match(again.stderr, /replace: v1-2-3-1 is ours and half-made/);
    strictEqual(listClusters(sandbox.home).length, 1);
    strictEqual((await sandbox.run("node", ["scripts/smeshnet.cjs", "status", TAG])).exitCode, 0);
  });

  it("ends a retirement on Ctrl+C, keeps what is done and leaves no lock", async () => {
    const run = new Running(["retire", TAG], sandbox.env);
    await run.says(/log-archive \| .*archiving/);
    run.interrupt();
    strictEqual(await run.ended(), 130, run.lines.join("\n"));
    strictEqual(run.lines.at(-1), "interrupted: what was done is kept; run the same command again to continue");

    const recovered = await sandbox.run("node", ["scripts/smeshnet.cjs", "recover", TAG]);
    strictEqual(recovered.stderr, "1_2_3_1: nothing to clean up\n");
    const again = new Running(["retire", TAG], sandbox.env);
    strictEqual(await again.ended(), 0, again.lines.join("\n"));
    deepStrictEqual(listClusters(sandbox.home), []);
  });

  /** Resolves when the deployment's log holds a text. */
  function logged(text: string): Promise<void> {
    const folder = places(sandbox.home).logs;
    return new Promise((resolve) => {
      const look = () => {
        if (!readFileSync(`${folder}/ci-${TAG}.log`, "utf8").includes(text)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(folder, look);
      look();
    });
  }
});
