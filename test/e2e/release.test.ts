import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "../../infra/base/clients/dns";
import { parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import { CHECKOUT } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { browserFile, TestBrowser } from "../support/browser";
import { TestSandbox } from "../support/sandbox";
import { openPorts, scanGateway } from "../support/scan";
import { commandLines } from "../support/secrets";
import { asStoredByScripts } from "../support/stored-lines";

const OLD = "v1.2.3+1";
const NEW = "v1.2.3+2";

describe("two build tags pushed at once", function () {
  this.timeout(420_000);
  const sandbox = new TestSandbox();

  const get = (url: string) =>
    request(url, { servers: [`127.0.0.1:${sandbox.world.ports.dns}`], zone: sandbox.world.zone });
  const remote = (ref: string) =>
    sandbox.must("git", ["ls-remote", sandbox.env.SMESHNET_NODE_REPOSITORY as string, ref]);

  let outside = new Set<string>();
  /** Second octet of the loopback addresses of the older network's cluster. */
  let clusterNumber = 0;

  before(async () => {
    outside = new Set(listenersOutside());
    await sandbox.start();
    sandbox.push(OLD, NEW);
  });
  after(() => sandbox.close());

  it("become two networks", async () => {
    for (const tag of [OLD, NEW]) {
      const { exitCode, log } = await sandbox.deployed(tag);
      strictEqual(exitCode, 0, readFileSync(log, "utf8"));
    }
    deepStrictEqual(
      listClusters(sandbox.home)
        .map(({ name }) => name)
        .sort(),
      ["v1-2-3-1", "v1-2-3-2"],
    );
  });

  for (const tag of [OLD, NEW]) {
    it(`answer the public by the names of ${tag}: DNS, page, list, gRPC, explorer, dashboard and poet`, async () => {
      const { exitCode, stdout, stderr } = await sandbox.smeshnet("status", tag, "--json");
      strictEqual(exitCode, 0, stderr);
      const sights = JSON.parse(stdout) as { what: string; saw: string }[];
      strictEqual(sights.length, 9);
      match(sights.find(({ what }) => what === "page")?.saw ?? "", new RegExp(stackName(parseBuildTag(tag))));
    });
  }

  it("show their pages in a browser, wide and narrow, with the network's live state", async function () {
    if (!browserFile()) this.skip();
    const { stdout } = await sandbox.smeshnet("step", "dns", "lookup", "1_2_3_1.net.spacemesh.io");
    const browser = await TestBrowser.start({ "*.net.spacemesh.io": stdout.trim() });
    const base = `net.spacemesh.io:${sandbox.world.publicPort}`;
    try {
      for (const width of [1280, 390]) {
        const page = await browser.look(`http://1_2_3_1.${base}`, width, "In sync");
        match(page.title, /v1\.2\.3\+1/);
        match(page.text, /go-spacecraft[\s\S]*CLIWallet/);
        strictEqual(page.overflow, 0, `at ${width} pixels`);
      }
      const genesisId = JSON.parse(
        await sandbox.pulumi(["stack", "output", "genesisId", "--json", "--stack", "1_2_3_1"]),
      );
      for (const service of ["explorer", "dash"]) {
        const { overflow } = await browser.look(`http://${service}-v1-2-3-1.${base}`, 390, genesisId.slice(0, 8));
        strictEqual(overflow, 0, service);
      }
    } finally {
      await browser.close();
    }
  });

  it("are both in the public list, the newest first", async () => deepStrictEqual(await sandbox.listed(), [NEW, OLD]));

  it("have moved devnext and devnet to their commit", async () => {
    const commit = (await remote(`refs/tags/${NEW}`)).split("\t")[0];
    for (const branch of ["devnext", "devnet"])
      strictEqual((await remote(`refs/heads/${branch}`)).split("\t")[0], commit);
  });

  it("listen on loopback addresses only", () => {
    const added = listenersOutside().filter((listener) => !outside.has(listener));
    deepStrictEqual(added, []);
  });

  it("serve nothing private at any host of the gateway", async () => {
    const { zone, publicPort } = sandbox.world;
    const hosts = ["api", "explorer", "dash", "poet-1"].flatMap((name) => [
      `${name}-v1-2-3-1.net.${zone}`,
      `${name}.test.net.${zone}`,
    ]);
    const address = (await sandbox.smeshnet("step", "dns", "lookup", `1_2_3_1.net.${zone}`)).stdout.trim();
    const all = [
      ...hosts,
      `1_2_3_1.net.${zone}`,
      `test.net.${zone}`,
      address,
      "127.0.0.1",
      "localhost",
      "other.example",
    ];
    const { open, requests } = await scanGateway(address, publicPort, all);
    deepStrictEqual(open, []);
    strictEqual(requests > 1500, true);

    const { status } = await get(`http://api-v1-2-3-1.net.${zone}:${publicPort}/v1/node/version`);
    strictEqual(status, 405, "a public call does reach a node");
  });

  it("have one port open at the load balancer's address", async () => {
    const address = (
      await sandbox.smeshnet("step", "dns", "lookup", `1_2_3_1.net.${sandbox.world.zone}`)
    ).stdout.trim();
    deepStrictEqual(await openPorts(address), [sandbox.world.publicPort]);
  });

  it("can be read with plain kubectl and pulumi in a shell with the sandbox's environment", async () => {
    const script = `eval "$(node --import tsx sandbox/main.ts env ${NEW})" && kubectl get pods -o name && pulumi stack ls`;
    const shell = { ...process.env, SANDBOX_HOME: sandbox.home };
    const { stdout } = await promisify(execFile)("sh", ["-c", script], { cwd: CHECKOUT, env: shell });
    strictEqual(stdout.match(/^pod\/miner-/gm)?.length, 10);
    match(stdout, /^1_2_3_1\*? /m);
  });

  it("fail the smoke test while the verified layer stands still, and pass it again after that", async () => {
    const fault = (...args: string[]) =>
      sandbox.must("node", ["--import", "tsx", "sandbox/main.ts", "fault", NEW, ...args]);
    await fault("stall", "true");
    const stalled = await sandbox.smeshnet("smoke", NEW, "--limit-layers", "2");
    strictEqual(stalled.exitCode, 1);
    match(stalled.stderr, /did not pass: .*verified-layer failed: the verified layer does not rise/);
    await fault("none");
    const { exitCode, stdout } = await sandbox.smeshnet("smoke", NEW);
    strictEqual(exitCode, 0, stdout);
    match(stdout, /passed: 9 of 9 checks/);
  });

  it("find nothing to change from a second checkout that has only the backend and the passphrase", async () => {
    const checkout = await sandbox.secondCheckout();
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "1_2_3_1"], checkout));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    match(await sandbox.pulumi(["up", "--yes", "--stack", "1_2_3_1"], checkout), /\d+ unchanged\n/);
  });

  it("are not retired while a channel points to them, and nothing changes", async () => {
    const channel = await sandbox.channel("testnet", { network: "1_2_3_1" });
    const { exitCode, stdout } = await sandbox.run("pulumi", [
      "destroy",
      "--yes",
      "--stack",
      "1_2_3_1",
      "--color",
      "never",
    ]);
    await channel.remove();
    strictEqual(exitCode === 0, false);
    match(stdout, /testnet points to v1\.2\.3\+1\. Promote another network first/);
    strictEqual((await sandbox.smeshnet("status", OLD)).exitCode, 0);
  });

  it("are retired from the second checkout, one by one: the archive first, then everything", async () => {
    const checkout = await sandbox.secondCheckout();
    clusterNumber = JSON.parse(readFileSync(join(sandbox.home, "clusters/v1-2-3-1/cluster.json"), "utf8")).number;
    strictEqual(
      listeners().some((listener) => listener.startsWith(`127.${clusterNumber}.`)),
      true,
    );
    const text = await sandbox.pulumi(["destroy", "--yes", "--stack", "1_2_3_1"], checkout);
    const moment = (what: string) => text.indexOf(what);
    const order = [
      "can be retired",
      "discovery-network deleted",
      "archived and read back",
      "Command network deleted",
      "nothing is left",
    ].map(moment);
    ok(
      order.every((at, i) => at > (order[i - 1] ?? 0)),
      `${order} in ${text}`,
    );

    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      ["v1-2-3-2"],
    );
    deepStrictEqual(await sandbox.listed(), [NEW]);
    const { exitCode, stdout, stderr } = await sandbox.smeshnet("archive", "verify", OLD);
    strictEqual(exitCode, 0, stderr);
    match(stdout, /objects verified/);
  });

  it("leave the page of a retired network, and no cluster, record, key, process or port", async () => {
    const { stdout } = await sandbox.smeshnet("status", OLD, "--json");
    const answering = (JSON.parse(stdout) as { what: string; ok: boolean }[]).filter(({ ok }) => ok);
    deepStrictEqual(
      answering.map(({ what }) => what),
      ["page at the edge"],
    );
    strictEqual(existsSync(join(sandbox.home, "clusters/v1-2-3-1")), false);
    const { zoneId, accountId } = sandbox.world;
    const records = await sandbox.atCloudflare(`zones/${zoneId}/dns_records?per_page=100`);
    deepStrictEqual(
      records.filter((name) => /1_2_3_1|v1-2-3-1/.test(name)),
      [],
    );
    const namespace = JSON.parse(await sandbox.pulumi(["stack", "output", "namespaceId", "--json", "--stack", "edge"]));
    const keys = await sandbox.atCloudflare(`accounts/${accountId}/storage/kv/namespaces/${namespace}/keys`);
    deepStrictEqual(
      keys.filter((key) => key.endsWith(":1_2_3_1")),
      ["page:1_2_3_1"],
    );
    deepStrictEqual(
      listeners().filter((listener) => listener.startsWith(`127.${clusterNumber}.`)),
      [],
    );
    deepStrictEqual(
      commandLines().filter((line) => line.includes("clusters/v1-2-3-1/") && line.includes(sandbox.home)),
      [],
    );
    strictEqual((await sandbox.smeshnet("status", NEW)).exitCode, 0);
  });

  it("leave a line of a retired network in the history, and its page says that it is retired", async () => {
    const discovery = `http://discover.net.${sandbox.world.zone}:${sandbox.world.publicPort}`;
    const [line, ...more] = JSON.parse((await get(`${discovery}/history.json`)).body) as Record<string, string>[];
    deepStrictEqual(more, []);
    deepStrictEqual([line?.tag, line?.verdict, line?.why], [OLD, "not judged", "retired by hand, no reason given"]);
    match(line?.archive ?? "", /^file:\/\/\/.*\/archives\/v1\.2\.3\+1\/1\/manifest\.json$/);
    match((await get(`${discovery}/networks/1_2_3_1`)).body, /<main>\n<section class="notice retired"/);
  });

  it("from before `smeshnet` are destroyed by the command lines in their state", async () => {
    const stack = stackName(parseBuildTag(NEW));
    const file = join(sandbox.home, "state-of-scripts.json");
    const stored = asStoredByScripts(await sandbox.pulumi(["stack", "export", "--stack", stack]), NEW);
    for (const name of ["guard", "archive", "network", "history"]) ok(stored.includes(`scripts/${name}.ts `), name);
    ok(!stored.includes("smeshnet.cjs"), "a command line of today is left in it");
    writeFileSync(file, stored);
    await sandbox.pulumi(["stack", "import", "--stack", stack, "--file", file]);
    const text = await sandbox.pulumi(["destroy", "--yes", "--stack", stack]);
    for (const name of ["guard", "log-archive", "network", "history"])
      match(text, new RegExp(`Command ${name} deleted`));
    deepStrictEqual([listClusters(sandbox.home), await sandbox.listed()], [[], []]);
    strictEqual((await sandbox.smeshnet("archive", "verify", NEW)).exitCode, 0);
  });

  it("cannot be deployed under a tag that the repository lacks: one line with the fix, and nothing is created", async () => {
    const { exitCode, stderr } = await sandbox.smeshnet("deploy", "v9.9.9+9");
    strictEqual(exitCode, 1);
    match(
      stderr,
      /^error\[TagMissing\]: file:.* has no tag v9\.9\.9\+9\. Push it with `git push origin v9\.9\.9\+9`\.\n$/,
    );
    strictEqual((await sandbox.pulumi(["stack", "ls", "--json"])).includes("9_9_9_9"), false);
  });
});

/** Addresses and ports that listen for TCP, IPv4 as usual, as the kernel lists them (proc(5): state 0A is LISTEN). */
function listeners(): string[] {
  return ["tcp", "tcp6"].flatMap((file) =>
    readFileSync(`/proc/net/${file}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, local = ""]) => readable(local)),
  );
}

/** `0100007F:1F90` is 127.0.0.1:8080: the address in host byte order, both in hexadecimal. */
function readable(local: string): string {
  const [address = "", port = ""] = local.split(":");
  if (address.length > 8) return `${address}:${Number.parseInt(port, 16)}`;
  const octets =
    address
      .match(/../g)
      ?.reverse()
      .map((octet) => Number.parseInt(octet, 16)) ?? [];
  return `${octets.join(".")}:${Number.parseInt(port, 16)}`;
}

const LOOPBACK_6 = `${"0".repeat(24)}01000000`;

const listenersOutside = (): string[] =>
  listeners().filter((listener) => !listener.startsWith("127.") && !listener.startsWith(LOOPBACK_6));
