import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../sandbox/home";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { Running } from "../support/kills";
import { NameWatch } from "../support/public-names";
import { TestSandbox } from "../support/sandbox";
import { SecretSearch } from "../support/secrets";

const A = "v1.2.2+1";
const B = "v1.2.3+1";

const SMALL = { SMESHNET_MINERS: "4", SMESHNET_BOOTNODES: "2", SANDBOX_SPACECRAFT_TICK_MS: "100" };
/** Nothing is retired for a day. */
const DAY = { SMESHNET_RETIRE_AFTER: "24" };

/** The line of progress, and who is killed then. Each run continues where the one before was killed. */
type Boundary = readonly [line: RegExp, victim: string];

const PROMOTION: readonly Boundary[] = [
  [/^promotion of testnet/, "itself"],
  [/^dns: updating/, "Cloudflare plugin"],
  [/^dns: updating/, "engine"],
  [/^dns: updating/, "itself"],
  [/^page: updating/, "Cloudflare plugin"],
  [/^page: updating/, "engine"],
  [/^moved: updating/, "step channel"],
  [/^moved: updating/, "engine"],
  [/^testnet: updating/, "step branch"],
  [/^testnet: updating/, "engine"],
  [/^announcement: updating/, "engine"],
  [/announcement \| .*announcing/, "step announce"],
];

/** A demotion is the same update of the channel's stack as a promotion, so few of its boundaries are tried again. */
const DEMOTION: readonly Boundary[] = [
  [/^demotion of testnet/, "itself"],
  [/^dns: updating/, "engine"],
  [/^testnet: updating/, "step branch"],
  [/announcement \| .*announcing/, "step announce"],
];

const RETIREMENT: readonly Boundary[] = [
  [/^testnet may still lead/, "itself"],
  [/^guard: removing/, "step guard"],
  [/^guard: removing/, "engine"],
  [/^page: removing/, "itself"],
  [/^dns: removing|^discovery: removing/, "Cloudflare plugin"],
  [/^log-archive: removing/, "step archive"],
  [/log-archive \| .*archiving/, "engine"],
  [/network \| remove:/, "go-spacecraft"],
  [/^network: removing/, "engine"],
  [/^history: removing/, "step history"],
  [/^history: removing/, "engine"],
];

