import { match, strictEqual } from "node:assert";
import { readFileSync, watch } from "node:fs";
import { places } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { recordedProcesses } from "../../sandbox/kubernetes/process-records";
import { TestSandbox } from "./sandbox";

const TAG = "v1.2.3+1";

describe("a deployment that is interrupted while go-spacecraft makes the network", function () {
  this.timeout(240_000);
  const sandbox = new TestSandbox();

  before(() => sandbox.start());
  after(() => sandbox.close());

  it("ends with a word, keeps what is done, and is finished by the same command", async () => {
    sandbox.push(TAG);
    await logged("finished miner-1 deployment");
    const job = recordedProcesses(places(sandbox.home).jobs).get(TAG);
    process.kill(job?.pid as number, "SIGTERM");
    const { exitCode, log } = await sandbox.deployed(TAG);
    strictEqual(exitCode, 130);
    match(readFileSync(log, "utf8"), /\ninterrupted: what is done is kept, run it again to go on\n$/);

    const again = await sandbox.run("node", ["-r", "./infra/preload.cjs", "scripts/deploy.ts", TAG]);
    strictEqual(again.exitCode, 0, again.stderr);
    match(again.stderr, /replace: v1-2-3-1 is ours and half-made/);
    strictEqual(listClusters(sandbox.home).length, 1);
    strictEqual((await sandbox.run("node", ["-r", "./infra/preload.cjs", "scripts/status.ts", TAG])).exitCode, 0);
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
