import { deepStrictEqual, match, strictEqual } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { Running } from "../support/kills";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";

/** A network that is made in seconds, since it is made many times. */
const SMALL = { SMESHNET_MINERS: "4", SMESHNET_BOOTNODES: "2", SANDBOX_SPACECRAFT_TICK_MS: "100" };

/** The line of progress, and who is killed then. Each run continues where the one before was killed: the cycle's order. */
type Boundary = readonly [line: RegExp, victim: string];

/** The first line of a run; the test then waits for the victim. */
const START = /^v1\.2\.3\+1 is commit/;

const UP: readonly Boundary[] = [
  [START, "itself"],
  [/^devnext: creating/, "engine"],
  [START, "step branch"],
  [/^network: creating/, "itself"],
  [/network \| creating k8s cluster/, "step network"],
  [/network \| created k8s cluster/, "engine"],
  [/network \| k8s cluster is ready/, "go-spacecraft"],
  [/network \| finished miner-1 deployment/, "command plugin"],
  [/network \| finished miner-2 deployment/, "itself"],
  [/network \| finished miner-3 deployment/, "program"], // the engine lets the step that runs end
  [START, "step archive"],
  [START, "step poet"],
  [/^poet-1: creating/, "engine"],
  [START, "step smoke"],
  [/^smoke: creating/, "command plugin"],
  [/^node-api: creating/, "language host"],
  // The kill before may come after the component itself was created, and then only its parts are announced.
  [/^explorer(-\w+)?: creating/, "Kubernetes plugin"],
  [/Deployment explorer-mongo done/, "engine"],
  [/^gateway: creating/, "program"],
  [START, "step gateway"],
  [/^dns: creating/, "Cloudflare plugin"],
  [/^dns: creating/, "engine"],
  [/^dns: creating/, "itself"],
  [START, "step discovery"],
  [/^page: creating/, "engine"],
  [START, "step page"],
  [START, "step branch"],
  [/^devnet: creating/, "engine"],
];

const DOWN: readonly Boundary[] = [
  [/^guard: removing/, "step guard"],
  [/^guard: removing/, "engine"],
  [/^page: removing/, "itself"],
  [/^dns: removing|^discovery: removing/, "Cloudflare plugin"],
  [/^dns: removing|^discovery: removing/, "engine"],
  [/^log-archive: removing/, "step archive"],
  [/log-archive \| .*archiving/, "engine"],
  [/log-archive \| .*archiving/, "itself"],
  [/network \| remove:/, "go-spacecraft"],
  [/network \| remove:/, "step network"],
  [/^network: removing/, "engine"],
  [/^history: removing/, "engine"],
];

describe("a deployment and a retirement, killed at boundary after boundary", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox(SMALL);

  before(async () => {
    await sandbox.start();
    sandbox.pushQuietly(TAG);
    // Slow enough that a change at Cloudflare can be killed in the middle.
    writeFileSync(join(places(sandbox.home).cloudflare, "faults.json"), JSON.stringify({ slow: 300 }));
  });
  after(() => sandbox.close());

  const start = (command: string) => new Running([command, TAG], sandbox.env);

  const walk = (command: string, boundaries: readonly Boundary[]) => {
    boundaries.forEach(([line, victim], i) => {
      it(`${command} ${i + 1}: kill -9 of ${victim} at ${line.source}`, async () => {
        const run = start(command);
        await run.says(line);
        await run.kill(victim);
        const exitCode = await run.ended();
        if (victim === "itself") strictEqual(exitCode, null);
        else {
          strictEqual(exitCode, 1, run.lines.join("\n"));
          // After it, a deployment says which step failed and what comes next.
          const error = run.lines.find((line) => line.startsWith("error[Engine")) ?? "";
          match(
            error,
            /^error\[Engine(Failed|Killed)\]: The (engine was ended|update|removal) .* Run the command again to continue\.$/,
          );
        }
      });
    });
  };

  walk("deploy", UP);

  it("the same command then finishes the deployment, and says what it cleaned up", async () => {
    const run = start("deploy");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.join("\n"), /1_2_3_1: cleared the lock: /);
    match(run.lines.at(-1) ?? "", /^v1\.2\.3\+1: deployed, /);
  });

  it("there is one cluster, one set of records and one list entry, and the network answers", async () => {
    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      ["v1-2-3-1"],
    );
    const records = (await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`)).sort();
    deepStrictEqual(records, [...new Set(records)]);
    strictEqual((await sandbox.run("node", ["scripts/smeshnet.cjs", "status", TAG])).exitCode, 0);
    strictEqual((await sandbox.listed()).length, 1);
  });

  it("there is nothing to change and nothing to clean up", async () => {
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "1_2_3_1"]));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    const { exitCode, stderr } = await sandbox.run("node", ["scripts/smeshnet.cjs", "recover", TAG]);
    deepStrictEqual([exitCode, stderr], [0, "1_2_3_1: nothing to clean up\n"]);
  });

  walk("retire", DOWN);

  it("the same command then finishes the retirement", async () => {
    const run = start("retire");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.at(-1) ?? "", /^v1\.2\.3\+1: retired, /);
  });

  it("the job of the retired build runs again and is refused", async () => {
    const run = start("deploy");
    strictEqual(await run.ended(), 1);
    match(
      run.lines.at(-1) ?? "",
      /^error\[BuildRetired\]: v1\.2\.3\+1 was deployed before, and retired at 20.*--again`/,
    );
  });

  it("no cluster, record or list entry is left, and one archive reads back", async () => {
    deepStrictEqual(listClusters(sandbox.home), []);
    const records = await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`);
    deepStrictEqual(
      records.filter((name) => /1[_-]2[_-]3[_-]1/.test(name)),
      [],
    );
    deepStrictEqual(await sandbox.listed(), []);
    const archives = JSON.parse(await sandbox.must("node", ["scripts/smeshnet.cjs", "archive", "list", TAG, "--json"]));
    strictEqual(archives.length, 1, archives.join(", "));
    await sandbox.must("node", ["scripts/smeshnet.cjs", "archive", "verify", TAG]);
  });

  it("no process of the killed runs is left", () => {
    const ofRuns = /scripts\/|pulumi|resource-|spacecraft\/main/;
    deepStrictEqual(
      sandbox.processes().filter((line) => ofRuns.test(line)),
      [],
    );
  });
});
