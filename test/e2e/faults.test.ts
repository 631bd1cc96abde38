import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { request } from "../../infra/base/clients/dns";
import type { DeploymentFailure } from "../../infra/base/model/deployment-failure";
import type { CloudflareFaults } from "../../sandbox/cloudflare/faults";
import { places } from "../../sandbox/home";
import {
  createCluster,
  deleteCluster,
  describe as describeCluster,
  listClusters,
} from "../../sandbox/kubernetes/cluster";
import { type Faults, writeFaults } from "../../sandbox/kubernetes/faults";
import { Running } from "../support/kills";
import { TestSandbox } from "../support/sandbox";
import { SecretSearch, secretsOf } from "../support/secrets";
import { toolchain } from "../support/toolchain";

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";
const CLUSTER = "v1-2-3-1";
/** DNS records of other people (trial T27). */
const FOREIGN = join(__dirname, "../fixtures/trials/T27/records.json");
const PASSPHRASE = "marked-passphrase-5d1f";

/**
 * A fault of the outside world. The deployment that meets it ends with a line about it, and the next one continues.
 */
interface Fault {
  readonly of: string;
  /** Variables of the deployment that meets it. */
  readonly env?: NodeJS.ProcessEnv;
  /** Brings it about before the deployment, or when the deployment says a line. */
  readonly bring?: () => unknown;
  readonly at?: RegExp;
  /** What the deployment says about it, in a line of its own. */
  readonly says: RegExp;
  /** How the run ends, and what the edge and the commands show after it. */
  readonly ends?: { readonly step: string; readonly mend: DeploymentFailure["mend"] };
  /** Mends it, and looks at what must not have been touched. */
  readonly mend?: () => unknown;
}

/** For a fault that only a time limit ends. The deployments after it have the usual limit: a busy machine is no fault. */
const IMPATIENT = { SMESHNET_READY_TIMEOUT: "7" };

