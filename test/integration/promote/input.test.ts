import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDown } from "../../../infra/base/channel/records";
import { ChannelWorld, COMPLETE } from "../../support/channel-world";
import { promotion } from "../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const REASON = ["--reason", "in a hurry"];

describe("promote, with real git and pulumi", function () {
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
    git("tag", "-a", "-m", "Release", "v1.0.3", tree); // points to no commit
    git("tag", "v1.0.3+1", first);
    git("tag", "-a", "-m", "Release", "v1.0.40", first); // begins like another version
    git("tag", "v1.0.40+1", first);
    for (const release of ["v1.1.0", "v1.1.1", "v1.1.2", "v1.1.3"]) {
      git("tag", "-a", "-m", `Release ${release}\n\nWithout-Simmer: in a hurry`, release, second);
      git("tag", `${release}+1`, second);
    }
    git("tag", "-a", "-m", "Release", "v1.1.4", second); // has no reason
    git("tag", "-a", "-m", "annotated build", "v1.1.4+1", second);
    git("tag", "-a", "-m", `Release\n\nWithout-Simmer: ${"x".repeat(1001)}`, "v1.1.5", second);
    git("tag", "v1.1.5+1", second);
    git("tag", "v1.1.1+2", second);
    world.stack("edge", {});
    world.stack("1_1_1_1", {}, ["devnext", "network"]);
    world.stack("1_1_1_2", {}, ["devnext"]);
    world.stack("1_1_2_1", { genesisId: "9eeb" }, ["devnext", "network", "smoke"]);
    world.stack("1_1_3_1", { genesisId: "9eeb", commit: second }, COMPLETE);
    world.stack("1_1_4_1", { genesisId: "9eeb", commit: second }, COMPLETE);
  });
  after(() => world.remove());

  /** Fails with an error in one line that holds some texts. Nothing changes, and the channel gets no stack. */
  async function refused(
    args: readonly string[],
    code: string,
    exitCode: 1 | 2,
    names: readonly string[],
    more?: Record<string, string>,
  ) {
    const before = world.kept();
    const ended = await world.run(args, more);
    ok(ended.stderr.startsWith(`error[${code}]: `), ended.stderr);
    for (const name of names) ok(ended.stderr.includes(name), `${name} is not in ${ended.stderr}`);
    deepStrictEqual([ended.exitCode, ended.stdout, ended.stderr.split("\n").length], [exitCode, "", 2], ended.stderr);
    doesNotMatch(ended.stderr, /s3cret/);
    deepStrictEqual(world.kept(), before);
  }

  it("refuses a tag that the repository does not have", () =>
    refused(["promote", "v9.9.9", ...REASON], "TagMissing", 1, [
      "file:",
      "`git tag -a v9.9.9 COMMIT && git push origin v9.9.9`",
    ]));

  it("refuses a tag when only another version begins with it", () =>
    refused(["promote", "v1.0.4", ...REASON], "TagMissing", 1, ["v1.0.4"]));

  it("refuses a lightweight tag, with the commands that replace it", async () => {
    const command = "`git tag -a --force v1.0.2 v1.0.2 && git push --force origin v1.0.2`";
    await refused(["promote", "v1.0.2", ...REASON], "TagLightweight", 2, [command]);
    await refused(["promote", "v1.0.2", ...REASON, "--preview", "--json"], "TagLightweight", 2, [command]);
  });

  it("refuses a tag whose commit has no build tag", () =>
    refused(["promote", "v1.0.0", ...REASON], "BuildTagMissing", 2, [
      "v1.0.0+N",
      first.slice(0, 12),
      "v1.0.0 (no build tags)",
    ]));

  it("refuses a tag whose build tag points to another commit, and names the commit", () =>
    refused(["promote", "v1.0.1", ...REASON], "BuildTagMissing", 2, [
      "v1.0.1+N",
      first.slice(0, 12),
      `(v1.0.1+1 points to ${second.slice(0, 12)})`,
    ]));

  it("refuses a tag that does not point to a commit", () =>
    refused(["promote", "v1.0.3", ...REASON], "BuildTagMissing", 2, ["v1.0.3+N"]));

  it("needs a reason to go without a simmer certificate, in the tag or with --reason", () =>
    refused(["promote", "v1.1.4"], "ReasonMissing", 2, [
      "v1.1.4",
      "`smeshnet promote v1.1.4 --reason TEXT`",
      '"Without-Simmer: TEXT"',
    ]));

  it("refuses a reason in the tag's message that is too long for an announcement", () =>
    refused(["promote", "v1.1.5"], "ReasonInvalid", 2, [
      "Without-Simmer in the message of v1.1.5",
      "xxx..., expected",
    ]));

  it("refuses a build that is not deployed", () =>
    refused(["promote", "v1.1.0"], "BuildsNotReady", 1, ["v1.1.0+1 is not deployed", "`smeshnet deploy v1.1.0+1`"]));

  it("refuses builds that did not pass or are incomplete, each with its own reason", () =>
    refused(["promote", "v1.1.1"], "BuildsNotReady", 1, [
      "v1.1.1+2 is not complete (stack 1_1_1_2); v1.1.1+1 did not pass its smoke test",
      "`smeshnet deploy v1.1.1+2`",
    ]));

  it("refuses a build that is being retired", () =>
    refused(["promote", "v1.1.2"], "BuildsNotReady", 1, ["v1.1.2+1 is being retired"]));

  it("refuses a build that does not answer now", () =>
    refused(["promote", "v1.1.3"], "NetworkSilent", 1, ["v1.1.3+1", "`smeshnet status v1.1.3+1`"]));

  it("reports a repository that cannot be read", () =>
    refused(["promote", "v1.1.3"], "GitFailed", 1, ["file:///nowhere/node.git cannot be read"], {
      SMESHNET_NODE_REPOSITORY: "file:///nowhere/node.git",
    }));

  it("refuses a release that none of the allowed signers signed", () =>
    refused(["promote", "v1.1.3"], "TagUntrusted", 1, ["v1.1.3 is not signed", "allowedSigners"], {
      SMESHNET_ALLOWED_SIGNERS: "sam@example.org ssh-ed25519 AAAA",
    }));

  it("refuses an unknown channel before it reads the repository", () =>
    refused(["promote", "v9.9.9", "--channel", "mainnet"], "ChannelUnknown", 2, ['"mainnet"', "testnet"]));

  it("goes on past a damaged promotion record, and names it", async () => {
    await writeDown(world.store, OLD);
    const file = join(world.storeFolder, "channels/testnet/1.json");
    writeFileSync(file, "{");
    const { stderr } = await world.run(["promote", "v1.1.3"]);
    const [named = "", error = ""] = stderr.split("\n");
    ok(named.startsWith('"channels/testnet/1.json" ') && error.startsWith("error[NetworkSilent]: "), stderr);
    rmSync(file);
  });

  it("needs the edge, which lists networks", async () => {
    world.pulumi("stack", "rm", "--yes", "--stack", "edge", "--force");
    await refused(["promote", "v1.1.3"], "EdgeMissing", 1, ["`smeshnet deploy edge`"]);
    world.stack("edge", {});
  });

  it("refuses a release tag that names another commit than the promotion on record, and names both", async () => {
    await writeDown(world.store, { ...OLD, release: "v1.1.3", tag: "v1.1.3+1", commit: first });
    await refused(["promote", "v1.1.3"], "ReleaseTagMoved", 1, ["v1.1.3", first, second, "generation 1 of testnet"]);
    rmSync(join(world.storeFolder, "channels/testnet/1.json"));
  });

  it("gives up nothing that is not under way, and nothing together with a new promotion", async () => {
    await refused(["promote", "v1.1.3", "--abandon", "x"], "NothingToAbandon", 2, [
      "testnet",
      "v1.1.3",
      "generation 0",
    ]);
    await refused(["promote", "v1.1.3", "--abandon", "x", ...REASON], "UsageInvalid", 2, ["--abandon", "--reason"]);
  });

  describe("demote", () => {
    it("refuses a channel without a previous network", () =>
      refused(["demote", "--reason", "it stalls"], "PreviousNetworkMissing", 1, ["testnet"]));

    it("refuses to go back to a network that is gone", async () => {
      for (const one of [OLD, NEW]) await writeDown(world.store, one);
      world.stack("testnet", { promotion: NEW, previous: OLD, network: "1_2_3_1", movedAt: "2026-01-01T00:00:00Z" });
      await refused(["demote", "--reason", "it stalls"], "PreviousNetworkGone", 1, [
        "testnet",
        "v1.2.2+1 is not deployed",
      ]);
    });

    it("refuses to go back to a network that does not answer now", async () => {
      world.stack("1_2_2_1", { genesisId: "9eeb" }, COMPLETE);
      await refused(["demote", "--reason", "it stalls", "--preview"], "NetworkSilent", 1, ["v1.2.2+1"]);
    });

    it("is the way when a release is older than the channel's: promote refuses that, and looks for no network", async () => {
      const names = ["v1.2.3 (v1.2.3+1)", "v1.1.0 is older", "`smeshnet demote --reason TEXT`"];
      await refused(["promote", "v1.1.0"], "ReleaseOlder", 1, names);
      await refused(["promote", "v1.1.0", "--preview", "--json"], "ReleaseOlder", 1, names);
    });
  });

  describe("retire", () => {
    it("refuses a network that does not exist, and names the stacks of the backend", () =>
      refused(["retire", "v9.9.9+1"], "StackMissing", 1, ["v9.9.9+1", "edge, testnet"]));

    it("refuses every network when Cloudflare does not answer", () =>
      refused(["retire", "v1.2.2+1"], "ChannelUnknowable", 1, ["testnet points to v1.2.2+1", "Cloudflare"]));

    it("reports when a network is due, and that there is nothing to retire, without an error", async () => {
      world.stack("1_2_2_1", { genesisId: "9eeb" }, COMPLETE);
      const movedAt = new Date().toISOString();
      world.stack("testnet", { promotion: NEW, previous: OLD, replaced: [OLD.tag], network: "1_2_3_1", movedAt });
      const before = world.kept();
      const { exitCode, stdout, stderr } = await world.run(["retire", "--due"], { SMESHNET_RETIRE_AFTER: "24" });
      const due = new Date(Date.parse(movedAt) + 24 * 3_600_000).toISOString();
      deepStrictEqual([exitCode, stdout, stderr.split("\n").length], [0, "", 2], stderr);
      for (const name of ["testnet: v1.2.2+1 ", due, "`smeshnet retire --due`"]) ok(stderr.includes(name), stderr);
      deepStrictEqual(world.kept(), before);
      world.stack("testnet", {});
      strictEqual((await world.run(["retire", "--due"])).stderr, "testnet: nothing to retire\n");
    });
  });

  describe("announce", () => {
    it("prints the announcement of a channel's current release, and changes nothing", async () => {
      world.stack("testnet", { promotion: NEW, network: "1_2_3_1" });
      const before = world.kept();
      const { exitCode, stdout, stderr } = await world.run(["announce", "testnet"], { DISCORD_WEBHOOK: "" });
      deepStrictEqual([exitCode, stderr], [0, ""]);
      strictEqual(JSON.parse(stdout).embeds[0].title, "Spacemesh testnet: v1.2.3");
      deepStrictEqual(world.kept(), before);
    });

    it("refuses a channel that points to no network", async () => {
      world.stack("testnet", {});
      await refused(["announce", "testnet"], "ChannelEmpty", 1, ["testnet", "`smeshnet promote v1.2.3`"]);
    });
  });
});
