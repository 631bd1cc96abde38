import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDown } from "../../../infra/base/channel/records";
import { ChannelWorld, STEPS } from "../../support/channel-world";
import { promotion } from "../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const REASON = ["--reason", "in a hurry"];

describe("a promotion that cannot be, with real git and pulumi", function () {
  this.timeout(60_000);

  let world: ChannelWorld;
  let first: string;
  let second: string;

  before(() => {
    world = new ChannelWorld();
    first = world.commit("first");
    second = world.commit("second");
    const git = (...args: string[]) => world.git(...args);
    const tree = git("mktree");
    git("tag", "-a", "-m", "Release", "v1.0.0", first); // no build at all
    git("tag", "-a", "-m", "Release", "v1.0.1", first); // its build stands elsewhere
    git("tag", "v1.0.1+1", second);
    git("tag", "v1.0.2", first); // lightweight
    git("tag", "v1.0.2+1", first);
    git("tag", "-a", "-m", "Release", "v1.0.3", tree); // of no commit
    git("tag", "v1.0.3+1", first);
    git("tag", "-a", "-m", "Release", "v1.0.40", first); // begins like another version
    git("tag", "v1.0.40+1", first);
    for (const release of ["v1.1.0", "v1.1.1", "v1.1.2", "v1.1.3"]) {
      git("tag", "-a", "-m", `Release ${release}\n\nWithout-Simmer: in a hurry`, release, second);
      git("tag", `${release}+1`, second);
    }
    git("tag", "-a", "-m", "Release", "v1.1.4", second); // says no reason
    git("tag", "-a", "-m", "annotated build", "v1.1.4+1", second);
    git("tag", "-a", "-m", `Release\n\nWithout-Simmer: ${"x".repeat(1001)}`, "v1.1.5", second);
    git("tag", "v1.1.5+1", second);
    git("tag", "v1.1.1+2", second);
    world.stack("edge", {});
    world.stack("1_1_1_1", {}, ["devnext", "network"]);
    world.stack("1_1_1_2", {}, ["devnext"]);
    world.stack("1_1_2_1", { genesisId: "9eeb" }, ["devnext", "network", "smoke"]);
    world.stack("1_1_3_1", { genesisId: "9eeb" }, STEPS);
    world.stack("1_1_4_1", { genesisId: "9eeb" }, STEPS);
  });
  after(() => world.remove());

  /** Refused in one line, with nothing changed and no stack of the channel made. */
  async function refused(args: readonly string[], line: RegExp, exitCode: 1 | 2, more?: Record<string, string>) {
    const before = world.kept();
    const ended = await world.run(args, more);
    match(ended.stderr, line);
    deepStrictEqual([ended.exitCode, ended.stdout, ended.stderr.split("\n").length], [exitCode, "", 2], ended.stderr);
    doesNotMatch(ended.stderr, /s3cret/);
    deepStrictEqual(world.kept(), before);
  }

  it("has a tag that the repository has not", () =>
    refused(
      ["promote", "v9.9.9", ...REASON],
      /^error: file:\S+ has no tag v9\.9\.9: git tag -a v9\.9\.9 COMMIT && git push origin v9\.9\.9$/m,
      1,
    ));

  it("has a tag by which only another version begins", () =>
    refused(["promote", "v1.0.4", ...REASON], /^error: file:\S+ has no tag v1\.0\.4: /, 1));

  it("has a lightweight tag, which is told with the commands that mend it", async () => {
    await refused(
      ["promote", "v1.0.2", ...REASON],
      /^error: v1\.0\.2 is a lightweight tag, .*: git tag -a --force v1\.0\.2 v1\.0\.2 && git push --force origin v1\.0\.2$/m,
      2,
    );
    await refused(
      ["promote", "v1.0.2", ...REASON, "--preview", "--json"],
      /^error: v1\.0\.2 is a lightweight tag, /,
      2,
    );
  });

  it("has a tag whose commit has no build tag", () =>
    refused(
      ["promote", "v1.0.0", ...REASON],
      /^error: no build tag v1\.0\.0\+N stands on [0-9a-f]{12}, the commit of v1\.0\.0 \(there is none at all\): tag the commit/,
      2,
    ));

  it("has a tag whose build stands on another commit, which is told", () =>
    refused(
      ["promote", "v1.0.1", ...REASON],
      new RegExp(
        `^error: no build tag v1\\.0\\.1\\+N stands on ${first.slice(0, 12)}, .*\\(v1\\.0\\.1\\+1 stands on ${second.slice(0, 12)}\\)`,
      ),
      2,
    ));

  it("has a tag of something that is no commit", () =>
    refused(["promote", "v1.0.3", ...REASON], /^error: no build tag v1\.0\.3\+N stands on /, 2));

  it("has no reason for going without a simmer certificate, neither in the tag nor with --reason", async () => {
    const line =
      /^error: v1\.1\.4 has no simmer certificate: say why it is promoted without one, with --reason TEXT or as a line "Without-Simmer: TEXT" in the tag's message$/m;
    await refused(["promote", "v1.1.4"], line, 2);
  });

  it("has a reason in the tag's message that is too long to be announced", () =>
    refused(
      ["promote", "v1.1.5"],
      /^error: Without-Simmer in the message of v1\.1\.5 is "x+\.\.\.: wanted one line of text/,
      2,
    ));

  it("has a build that is not deployed", () =>
    refused(
      ["promote", "v1.1.0"],
      /^error: no build of this release can be promoted: v1\.1\.0\+1 is not deployed$/m,
      1,
    ));

  it("has builds that have not passed or are half made, each with its own reason", () =>
    refused(
      ["promote", "v1.1.1"],
      /^error: no build of this release can be promoted: v1\.1\.1\+2 is not complete \(stack 1_1_1_2\): .* goes on with it; v1\.1\.1\+1 has not passed its smoke test$/m,
      1,
    ));

  it("has a build that is being retired", () =>
    refused(
      ["promote", "v1.1.2"],
      /^error: no build of this release can be promoted: v1\.1\.2\+1 is being retired$/m,
      1,
    ));

  it("has a build that does not answer now", () =>
    refused(["promote", "v1.1.3"], /^error: v1\.1\.3\+1 does not answer now for: /, 1));

  it("has a repository that cannot be read", () =>
    refused(["promote", "v1.1.3"], /^error: file:\/\/\/nowhere\/node\.git cannot be read \(/, 1, {
      SMESHNET_NODE_REPOSITORY: "file:///nowhere/node.git",
    }));

  it("has an unknown channel, before the repository is asked", () =>
    refused(
      ["promote", "v9.9.9", "--channel", "mainnet"],
      /^error: "mainnet" is not a channel: there are testnet$/m,
      2,
    ));

  it("has records of promotions that are damaged", async () => {
    await writeDown(world.store, OLD);
    const file = join(world.storeFolder, "channels/testnet/1.json");
    writeFileSync(file, "{");
    await refused(
      ["promote", "v1.1.3"],
      /^error: channels\/testnet\/1\.json in the store is no promotion: put back /,
      1,
    );
    rmSync(file);
  });

  it("has no edge to list networks", async () => {
    world.pulumi("stack", "rm", "--yes", "--stack", "edge", "--force");
    await refused(["promote", "v1.1.3"], /^error: there is no edge stack yet, .*scripts\/deploy\.ts edge$/m, 1);
    world.stack("edge", {});
  });

  describe("as a demotion", () => {
    it("has no network to go back to", () =>
      refused(["demote", "--reason", "it stalls"], /^error: testnet has no previous network to go back to$/m, 1));

    it("has a network to go back to that is gone", async () => {
      for (const one of [OLD, NEW]) await writeDown(world.store, one);
      world.stack("testnet", { promotion: NEW, previous: OLD, network: "1_2_3_1", movedAt: "2026-01-01T00:00:00Z" });
      await refused(
        ["demote", "--reason", "it stalls"],
        /^error: testnet cannot go back: v1\.2\.2\+1 does not run any more \(v1\.2\.2\+1 is not deployed\)$/m,
        1,
      );
    });

    it("has one that does not answer now", async () => {
      world.stack("1_2_2_1", { genesisId: "9eeb" }, STEPS);
      await refused(
        ["demote", "--reason", "it stalls", "--preview"],
        /^error: v1\.2\.2\+1 does not answer now for: /,
        1,
      );
    });
  });

  describe("as a retirement", () => {
    it("has no such network, and names those there are", async () => {
      await refused(
        ["retire", "v9.9.9+1"],
        /^error: there is no network v9\.9\.9\+1: this backend has .*edge.*, testnet$/m,
        1,
      );
    });

    it("has a channel that cannot be asked at Cloudflare", async () => {
      const line = /^error: nobody can know whether testnet points to v1\.2\.2\+1: Cloudflare did not answer /;
      await refused(["retire", "v1.2.2+1"], line, 1);
    });

    it("has nothing that is due: tells it, and is no error", async () => {
      world.stack("1_2_2_1", { genesisId: "9eeb" }, STEPS);
      const movedAt = new Date().toISOString();
      world.stack("testnet", { promotion: NEW, previous: OLD, replaced: [OLD.tag], network: "1_2_3_1", movedAt });
      const before = world.kept();
      const { exitCode, stdout, stderr } = await world.run(["retire", "--due"], { SMESHNET_RETIRE_AFTER: "24" });
      const due = new Date(Date.parse(movedAt) + 24 * 3_600_000).toISOString();
      deepStrictEqual([exitCode, stdout, stderr], [0, "", `testnet: v1.2.2+1 is due at ${due}\n`]);
      deepStrictEqual(world.kept(), before);
      world.stack("testnet", {});
      strictEqual((await world.run(["retire", "--due"])).stderr, "testnet: there is nothing to retire\n");
    });
  });
});
