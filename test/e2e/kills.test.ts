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

/** At which line of progress who is killed. Each run goes on from where the one before was killed, so the order is that of the cycle. */
type Boundary = readonly [line: RegExp, victim: string];

/** The first line of a run: the victim is waited for. */
const START = /^v1\.2\.3\+1 is commit/;

const UP: readonly Boundary[] = [
  [START, "itself"],
  [/^devnext: making/, "engine"],
  [START, "verb branch"],
  [/^network: making/, "itself"],
  [/network \| creating k8s cluster/, "verb network"],
  [/network \| created k8s cluster/, "engine"],
  [/network \| k8s cluster is ready/, "go-spacecraft"],
  [/network \| finished miner-1 deployment/, "command plugin"],
  [/network \| finished miner-2 deployment/, "itself"],
  [/network \| finished miner-3 deployment/, "program"], // the engine lets the step that runs end
  [START, "verb archive"],
  [START, "verb poet"],
  [/^poet-1: making/, "engine"],
  [START, "verb smoke"],
  [/^smoke: making/, "command plugin"],
  [/^node-api: making/, "language host"],
  [/^explorer: making/, "Kubernetes plugin"],
  [/Deployment explorer-mongo done/, "engine"],
  [/^gateway: making/, "program"],
  [START, "verb gateway"],
  [/^dns: making/, "Cloudflare plugin"],
  [/^dns: making/, "engine"],
  [/^dns: making/, "itself"],
  [START, "verb discovery"],
  [/^page: making/, "engine"],
  [START, "verb page"],
  [START, "verb branch"],
  [/^devnet: making/, "engine"],
];

const DOWN: readonly Boundary[] = [
  [/^guard: removing/, "verb guard"],
  [/^guard: removing/, "engine"],
  [/^page: removing/, "itself"],
  [/^dns: removing|^discovery: removing/, "Cloudflare plugin"],
  [/^dns: removing|^discovery: removing/, "engine"],
  [/^log-archive: removing/, "verb archive"],
  [/log-archive \| archiving/, "engine"],
  [/log-archive \| archiving/, "itself"],
  [/network \| remove:/, "go-spacecraft"],
  [/network \| remove:/, "verb network"],
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

  const start = (verb: string) => new Running([`scripts/${verb}.ts`, TAG], sandbox.env);

  const walk = (verb: string, boundaries: readonly Boundary[]) => {
    boundaries.forEach(([line, victim], i) => {
      it(`${verb} ${i + 1}: kill -9 of ${victim} at ${line.source}`, async () => {
        const run = start(verb);
        await run.says(line);
        await run.kill(victim);
        const exitCode = await run.ended();
        if (victim === "itself") strictEqual(exitCode, null);
        else {
          strictEqual(exitCode, 1, run.lines.join("\n"));
          match(run.lines.at(-1) ?? "", /^error: v1\.2\.3\+1 is not (up|retired): .*(run this again to go on)/);
        }
      });
    });
  };

  walk("deploy", UP);

  it("the same command alone then finishes the deployment, and says what it put in order", async () => {
    const run = start("deploy");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.join("\n"), /1_2_3_1: lock taken away: its engine was killed/);
    match(run.lines.at(-1) ?? "", /^v1\.2\.3\+1 is up after/);
  });

  it("there is one cluster, one set of records, one list entry, and all of it answers", async () => {
    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      ["v1-2-3-1"],
    );
    const records = (await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`)).sort();
    deepStrictEqual(records, [...new Set(records)]);
    strictEqual((await sandbox.run("node", ["-r", "./infra/preload.cjs", "scripts/status.ts", TAG])).exitCode, 0);
    strictEqual((await sandbox.listed()).length, 1);
  });

  it("there is nothing left to change or to recover", async () => {
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "1_2_3_1"]));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    const { exitCode, stderr } = await sandbox.run("node", ["-r", "./infra/preload.cjs", "scripts/recover.ts", TAG]);
    deepStrictEqual([exitCode, stderr], [0, "1_2_3_1 is in order: there was nothing to do\n"]);
  });

  walk("retire", DOWN);

  it("the same command alone then finishes the retirement", async () => {
    const run = start("retire");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.at(-1) ?? "", /^v1\.2\.3\+1 is retired after/);
  });

  it("there is no cluster, record or list entry left, and one archive that reads back", async () => {
    deepStrictEqual(listClusters(sandbox.home), []);
    const records = await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`);
    deepStrictEqual(
      records.filter((name) => /1[_-]2[_-]3[_-]1/.test(name)),
      [],
    );
    deepStrictEqual(await sandbox.listed(), []);
    const archives = JSON.parse(
      await sandbox.must("node", ["-r", "./infra/preload.cjs", "scripts/archive.ts", "list", TAG]),
    );
    strictEqual(archives.length, 1, archives.join(", "));
    await sandbox.must("node", ["-r", "./infra/preload.cjs", "scripts/archive.ts", "verify", TAG]);
  });

  it("no process of the killed runs is left", () => {
    const ofRuns = /scripts\/|pulumi|resource-|spacecraft\/main/;
    deepStrictEqual(
      sandbox.processes().filter((line) => ofRuns.test(line)),
      [],
    );
  });
});
