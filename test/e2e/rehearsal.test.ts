import { deepStrictEqual, match, strictEqual } from "node:assert";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "../../infra/base/clients/dns";
import { CHECKOUT } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { browserFile, TestBrowser } from "../support/browser";
import { TestSandbox } from "../support/sandbox";

const FIRST = "v1.2.2+1";
const SECOND = "v1.2.3+1";
const THIRD = "v1.2.4+1";

/** A day in which the previous testnet goes on. */
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
  const sandbox = new TestSandbox();

  const verb = (name: string, ...args: string[]) =>
    sandbox.run("node", ["-r", "./infra/preload.cjs", `scripts/${name}.ts`, ...args]);
  /** Runs a verb that must succeed; gives its words. */
  const done = async (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { exitCode, stderr } = await sandbox.run("env", [
      ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
      "node",
      "-r",
      "./infra/preload.cjs",
      `scripts/${name}.ts`,
      ...args,
    ]);
    strictEqual(exitCode, 0, stderr);
    return stderr;
  };
  const ciDone = async (tag: string) => {
    const { exitCode, log } = await sandbox.deployed(tag);
    const words = readFileSync(log, "utf8");
    strictEqual(exitCode, 0, words);
    return words;
  };
  const addressOf = async (host: string) => (await addressesOf(`${host}.net.${sandbox.world.zone}`, sandbox.names))[0];

  /** Tells what is seen, and checks that all of it is that of one network. */
  const shows = async (tag: string, announced: readonly string[]) => {
    const [release = ""] = tag.split("+");
    const label = tag.replace(/[.+]/g, "-");
    const hosts = ["api.test", "explorer.test", "dash.test", "poet-1.test"];
    const view: View = {
      addresses: [...new Set(await Promise.all(hosts.map(addressOf)))] as string[],
      title: /<title>([^<]*)/.exec((await sandbox.get(`test.net.${sandbox.world.zone}`)).body)?.[1] ?? "",
      commit: await sandbox.commitOf("refs/heads/testnet"),
      announced: (await sandbox.announced()).map(({ embeds: [{ title }] }) => title),
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
    const browser = await TestBrowser.start(hosts);
    try {
      const file = join(PICTURES, `${name}.png`);
      const seen = await browser.look(`http://test.net.${zone}:${sandbox.world.publicPort}/`, 1280, "In sync", file);
      match(seen.text, new RegExp(until.replaceAll(".", "\\.")));
      strictEqual(seen.overflow, 0);
      console.log(`      picture: ${file}`);
    } finally {
      await browser.close();
    }
  };

  before(() => sandbox.start());
  after(() => sandbox.close());

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

  it("v1.2.3+1 is deployed beside it", async () => {
    sandbox.push(SECOND);
    await ciDone(SECOND);
    await shows(FIRST, announcements);
  });

  it("the release tag v1.2.3 moves DNS, page, branch and announcement, while v1.2.4+1 is deployed", async () => {
    sandbox.push(THIRD);
    sandbox.release("v1.2.3", "Release v1.2.3\n\nWithout-Simmer: rehearsed");
    const words = await ciDone("v1.2.3");
    announcements.push("Spacemesh testnet: v1.2.3");
    await shows(SECOND, announcements);
    match(words, /caches may still lead testnet to v1\.2\.2\+1: wait \d+ s/);
    match(words, /v1\.2\.2\+1 is retired after/);
    await picture("after", "v1.2.3");
  });

  it("there is no way back to a network that is gone, and the demotion says so", async () => {
    const { exitCode, stderr } = await verb("demote", "--reason", "too late");
    strictEqual(exitCode, 1);
    match(stderr, /testnet cannot go back: v1\.2\.2\+1 does not run any more/);
  });

  it("the announcement says what changed, and calls nobody", async () => {
    const { embeds, mention_everyone } = (await sandbox.announced()).at(-1) ?? ({} as never);
    const [{ description, url }] = embeds;
    match(description, /Layers are verified in order, also after a restart/);
    strictEqual(url, `http://test.net.${sandbox.world.zone}:${sandbox.world.publicPort}/`);
    strictEqual(mention_everyone, false);
  });

  it("v1.2.2+1 is archived and gone, and its page and its line of history stay", async () => {
    strictEqual(
      listClusters(sandbox.home).some(({ name }) => name === "v1-2-2-1"),
      false,
    );
    match(await done("archive", ["verify", FIRST]), /all well/);
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    const [line] = JSON.parse(body) as { tag: string; why: string; archive: string; page: string }[];
    strictEqual(line?.tag, FIRST);
    match(line?.why ?? "", /replaced in testnet by v1\.2\.3 \(v1\.2\.3\+1\)/);
    match(line?.archive ?? "", /archives\/v1\.2\.2\+1\/1/);
    const page = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/networks/1_2_2_1");
    match(page.body, /replaced in testnet by v1\.2\.3/);
  });

  it("a preview of the next promotion tells the plan in words and changes nothing", async () => {
    await ciDone(THIRD);
    sandbox.pushQuietly("v1.2.4", "Release v1.2.4\n\nWithout-Simmer: poets suffer");
    const words = await done("promote", ["v1.2.4", "--preview"]);
    match(words, /promotion of testnet, generation 2 -> 3\n.*v1\.2\.3 \(v1\.2\.3\+1\) -> v1\.2\.4 \(v1\.2\.4\+1\)/);
    match(words, /announced {5}v1\.2\.4, \d+ lines of the changelog\n/);
    match(words, /retired next {2}v1\.2\.3\+1, as soon as its DNS records have expired/);
    await shows(SECOND, announcements);
  });

  it("v1.2.4 is promoted, with a day to think better of it", async () => {
    const words = await done("promote", ["v1.2.4"], DAY);
    announcements.push("Spacemesh testnet: v1.2.4");
    match(words, /v1\.2\.3\+1 goes on until/);
    await shows(THIRD, announcements);
    match(await done("retire", ["--due"], DAY), /testnet: v1\.2\.3\+1 is due at/);
  });

  it("a promotion that was planned before it landed is refused", async () => {
    const { exitCode, stderr } = await verb("promote", "v1.2.3", "--against", "2");
    strictEqual(exitCode, 1);
    match(stderr, /testnet is at generation 3, v1\.2\.4 .*planned against generation 2/);
    await shows(THIRD, announcements);
  });

  it("a demotion goes the same way back, and says so", async () => {
    const words = await done("demote", ["--reason", "its verified layer stands still"], DAY);
    announcements.push("Spacemesh testnet: back to v1.2.3");
    match(words, /demotion of testnet, generation 3 -> 4\n/);
    match(words, /retired next {2}nothing: v1\.2\.4\+1 stays until somebody retires it/);
    await shows(SECOND, announcements);
    match(await done("demote", ["--reason", "once more"], DAY), /testnet is at v1\.2\.3 \(v1\.2\.3\+1\) already/);
    await shows(SECOND, announcements);
  });

  it("what was demoted is retired by hand, with a verdict", async () => {
    const words = await done("retire", [THIRD, "--why", "its verified layer stood still", "--verdict", "stalled"]);
    match(words, /v1\.2\.4\+1 is retired after/);
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    const [line] = JSON.parse(body) as { tag: string; why: string; verdict: string }[];
    deepStrictEqual([line?.tag, line?.why, line?.verdict], [THIRD, "its verified layer stood still", "stalled"]);
    await shows(SECOND, announcements);
  });

  it("the testnet itself cannot be retired, not even by a destroy by hand, and stays whole", async () => {
    const { exitCode, stderr } = await verb("retire", SECOND);
    strictEqual(exitCode, 1);
    match(stderr, /v1\.2\.3\+1 is what testnet points to: promote another network first/);
    const destroy = await sandbox.run("pulumi", "destroy --yes --stack 1_2_3_1 --color never".split(" "));
    strictEqual(destroy.exitCode === 0, false);
    match(destroy.stdout, /v1\.2\.3\+1 is what testnet points to/);
    await shows(SECOND, announcements);
  });
});
