import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { AnsweringServer } from "../../support/answering";
import { ChannelWorld, COMPLETE } from "../../support/channel-world";

const TAG = "v1.2.3+1";

describe("a build tag that moves after its deployment, with real git and pulumi", function () {
  this.timeout(60_000);

  let world: ChannelWorld;
  let first: string;
  let second: string;

  before(() => {
    world = new ChannelWorld();
    first = world.commit("first");
    second = world.commit("second");
    world.git("tag", TAG, first);
    world.git("tag", "-a", "-m", "Release\n\nWithout-Simmer: in a hurry", "v1.2.3", second);
    world.stack("edge", {});
    deployedFrom(first);
  });
  after(() => world.remove());

  const deployedFrom = (commit: string) =>
    world.stack("1_2_3_1", { genesisId: "9eeb", commit }, COMPLETE, { devnext: { branch: "devnext", commit } });
  const tagAt = (commit: string) => world.git("tag", "--force", TAG, commit);

  /** Fails with one line that holds some texts, and changes nothing. */
  async function refused(
    args: readonly string[],
    code: string,
    names: readonly string[],
    more?: Readonly<Record<string, string>>,
  ) {
    const before = world.kept();
    const { exitCode, stderr } = await world.run(args, more);
    const lines = stderr.trimEnd().split("\n");
    ok(lines.at(-1)?.startsWith(`error[${code}]: `), stderr);
    for (const name of names) ok(stderr.includes(name), `${name} is not in ${stderr}`);
    strictEqual(exitCode, 1);
    deepStrictEqual(world.kept(), before);
  }

  const tagLine = async () => {
    const { stdout } = await world.run(["status", TAG]);
    return stdout.split("\n").find((line) => / tag /.test(line));
  };

  it("status agrees while the tag is at the deployed commit", async () => {
    match((await tagLine()) ?? "", new RegExp(`^ok {3}tag .*${TAG.replace("+", "\\+")} points to ${first}`));
  });

  it("deploy refuses the moved tag before it touches anything, and names both commits", async () => {
    tagAt(second);
    await refused(["deploy", TAG], "TagMoved", [first, second, "next build", `git tag --force ${TAG} ${first}`]);
  });

  it("the first step keeps the commit that it printed, when the engine runs it again", () =>
    refused(["step", "branch", "move", "devnext", TAG], "TagMoved", [first, second], {
      NODE_REPOSITORY: `file://${world.repository}`,
      PULUMI_COMMAND_STDOUT: JSON.stringify({ branch: "devnext", commit: first }),
    }));

  it("status names both commits", async () => {
    const line = (await tagLine()) ?? "";
    match(line, /^FAIL tag /);
    for (const commit of [first, second]) ok(line.includes(commit), line);
  });

  it("promote refuses a build whose network runs another commit than the release", () =>
    refused(["promote", "v1.2.3"], "BuildsNotReady", [
      `${TAG} runs ${first.slice(0, 12)}, not ${second.slice(0, 12)}, the commit of v1.2.3`,
    ]));

  it("deploy refuses a tag that was deleted, with the command that restores it", async () => {
    world.git("tag", "--delete", TAG);
    await refused(["deploy", TAG], "TagDeleted", [first, `git tag ${TAG} ${first} && git push origin ${TAG}`]);
  });

  it("deploy goes on with a stack whose first step did not decide yet", async () => {
    tagAt(second);
    world.stack("1_2_3_1", {}, []);
    const { stderr } = await world.run(["deploy", TAG]);
    match(stderr, new RegExp(`is commit ${second} of`));
    doesNotMatch(stderr, /TagMoved/);
  });

  it("deploy refuses a new tag that none of the allowed signers signed, and touches nothing", () =>
    refused(["deploy", TAG], "TagUntrusted", [`${TAG} is a lightweight tag`, "allowedSigners"], {
      SMESHNET_ALLOWED_SIGNERS: "sam@example.org ssh-ed25519 AAAA",
    }));

  it("the first step refuses a tag that moved since deploy checked it", () =>
    refused(["step", "branch", "move", "devnext", TAG], "TagMoved", [first, second], {
      NODE_REPOSITORY: `file://${world.repository}`,
      DECIDED_COMMIT: first,
    }));

  it("deploy goes on without a question about signers once its first step has decided", async () => {
    deployedFrom(second);
    const { stderr } = await world.run(["deploy", TAG], {
      SMESHNET_ALLOWED_SIGNERS: "sam@example.org ssh-ed25519 AAAA",
    });
    doesNotMatch(stderr, /TagUntrusted/);
  });

  it("deploy refuses a network without a TLS certificate, before anything is touched", async () => {
    const free = await new AnsweringServer(() => ({ body: { success: true, errors: [], result: [] } })).start();
    await refused(["deploy", TAG], "TlsCertificateMissing", ["`smeshnet tls renew`"], {
      CLOUDFLARE_BASE_URL: free.url,
    });
    await free.stop();
    world.pulumi("stack", "rm", "--yes", "--stack", "1_2_3_1", "--force");
  });

  it("status compares nothing without a deployment", async () => {
    strictEqual(await tagLine(), undefined);
    match(
      (await world.run(["status", TAG])).stderr,
      /^tag not compared: no deployment of v1\.2\.3\+1 in this backend$/m,
    );
  });
});
