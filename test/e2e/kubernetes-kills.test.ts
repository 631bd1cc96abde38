import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../sandbox/home";
import { type Faults, writeFaults } from "../../sandbox/kubernetes/faults";
import { sharedNetworkFolder } from "../../sandbox/kubernetes/shared";
import { Running } from "../support/kills";
import { KubernetesNetwork, type Stored } from "../support/kubernetes-network";
import { TestSandbox } from "../support/sandbox";
import { SecretSearch } from "../support/secrets";

const TAG = "v1.2.3+1";

/** The fewest nodes of which three smesh, and the shortest epochs in which a proof of space still fits. */
const SMALL = {
  SMESHNET_MINERS: "4",
  SMESHNET_LAYER_DURATION: "1",
  SMESHNET_POET_PHASE_SHIFT: "3", // short, so that it has passed by the second run after a kill
  SMESHNET_POET_CYCLE_GAP: "5",
  SMESHNET_GENESIS_DELAY: "1",
};

/** The line of progress, who is killed then, and what the network suffers meanwhile. */
type Boundary = readonly [line: RegExp, victim: string, faults?: Faults];

/** The first line of a run; the test then waits for the victim. */
const START = /^v1\.2\.3\+1 is commit/;

/** Genesis is at once: what a killed run leaves can take part in no round of the poets any more, and is replaced. */
const TOO_LATE: readonly Boundary[] = [
  [/history done/, "engine"],
  [/network \| create: there is no namespace/, "step network"],
  [/network \| genesis is at/, "engine"],
  [START, "language host"],
];

/** Genesis is in a minute: the runs that follow complete what the ones before have made. */
const IN_TIME: readonly Boundary[] = [
  [/network \| replace: .* half-made/, "step network"],
  [/network \| genesis is at/, "itself"],
  [/network \| complete: .* half-made/, "step network", { deadPoet: ["poet-1"] }],
  [/network \| waiting for the poets/, "engine", { deadPoet: ["poet-1"] }],
  [/network \| waiting for the network .* to be complete/, "command plugin", { deaf: ["miner-2"] }],
  // Nodes may have met before anybody looks.
  [/network \| waiting for all nodes .* to meet|network done/, "engine"],
  [START, "step smoke"],
  [/^explorer(-\w+)?: creating/, "Kubernetes plugin"],
  [/^gateway: creating/, "program"],
  [/^dns: creating/, "Cloudflare plugin"],
  [START, "step discovery"],
  [/^page: creating/, "engine"],
  [/^devnet: creating/, "step branch"],
];

const DOWN: readonly Boundary[] = [
  [/log-archive \| .*archiving/, "engine"],
  [/network \| remove: v1-2-3-1 is ours/, "step network"],
  [/^network: removing/, "engine"],
  [/^history: removing/, "step history"],
];