describe("a promotion, a demotion and a retirement, killed at boundary after boundary", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox(SMALL);
  let watch: NameWatch;
  const search = new SecretSearch();
  const runs: Running[] = [];
  let generations = 0;

  before(async () => {
    await sandbox.start();
    sandbox.push(A, B);
    for (const tag of [A, B]) {
      const { exitCode, log } = await sandbox.deployed(tag);
      strictEqual(exitCode, 0, readFileSync(log, "utf8"));
    }
    for (const release of ["v1.2.2", "v1.2.3"]) sandbox.pushQuietly(release, `Release\n\nWithout-Simmer: a test`);
    // Slow enough that a change can be killed in the middle.
    writeFileSync(join(places(sandbox.home).cloudflare, "faults.json"), JSON.stringify({ slow: 300 }));
    writeFileSync(join(places(sandbox.home).discord, "faults.json"), JSON.stringify({ slow: 2000 }));
    watch = new NameWatch(sandbox, ["api.test.net", "api-v1-2-2-1.net", "api-v1-2-3-1.net"]);
  });
  after(async () => {
    search.stop();
    await watch?.end();
    await sandbox.close();
  });

  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const run = new Running(args, { ...sandbox.env, ...env });
    runs.push(run);
    return run;
  };
  const finish = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const run = start(args, env);
    strictEqual(await run.ended(), 0, run.lines.join("\n"));
    return run.lines.join("\n");
  };
  const titles = async () => (await sandbox.announced()).map(({ embeds: [{ title }] }) => title);

  const walk = (what: string, args: readonly string[], env: NodeJS.ProcessEnv, boundaries: readonly Boundary[]) => {
    boundaries.forEach(([line, victim], i) => {
      it(`${what} ${i + 1}: kill -9 of ${victim} at ${line.source}`, async () => {
        const run = start(args, env);
        await run.says(line);
        await run.kill(victim);
        const exitCode = await run.ended();
        if (victim === "itself") strictEqual(exitCode, null);
        else strictEqual(exitCode, 1, run.lines.join("\n"));
      });
    });
  };

  /** The run after the kill between a message and its record: a person looks, and confirms the message. */
  const doubted = (what: string, args: readonly string[], title: string) => {
    it(`${what}: the same command finishes all but the uncertain announcement`, async () => {
      const run = start(args, DAY);
      strictEqual(await run.ended(), 1, run.lines.join("\n"));
      match(run.lines.join("\n"), /^testnet: (promoted|demoted to) v1\.2\.[23] /m);
      match(
        run.lines.at(-1) ?? "",
        /error\[AnnouncementUncertain\]: It is uncertain whether generation \d+ of testnet was announced/,
      );
      generations += 1;
      const all = await sandbox.announced();
      deepStrictEqual([all.length, all.at(-1)?.embeds[0].title], [generations, title]);
      await finish(["announce", "testnet", `${generations}`, "--sent", all.at(-1)?.id ?? ""]);
      await finish(args, DAY);
      strictEqual((await sandbox.announced()).length, generations);
    });
  };

  it("one of two promotions against the same generation wins, and the other says why", async () => {
    const first = start(["promote", "v1.2.2", "--against", "0"], DAY);
    await first.says(/^dns: updating|^dns: creating/); // the older release wins, so that the newer one may follow
    const second = start(["promote", "v1.2.3", "--against", "0"], DAY);
    const both = [first, second];
    const ends = await Promise.all(both.map((run) => run.ended()));
    const words = both.map(({ lines }) => lines.join("\n"));
    deepStrictEqual(ends, [0, 1], words.join("\n\n"));
    match(
      words[1] ?? "",
      /error\[PromotionOvertaken\]: testnet is now at generation 1, v1\.2\.2 .*planned against generation 0/,
    );
    generations = 1;
    deepStrictEqual(await titles(), ["Spacemesh testnet: v1.2.2"]);
  });

  walk("promote", ["promote", "v1.2.3"], DAY, PROMOTION);
  doubted("promote", ["promote", "v1.2.3"], "Spacemesh testnet: v1.2.3");

  walk("demote", ["demote", "--reason", "a test"], DAY, DEMOTION);
  doubted("demote", ["demote", "--reason", "a test"], "Spacemesh testnet: back to v1.2.2");

  it("there is nothing to change and nothing to clean up", async () => {
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "testnet"]));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    match(await finish(["recover", "testnet"]), /testnet: nothing to clean up/);
    const records = await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`);
    deepStrictEqual(
      records.filter((name) => name.includes(".test.net.")).sort(),
      ["api", "dash", "explorer", "gateway", "poet-1"].map((name) => `${name}.test.net.${sandbox.world.zone}`),
    );
  });

  it("the job of the release that the testnet left runs again and is refused", async () => {
    const run = start(["promote", "v1.2.3"], DAY);
    strictEqual(await run.ended(), 1);
    match(run.lines.join("\n"), /error\[ReleaseLeft\]: testnet had v1\.2\.3 .*--against 3`/);
  });

  it("a promotion that is killed after its names moved is given up: they lead back, and nothing is announced", async () => {
    const run = start(["promote", "v1.2.3", "--against", "3"], DAY);
    await run.says(/^page: updating/);
    await run.kill("engine");
    strictEqual(await run.ended(), 1, run.lines.join("\n"));
    const words = await finish(["promote", "v1.2.3", "--abandon", "a test"], DAY);
    match(words, /^testnet: gave up generation 4, v1\.2\.3 \(v1\.2\.3\+1\)$/m);
    match(words, /^testnet: is at generation 3, v1\.2\.2 \(v1\.2\.2\+1\)$/m);
    strictEqual((await titles()).length, generations);
    const records = await sandbox.atCloudflare(`zones/${sandbox.world.zoneId}/dns_records?per_page=100`, "content");
    ok(records.includes(`api-v1-2-2-1.net.${sandbox.world.zone}`), records.join());
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "testnet"]));
    // To read another stack anew changes nothing.
    deepStrictEqual(
      Object.keys(preview.changeSummary).filter((how) => how !== "read"),
      ["same"],
    );
    const again = start(["promote", "v1.2.3"], DAY);
    strictEqual(await again.ended(), 1);
    match(again.lines.join("\n"), /error\[ReleaseAbandoned\]: .*--against 4`/);
  });

  const AGAIN = ["promote", "v1.2.3", "--against", "4"];

  walk("promote and retire", AGAIN, {}, RETIREMENT);

  it("the same command then finishes the retirement", async () => {
    const words = await finish(AGAIN);
    match(words, /^(v1\.2\.2\+1: retired, |testnet: promoted v1\.2\.3 )/m);
    generations += 1;
    strictEqual((await titles()).length, generations);
    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      ["v1-2-3-1"],
    );
    await finish(["archive", "verify", A]);
    const { body } = await sandbox.get(`discover.net.${sandbox.world.zone}`, "/history.json");
    deepStrictEqual(
      (JSON.parse(body) as { tag: string }[]).map(({ tag }) => tag),
      [A],
    );
  });

  it("no public name ever led to a network that did not answer", async () => {
    await watch.end();
    deepStrictEqual(watch.wrong, []);
    ok(watch.answered > 300, `${watch.answered} answers`);
  });

  it("no secret is in state, records, archive, command lines or the output of the killed runs", () => {
    const { token, webhook } = sandbox.world;
    const { state, archive, logs } = places(sandbox.home);
    for (const folder of [state, archive, logs]) ok(search.takeFolder(folder) > 3, folder);
    search.texts.set("the runs", runs.flatMap(({ lines }) => lines).join("\n"));
    deepStrictEqual(search.found({ "Cloudflare's token": token, "Discord's webhook": webhook.token }), []);
  });

  it("no process of the killed runs is left", () => {
    const ofRuns = /scripts\/|pulumi|resource-|spacecraft\/main/;
    deepStrictEqual(
      sandbox.processes().filter((line) => ofRuns.test(line)),
      [],
    );
  });
});