describe("a deployment that meets one fault after another", function () {
  this.timeout(180_000);
  const sandbox = new TestSandbox({
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    SMESHNET_MINERS: "4",
    SMESHNET_BOOTNODES: "2",
    SMESHNET_SMOKE_LAYERS: "4",
    SANDBOX_SPACECRAFT_TICK_MS: "100",
  });
  const search = new SecretSearch();
  let checkout: string;
  let secrets: Record<string, string>;

  before(async () => {
    process.env.PATH = [toolchain().bin, process.env.PATH].join(delimiter); // for the clusters that this test makes
    // The CLI keeps a stack's salt in the checkout, and this passphrase differs from other sandboxes.
    checkout = await sandbox.startApart();
    sandbox.pushQuietly(TAG);
  });
  after(async () => {
    search.stop();
    await sandbox.close();
  });

  const cloudflare = (faults: CloudflareFaults) => () =>
    writeFileSync(join(places(sandbox.home).cloudflare, "faults.json"), JSON.stringify(faults));
  const chain = (faults: Faults) => () => writeFaults(describeCluster(sandbox.home, CLUSTER)?.folder as string, faults);
  const spacecraft = (failure: string, says: RegExp): Fault => ({
    of: `go-spacecraft: ${failure}`,
    env: {
      SANDBOX_SPACECRAFT_FAIL: failure,
      ...(failure.startsWith("hang") ? { SMESHNET_NETWORK_TIMEOUT: "10" } : {}),
    },
    says,
  });
  interface ZoneRecord {
    readonly id: string;
    readonly name: string;
    readonly content: string;
  }
  const foreign = (): ZoneRecord[] =>
    JSON.parse(readFileSync(FOREIGN, "utf8").replaceAll("spacemesh.io", sandbox.world.zone));
  /** A call of Cloudflare about the zone's records. */
  const records = async (method: string, path: string, body?: object): Promise<ZoneRecord[]> => {
    const { CLOUDFLARE_BASE_URL, SMESHNET_ZONE_ID } = sandbox.env;
    const response = await fetch(`${CLOUDFLARE_BASE_URL}/zones/${SMESHNET_ZONE_ID}/dns_records${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.world.token}` },
      body: JSON.stringify(body),
    });
    const { success, result } = (await response.json()) as { success: boolean; result: ZoneRecord[] };
    ok(success, `${method} ${path}`);
    return result;
  };
  const hook = () => join(places(sandbox.home).repository, "hooks/update");

  const FAULTS: readonly Fault[] = [
    {
      of: "remote that cannot be reached",
      env: { SMESHNET_NODE_REPOSITORY: "file:///nowhere/go-spacemesh.git" },
      says: /^error\[GitFailed\]: file:\/\/\/nowhere\/go-spacemesh\.git cannot be read \(.*nowhere/,
    },
    {
      of: "names that are somebody's",
      async bring() {
        for (const record of foreign()) await records("POST", "", record);
      },
      says: /^error\[NamesTaken\]: 4 DNS records .*"smeshnet v1\.2\.3\+11"\); api-v1-2-3-1\S+ A 203\.0\.113\.9 \(nobody's\);/,
      async mend() {
        deepStrictEqual(listClusters(sandbox.home), [], "no cluster was paid for");
        const there = await records("GET", "?per_page=100");
        for (const { name, content } of foreign()) {
          const found = there.find((record) => record.name === name);
          strictEqual(found?.content, content, "nothing was changed");
          // The wildcard stays, and hinders nothing.
          if (!name.startsWith("*")) await records("DELETE", `/${found.id}`);
        }
      },
    },
    {
      of: "store that cannot be written",
      env: { SMESHNET_ARCHIVE: "file:///dev/null/store" },
      says: /^error\[Store(Unreadable|Unwritable)\]: .*The store \/dev\/null\/store cannot be (read|written) \(ENOTDIR/,
    },
    {
      of: "cluster of that name that is somebody else's",
      bring: () => createCluster(sandbox.home, CLUSTER),
      says: /^error\[ClusterNotOurs\]: network: Cluster v1-2-3-1 .*v1\.2\.3\+1\. It was left alone\. Rename or remove/,
      async mend() {
        strictEqual(describeCluster(sandbox.home, CLUSTER)?.status, "RUNNING");
        await deleteCluster(sandbox.home, CLUSTER);
      },
    },
    spacecraft(
      "cluster",
      /The network is not complete: there is no cluster \(go-spacecraft failed: .*Insufficient regional quota/,
    ),
    spacecraft("lie", /The network is not complete: there is no cluster \(go-spacecraft claims success/),
    spacecraft("config", /The network is not complete: .*config\.json: no such file/),
    spacecraft("poet", /The network is not complete: .*0 of 1 poets ready.*exceeded quota/),
    spacecraft("miner", /The network is not complete: \d of 4 miners ready.*TLS handshake timeout/),
    spacecraft(
      "hang:miner",
      /^error\[CommandTimedOut\]: network: `go-spacecraft createNetwork.*` took longer than 10 s/,
    ),
    {
      // The network is whole, although go-spacecraft fails at its last step: the bucket's list is not what the public
      // reads.
      of: "dead poet",
      env: { ...IMPATIENT, SANDBOX_SPACECRAFT_FAIL: "bucket" },
      at: /^ {2}network done/,
      bring: chain({ deadPoet: ["poet-1"] }),
      says: /Timed out after 7 s while waiting for poet-1.* Last seen: /,
      mend: chain({}),
    },
    {
      of: "deaf node",
      bring: chain({ deaf: ["miner-3"] }),
      says: /smoke.* did not pass: .*miner-3/,
      ends: { step: "smoke", mend: "next build" },
      mend: chain({}),
    },
    {
      of: "node of another genesis",
      bring: chain({ otherGenesis: ["miner-2"] }),
      says: /smoke.* did not pass: .*miner-2/,
      mend: chain({}),
    },
    {
      of: "gateway without an address",
      env: IMPATIENT,
      bring: chain({ noAddress: true }),
      says: /Timed out after 7 s .*the address of the gateway\. Last seen: the load balancer has no address yet\./,
      mend: chain({}),
    },
    ...([403, 500] as const).map(
      (status): Fault => ({
        of: `Cloudflare that answers ${status}`,
        at: /^(dns|discovery): creating/,
        bring: cloudflare({ refuse: { status } }),
        says: new RegExp(`^error\\b.*${status}`),
        mend: cloudflare({}),
      }),
    ),
    {
      of: "Cloudflare that keeps answering 429",
      at: /^(dns|discovery): creating/,
      // Longer than Cloudflare's limit lasts, so nobody waits for it.
      bring: cloudflare({ refuse: { status: 429, retryAfter: 600 } }),
      says: /^error\b.*429/,
      mend: cloudflare({}),
    },
    {
      of: "KV that answers late and old",
      env: IMPATIENT,
      bring: cloudflare({ staleKv: true }),
      says: /Timed out after 7 s while waiting for .*(networks\.json|networks\/1_2_3_1)\. Last seen: /,
      mend: cloudflare({}),
    },
    {
      of: "branch that somebody else moves at the same time",
      bring: () => {
        const other = '$(git -c user.name=x -c user.email=x commit-tree -m "$$" HEAD^{tree})';
        const move = `unset GIT_QUARANTINE_PATH; git update-ref refs/heads/devnet ${other}`;
        writeFileSync(hook(), `#!/bin/sh\ntest "$1" != refs/heads/devnet || { ${move}; }\n`, { mode: 0o755 });
      },
      says: /^error\[BranchContested\]: devnet: .*moving branch devnet/,
      mend: () => rmSync(hook()),
    },
  ];

  for (const { of, env = {}, bring, at, says, ends, mend } of FAULTS) {
    it(of, async () => {
      if (!at) await bring?.();
      const run = new Running(["deploy", TAG], { ...sandbox.env, ...env }, checkout);
      if (at) {
        await run.says(at);
        await bring?.();
      }
      const exitCode = await run.ended();
      // Mended first: a fault that stays would fail every test after this one.
      await mend?.();
      search.texts.set(of, run.lines.join("\n"));
      strictEqual(exitCode, 1, run.lines.join("\n"));
      const lines = run.lines.filter((line) => /^error(\[\w+\])?: /.test(line) && says.test(line));
      strictEqual(lines.length >= 1, true, run.lines.join("\n"));
      deepStrictEqual(
        run.lines.filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line)),
        [],
        "a stack trace",
      );
      if (ends) await showsFailure(ends, run.lines);
    });
  }

  it("completes the network once every fault is mended, in one cluster", async () => {
    const events = join(places(sandbox.home).logs, "events.jsonl");
    const run = new Running(["deploy", TAG, "--json", "--events", events], sandbox.env, checkout);
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    search.texts.set("the deployment", run.lines.join("\n"));
    strictEqual((await smeshnet("status", TAG)).exitCode, 0);
    match(run.lines.join("\n"), /its earlier failure is no longer shown/);
    deepStrictEqual(JSON.parse(await atEdge("failures.json")), []);
    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      [CLUSTER],
    );
    secrets = await secretsOf(sandbox, PASSPHRASE);
  });

  it("previews a change without a secret in it", async () => {
    const preview = ["preview", "--stack", STACK, "--diff", "--show-config", "--non-interactive"];
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await sandbox.run(
        "env",
        ["SMESHNET_CHANNELS=other", "pulumi", ...preview, ...more],
        checkout,
      );
      ok(stdout.includes("other"), stderr);
      search.texts.set(`a preview ${more}`, stdout + stderr);
    }
  });

  it("refuses the retirement while Cloudflare refuses, and completes it afterwards", async () => {
    const pages = await publicTexts();
    for (const [url, text] of pages) search.texts.set(url, text);
    cloudflare({ refuse: { status: 403 } })();
    const refused = await smeshnet("retire", TAG);
    search.texts.set("a retirement that Cloudflare refuses", refused.stdout + refused.stderr);
    notStrictEqual(refused.exitCode, 0);
    match(refused.stderr, /403/);
    cloudflare({})();
    const { exitCode, stderr } = await smeshnet("retire", TAG);
    search.texts.set("a retirement", stderr);
    strictEqual(exitCode, 0, stderr);
    deepStrictEqual(
      (await records("GET", "?per_page=100")).filter(({ name }) => name.startsWith("*")).length,
      1,
      "somebody's record is still there",
    );
  });

  it("leaves no secret in state, logs, previews, errors, command lines, archive or pages", () => {
    const { state, pulumiHome, logs, archive } = places(sandbox.home);
    for (const folder of [state, logs, join(pulumiHome, "workspaces"), join(checkout, "stacks")])
      search.takeFolder(folder);
    ok(search.takeFolder(archive) > 10, "there is an archive to look into");
    ok(
      [...search.argv].some((line) => line.includes("spacecraft/main.ts")),
      "children were seen",
    );
    deepStrictEqual(search.found(secrets), []);
    // It would find one: the token is in this environment.
    search.texts.set("the environment", JSON.stringify(sandbox.env));
    strictEqual(search.found(secrets).length >= 3, true);
  });

  const smeshnet = (...args: string[]) => sandbox.run("node", ["scripts/smeshnet.cjs", ...args], checkout);

  /** The end of a run, the network's page, `status` and `list` tell the same failure and what comes next. */
  async function showsFailure({ step, mend }: NonNullable<Fault["ends"]>, lines: readonly string[]) {
    const next = "smeshnet tag build --reason TEXT";
    match(
      lines.slice(lines.findIndex((line) => line.startsWith("error[EngineFailed]"))).join("\n"),
      new RegExp(
        `\\+2\\.\n {2}step {2}${step}\n {2}saw {3}.*\n {2}fix {3}.*\n {2}next .*v1\\.2\\.3\\+2:\n +\\$ ${next}$`,
      ),
    );
    const page = await atEdge(`networks/${STACK}`);
    search.texts.set("the page of a network that failed", page);
    ok(page.includes(`<code>${step}</code>`) && page.includes(`<code>${next}</code>`), page);
    ok((await atEdge("")).includes(`failed: smoke test`), "the index names the step");
    const status = await smeshnet("status", TAG, "--json");
    strictEqual(status.exitCode, 1);
    match(status.stderr, new RegExp(`^error\\[DeploymentUnfinished\\]: .* failed at ${step}\\.`, "m"));
    const [check] = JSON.parse(status.stdout);
    const [network] = JSON.parse((await smeshnet("list", "--json")).stdout).networks;
    for (const told of [check.failure, network.failure])
      deepStrictEqual([told.cause.step, told.mend, told.next], [step, mend, { tag: "v1.2.3+2", command: next }]);
    deepStrictEqual(network.next.commands, [next]);
  }

  async function atEdge(path: string): Promise<string> {
    const { zone, publicPort, ports } = sandbox.world;
    const url = `http://discover.net.${zone}:${publicPort}/${path}`;
    const { status, body } = await request(url, { servers: [`127.0.0.1:${ports.dns}`], zone });
    strictEqual(status, 200, url);
    return body;
  }

  /** What the public reads of the network, by URL. */
  async function publicTexts(): Promise<[url: string, text: string][]> {
    const { zone, publicPort, ports } = sandbox.world;
    const edge = `http://discover.net.${zone}:${publicPort}/`;
    const urls = [
      `http://${STACK}.net.${zone}:${publicPort}/`,
      ...["networks.json", `networks/${STACK}`, `networks/${STACK}/config.json`].map((path) => edge + path),
    ];
    return Promise.all(
      urls.map(async (url): Promise<[string, string]> => {
        const { status, body } = await request(url, { servers: [`127.0.0.1:${ports.dns}`], zone });
        strictEqual(status, 200, url);
        return [url, body];
      }),
    );
  }
});