describe("a network of the driver kubernetes, killed at boundary after boundary", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox(SMALL, { driver: "kubernetes" });
  const network = new KubernetesNetwork(sandbox, "v1-2-3-1");
  const search = new SecretSearch();
  const runs: Running[] = [];
  const seen: Stored[] = [];
  let secrets: Record<string, string> = {};

  before(async () => {
    await sandbox.start();
    sandbox.pushQuietly(TAG);
    // Slow enough that a change at Cloudflare can be killed in the middle.
    writeFileSync(join(places(sandbox.home).cloudflare, "faults.json"), JSON.stringify({ slow: 300 }));
  });
  after(async () => {
    search.stop();
    await sandbox.close();
  });

  const start = (command: string, env: NodeJS.ProcessEnv = {}) => {
    const run = new Running([command, TAG], { ...sandbox.env, ...env });
    runs.push(run);
    return run;
  };

  /** Sets the faults of a network that exists; one that does not has none. */
  const suffer = async (faults: Faults = {}) => {
    const folder = sharedNetworkFolder(sandbox.home, network.namespace);
    if (existsSync(folder)) await writeFaults(folder, faults);
  };

  /** Notes what is stored, which must be what was stored before in the same namespace. */
  const look = async () => {
    const now = await network.stored();
    if (!now) return;
    for (const before of seen.filter(({ uid }) => uid === now.uid)) deepStrictEqual({ ...now, ...before }, now);
    for (const before of seen.filter(({ uid }) => uid !== now.uid && now.keys)) ok(before.keys !== now.keys);
    seen.push(now);
  };

  const walk = (command: string, env: NodeJS.ProcessEnv, boundaries: readonly Boundary[]) => {
    for (const [line, victim, faults] of boundaries) {
      it(`${command}: kill -9 of ${victim} at ${line.source}`, async () => {
        await suffer(faults);
        const run = start(command, env);
        await run.says(line);
        await run.kill(victim);
        const exitCode = await run.ended();
        await look();
        if (victim === "itself") strictEqual(exitCode, null);
        else {
          strictEqual(exitCode, 1, run.lines.join("\n"));
          const error = run.lines.find((one) => one.startsWith("error[Engine")) ?? run.lines.join("\n");
          match(error, /^error\[Engine(Failed|Killed)\]: .* Run the command again to continue\.$/);
        }
      });
    }
  };

  walk("deploy", { SMESHNET_GENESIS_DELAY: "0" }, TOO_LATE);
  walk("deploy", {}, IN_TIME);

  it("the same command then finishes the deployment", async () => {
    await suffer();
    const run = start("deploy");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.at(-1) ?? "", /^v1\.2\.3\+1: deployed, /);
    secrets = await network.secrets();
    strictEqual(Object.keys(secrets).length, 10); // two of each node, one of the poet, one of the tap
  });

  it("there is one namespace with each object once, and nothing in it was ever changed", async () => {
    deepStrictEqual(await KubernetesNetwork.all(sandbox), [network.namespace]);
    deepStrictEqual(await network.objects(), OBJECTS);
    const own = (await network.deployments()).filter(({ metadata }) => /^(miner|poet|boot)/.test(metadata?.name ?? ""));
    deepStrictEqual(
      own.map(({ metadata }) => metadata?.generation),
      [1, 1, 1, 1, 1, 1],
    );
  });

  it("keys and config are those first stored in this namespace, and an older one was replaced", async () => {
    await look();
    const last = seen.at(-1);
    const whole = seen.filter(({ uid }) => uid === last?.uid);
    ok(last?.keys && last.config && whole.length > 5, JSON.stringify(seen));
    ok(new Set(seen.map(({ uid }) => uid)).size > 1, JSON.stringify(seen));
  });

  it("the network answers, and there is nothing to change and nothing to clean up", async () => {
    strictEqual((await sandbox.smeshnet("status", TAG)).exitCode, 0);
    deepStrictEqual(await sandbox.listed(), [TAG]);
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "1_2_3_1"]));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    const { exitCode, stderr } = await sandbox.smeshnet("recover", TAG);
    deepStrictEqual([exitCode, stderr], [0, "1_2_3_1: nothing to clean up\n"]);
  });

  walk("retire", {}, DOWN);

  it("the same command then finishes the retirement", async () => {
    const run = start("retire");
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    match(run.lines.join("\n"), /^v1\.2\.3\+1: retired, /m);
  });

  it("the namespace is gone, the history is closed, and one archive reads back", async () => {
    deepStrictEqual(await KubernetesNetwork.all(sandbox), []);
    strictEqual(existsSync(sharedNetworkFolder(sandbox.home, network.namespace)), false);
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    deepStrictEqual(
      (JSON.parse(body) as { tag: string }[]).map(({ tag }) => tag),
      [TAG],
    );
    deepStrictEqual(await sandbox.listed(), []);
    const archives = JSON.parse(await sandbox.must("node", ["scripts/smeshnet.cjs", "archive", "list", TAG, "--json"]));
    strictEqual(archives.length, 1);
    await sandbox.must("node", ["scripts/smeshnet.cjs", "archive", "verify", TAG]);
  });

  it("no secret is in state, records, archive, command lines or the output of the runs", () => {
    const { token, recordKey } = sandbox.world;
    const { state, archive, kubeconfig } = places(sandbox.home);
    for (const folder of [state, archive]) ok(search.takeFolder(folder) > 3, folder);
    search.texts.set("the runs", runs.flatMap(({ lines }) => lines).join("\n"));
    const clientKey = /client-key-data: "?([^"\s]+)/.exec(readFileSync(kubeconfig, "utf8"))?.[1] ?? "";
    ok(recordKey && clientKey.length > 100);
    const all = {
      ...secrets,
      "Cloudflare's token": token,
      "the key of records": recordKey,
      "the client key": clientKey,
    };
    deepStrictEqual(search.found(all), []);
  });

  it("no process of the killed runs or of the network is left", () => {
    const ofRuns = /scripts\/|pulumi|resource-|chain\/today|poet/;
    deepStrictEqual(
      sandbox.processes().filter((line) => ofRuns.test(line)),
      [],
    );
  });
});

/** What a network is made of, with what stands around it. The cluster makes `kube-root-ca.crt` itself. */
const OBJECTS = [
  ...["gateway-#", "gateway-list", "info-page", "kube-root-ca.crt", "network"].map((name) => `configmap/${name}`),
  ...["bootstrap", "dash-frontend", "explorer-frontend", "gateway", "miner-1", "miner-2", "miner-3", "miner-4"].map(
    (name) => `deployment.apps/${name}`,
  ),
  ...["poet-1", "tap"].map((name) => `deployment.apps/${name}`),
  ...["alertmanager", "bootstrap", "default-deny", "gateway", "inside", "metrics", "nodes", "poets", "prometheus"].map(
    (name) => `networkpolicy.networking.k8s.io/${name}`,
  ),
  ...["miner-1", "miner-2", "miner-3", "miner-4", "poet-1", "tap-journal"].map(
    (name) => `persistentvolumeclaim/${name}`,
  ),
  ...["gateway", "nodes", "poets"].map((name) => `poddisruptionbudget.policy/${name}`),
  ...["network-keys", "tap-key"].map((name) => `secret/${name}`),
  ...["bootstrap", "dash-frontend", "explorer-api", "explorer-frontend", "gateway"].map((name) => `service/${name}`),
  ...["miner-1", "miner-2", "miner-3", "miner-4", "node-api", "poet-1", "tap"].map((name) => `service/${name}`),
];
