import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "../../infra/base/clients/dns";
import { CHECKOUT } from "../../sandbox/home";
import { describe as describeCluster, listClusters } from "../../sandbox/kubernetes/cluster";
import { type Faults, writeFaults } from "../../sandbox/kubernetes/faults";
import { browserFile, TestBrowser } from "../support/browser";
import { driftOf } from "../support/drift";
import { Running } from "../support/kills";
import { NameWatch } from "../support/public-names";
import { TestSandbox } from "../support/sandbox";

const FIRST = "v1.2.2+1";
const FAILED = "v1.2.3+1";
const SECOND = "v1.2.3+2";
const THIRD = "v1.2.4+1";

/** The previous testnet keeps running for a day. */
const DAY = { SMESHNET_RETIRE_AFTER: "24" };

/** Pictures of test.net.spacemesh.io, for people to look at. */
const PICTURES = join(CHECKOUT, "node_modules/.cache/smeshnet/rehearsal");

/** What everybody sees of a channel. */
interface View {
  readonly addresses: readonly string[];
  readonly title: string;
  readonly commit: string;
  readonly announced: readonly string[];
}

describe("the release cycle, rehearsed", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox({}, { tls: true });

  /** Runs a command that must succeed. Returns its output and its progress. */
  const done = async (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { exitCode, stdout, stderr } = await sandbox.run("env", [
      ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
      "node",
      "scripts/smeshnet.cjs",
      name,
      ...args,
    ]);
    strictEqual(exitCode, 0, stderr);
    return stdout + stderr;
  };
  const ciDone = async (tag: string) => {
    const { exitCode, log } = await sandbox.deployed(tag);
    const words = readFileSync(log, "utf8");
    strictEqual(exitCode, 0, words);
    return words;
  };
  const addressOf = async (host: string) => (await addressesOf(`${host}.net.${sandbox.world.zone}`, sandbox.names))[0];

  /** Prints what the public sees, and checks that all of it belongs to one network. */
  const shows = async (tag: string, announced: readonly string[]) => {
    const [release = ""] = tag.split("+");
    const label = tag.replace(/[.+]/g, "-");
    const hosts = ["api.test", "explorer.test", "dash.test", "poet-1.test"];
    const view: View = {
      addresses: [...new Set(await Promise.all(hosts.map(addressOf)))] as string[],
      title: /<title>([^<]*)/.exec((await sandbox.get(`test.net.${sandbox.world.zone}`)).body)?.[1] ?? "",
      commit: await sandbox.commitOf("refs/heads/testnet"),
      announced: (await alerts()).filter((title) => title.startsWith("Spacemesh ")),
    };
    console.log(
      `      api.test.net.spacemesh.io ${view.addresses}; "${view.title}"; testnet ${view.commit.slice(0, 12)}; ${view.announced.at(-1)}`,
    );
    deepStrictEqual(view.addresses, [await addressOf(`api-${label}`)]);
    match(view.title, new RegExp(`testnet.*${release.replaceAll(".", "\\.")}`));
    strictEqual(view.commit, await sandbox.commitOf(`refs/tags/${release}`));
    deepStrictEqual(view.announced, announced);
  };

  const picture = async (name: string, until: string) => {
    if (!browserFile()) return;
    mkdirSync(PICTURES, { recursive: true });
    const zone = sandbox.world.zone;
    const hosts = {
      [`test.net.${zone}`]: sandbox.world.edgeAddress,
      [`*.test.net.${zone}`]: (await addressOf("api.test")) as string,
    };
    const browser = await TestBrowser.start(hosts, true);
    try {
      const file = join(PICTURES, `${name}.png`);
      const seen = await browser.look(`${sandbox.origin(`test.net.${zone}`)}/`, 1280, "In sync", file);
      match(seen.text, new RegExp(until.replaceAll(".", "\\.")));
      strictEqual(seen.overflow, 0);
      console.log(`      picture: ${file}`);
    } finally {
      await browser.close();
    }
  };

  /** Sets the faults of a network; none clears them. */
  const fault = (tag: string, faults: Faults = {}) =>
    writeFaults(describeCluster(sandbox.home, tag.replace(/[.+]/g, "-"))?.folder as string, faults);

  const everyNode = Array.from({ length: 10 }, (_, i) => `miner-${i + 1}`);
  const watchers: Running[] = [];
  /** Starts a watcher of all networks, as an operator leaves it running. */
  const watch = () => {
    const folder = join(sandbox.home, "watcher");
    const args = ["simmer", "watch", "--search", "2", "--folder", folder];
    watchers.push(new Running(args, sandbox.env, CHECKOUT));
    return watchers.at(-1) as Running;
  };
  /** Kills the watcher that runs, if one does. */
  const stopWatching = async () => {
    await watchers.at(-1)?.kill("itself");
    await watchers.at(-1)?.ended();
  };
  const watcher = () => watchers.at(-1) as Running;
  const history = async () => {
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    return JSON.parse(body) as { tag: string; why: string; verdict: string; archive: string }[];
  };
  const alerts = async () => (await sandbox.announced()).map(({ embeds: [{ title }] }) => title);

  before(() => sandbox.start());
  after(async () => {
    await stopWatching();
    await sandbox.close();
  });

  const announcements: string[] = [];

  it("a pushed build tag, v1.2.2+1, becomes a network", async () => {
    sandbox.push(FIRST);
    await ciDone(FIRST);
  });

  it("its pushed release tag makes it the testnet", async () => {
    sandbox.release("v1.2.2", "Release v1.2.2\n\nWithout-Simmer: the first testnet");
    await ciDone("v1.2.2");
    announcements.push("Spacemesh testnet: v1.2.2");
    await shows(FIRST, announcements);
    await picture("before", "v1.2.2");
  });

  it("v1.2.3+1 is deployed beside it, and a watcher watches both", async () => {
    sandbox.push(FAILED);
    await ciDone(FAILED);
    await watch().says(/^v1\.2\.3\+1: healthy, /);
    await shows(FIRST, announcements);
  });

  it("nobody can see v1.2.3+1 for a while, which is no verdict on it", async () => {
    await fault(FAILED, { deaf: everyNode });
    await watcher().says(/^v1\.2\.3\+1: blind, /);
    await fault(FAILED);
    await watcher().saysNext(/^v1\.2\.3\+1: (healthy|slow), /);
    deepStrictEqual(await history(), []);
  });

  it("v1.2.3+1 stalls: alert, archive, retirement and history follow, with no hand on it", async () => {
    await fault(FAILED, { stall: true });
    await watcher().says(/^v1\.2\.3\+1: stalled, /);
    await watcher().says(/^v1\.2\.3\+1: retired, /);
    const [line] = await history();
    deepStrictEqual([line?.tag, line?.verdict], [FAILED, "stalled"]);
    match(line?.why ?? "", /^stalled for \d+ layers\. 10 of 10 nodes stand: layer \d+ is verified, .* SHA-256/);
    match(line?.archive ?? "", /archives\/v1\.2\.3\+1\/1/);
    strictEqual((await alerts()).includes("v1.2.3+1 is stalled"), true);
    match(await done("archive", ["verify", FAILED]), /objects verified/);
    await shows(FIRST, announcements);
  });

  it("what failed is fixed: v1.2.3+2 simmers for seven days, while its watcher is killed", async () => {
    sandbox.push(SECOND);
    await ciDone(SECOND);
    await watcher().says(/^v1\.2\.3\+2: \w+, day [2-9]/);
    await stopWatching();
    await watch().says(/^v1\.2\.3\+2: healthy, day ([7-9]|\d\d)/);
  });

  it("v1.2.3+2 is certified, and everybody can verify that down to every sample", async () => {
    const file = join(sandbox.home, "certificate.json");
    const key = join(sandbox.home, "public.pem");
    writeFileSync(key, sandbox.world.simmerKeys.public);
    const { stdout } = await sandbox.smeshnet("simmer", "status", SECOND, "--json");
    deepStrictEqual((JSON.parse(stdout) as { missing: string[] }).missing, []);
    writeFileSync(file, (await sandbox.smeshnet("simmer", "certify", SECOND)).stdout);
    match(await done("certificate", ["verify", file, "--key", key, "--samples"]), /v1\.2\.3\+2 is certified/);
  });

  it("the release tag v1.2.3 moves the testnet on that certificate, while v1.2.4+1 is deployed", async () => {
    sandbox.push(THIRD);
    const watch = new NameWatch(sandbox, ["api.test.net"]);
    sandbox.release("v1.2.3", "Release v1.2.3");
    const words = await ciDone("v1.2.3").finally(() => watch.end());
    deepStrictEqual(watch.wrong, []);
    console.log(`      ${watch.answered} requests by https, each over a connection of its own, 0 failed`);
    ok(watch.answered > 100, `${watch.answered}`);
    announcements.push("Spacemesh testnet: v1.2.3");
    await shows(SECOND, announcements);
    match(words, /simmer {8}certified/);
    match(words, /testnet may still lead to v1\.2\.2\+1 in DNS caches for \d+ s; waiting/);
    match(words, /v1\.2\.2\+1: retired, /);
    strictEqual((await sandbox.get(`test.net.${sandbox.world.zone}`)).body.includes("without a simmer"), false);
    const published = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/networks/1_2_3_2/certificate.json");
    deepStrictEqual(
      [published.status, Object.keys(JSON.parse(published.body))],
      [200, ["payload", "payloadType", "signatures"]],
    );
    await picture("after", "v1.2.3");
  });

  it("a demotion to a retired network is refused", async () => {
    const { exitCode, stderr } = await sandbox.smeshnet("demote", "--reason", "too late");
    strictEqual(exitCode, 1);
    match(stderr, /error\[PreviousNetworkGone\]: testnet cannot go back to v1\.2\.2\+1/);
  });

  it("the announcement lists the changes and mentions nobody", async () => {
    const { embeds, mention_everyone } = (await sandbox.announced()).at(-1) ?? ({} as never);
    const [{ description, url }] = embeds;
    match(description, /Layers are verified in order, also after a restart/);
    strictEqual(url, `${sandbox.origin(`test.net.${sandbox.world.zone}`)}/`);
    strictEqual(mention_everyone, false);
  });

  it("v1.2.2+1 is archived and removed, and keeps its page and its line of history", async () => {
    strictEqual(
      listClusters(sandbox.home).some(({ name }) => name === "v1-2-2-1"),
      false,
    );
    match(await done("archive", ["verify", FIRST]), /objects verified/);
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    const [line] = JSON.parse(body) as { tag: string; why: string; archive: string; page: string }[];
    strictEqual(line?.tag, FIRST);
    match(line?.why ?? "", /replaced in testnet by v1\.2\.3 \(v1\.2\.3\+2\)/);
    match(line?.archive ?? "", /archives\/v1\.2\.2\+1\/1/);
    const page = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/networks/1_2_2_1");
    match(page.body, /replaced in testnet by v1\.2\.3/);
  });

  it("a preview of the next promotion shows the plan in words and changes nothing", async () => {
    await ciDone(THIRD);
    sandbox.pushQuietly("v1.2.4", "Release v1.2.4\n\nWithout-Simmer: poets suffer");
    const words = await done("promote", ["v1.2.4", "--preview"]);
    match(words, /promotion of testnet, generation 2 -> 3\n.*v1\.2\.3 \(v1\.2\.3\+2\) -> v1\.2\.4 \(v1\.2\.4\+1\)/);
    match(words, /announcement {2}v1\.2\.4, \d+ lines of the changelog\n/);
    match(words, /retired next {2}v1\.2\.3\+2, as soon as its DNS records have expired/);
    await shows(SECOND, announcements);
  });

  it("v1.2.4 is promoted, with a day to go back", async () => {
    const words = await done("promote", ["v1.2.4"], DAY);
    announcements.push("Spacemesh testnet: v1.2.4");
    match(words, /v1\.2\.3\+2 keeps running until/);
    await shows(THIRD, announcements);
    match(await done("retire", ["--due"], DAY), /testnet: v1\.2\.3\+2 keeps running until/);
  });

  it("nothing has drifted: what promotions and retirements leave, they leave on purpose", async () => {
    const { drift } = await driftOf(sandbox, DAY);
    deepStrictEqual([drift.findings, drift.unseen, drift.updating, drift.foreign], [[], [], [], []]);
    deepStrictEqual(drift.looked, { edge: true, channels: ["testnet"], networks: [SECOND, THIRD] });
  });

  it("a promotion that was planned before that one is refused", async () => {
    const { exitCode, stderr } = await sandbox.smeshnet("promote", "v1.2.3", "--against", "2");
    strictEqual(exitCode, 1);
    match(stderr, /testnet is now at generation 3, v1\.2\.4 .*planned against generation 2/);
    const older = await sandbox.smeshnet("promote", "v1.2.3", "--preview");
    match(
      older.stderr,
      /error\[ReleaseOlder\]: testnet is at v1\.2\.4 .*v1\.2\.3 is older\. Go back with `smeshnet demote/,
    );
    await shows(THIRD, announcements);
  });

  it("a demotion goes the same way back", async () => {
    const words = await done("demote", ["--reason", "its verified layer stands still"], DAY);
    announcements.push("Spacemesh testnet: back to v1.2.3");
    match(words, /demotion of testnet, generation 3 -> 4\n/);
    match(words, /retired next {2}nothing: v1\.2\.4\+1 keeps running until somebody retires it/);
    await shows(SECOND, announcements);
    match(await done("demote", ["--reason", "once more"], DAY), /testnet already points to v1\.2\.3 \(v1\.2\.3\+2\)/);
    await shows(SECOND, announcements);
  });

  it("the testnet stalls, and the demoted network splits: the watcher retires only the latter", async () => {
    await fault(SECOND, { stall: true });
    await fault(THIRD, { split: true });
    await watcher().says(/^v1\.2\.4\+1: split, /);
    await watcher().says(/^v1\.2\.4\+1: retired, /);
    const [line] = await history();
    deepStrictEqual([line?.tag, line?.verdict], [THIRD, "split"]);
    match(line?.why ?? "", /No state root has had a quorum of 6 nodes since layer \d+/);
    const { embeds } =
      (await sandbox.announced()).find(({ embeds: [{ title }] }) => title === "v1.2.3+2 is stalled") ?? {};
    match(embeds?.[0].description ?? "", /nodes stand/);
    await fault(SECOND);
    await stopWatching();
    await shows(SECOND, announcements);
  });

  it("the testnet itself cannot be retired, not even by `pulumi destroy`, and stays complete", async () => {
    const { exitCode, stderr } = await sandbox.smeshnet("retire", SECOND);
    strictEqual(exitCode, 1);
    match(stderr, /testnet points to v1\.2\.3\+2\. Promote another network first/);
    const destroy = await sandbox.run("pulumi", "destroy --yes --stack 1_2_3_2 --color never".split(" "));
    strictEqual(destroy.exitCode === 0, false);
    match(destroy.stdout, /testnet points to v1\.2\.3\+2/);
    await shows(SECOND, announcements);
  });
});
