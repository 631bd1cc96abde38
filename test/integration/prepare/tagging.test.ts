import { deepStrictEqual, match, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AllowedSigners, readAllowedSigners } from "../../../infra/base/model/allowed-signers";
import { supersededIn, trailersIn } from "../../../infra/base/model/trailers";
import type { Records } from "../../../infra/prepare/tags/facts";
import type { TagPlan } from "../../../infra/prepare/tags/plan";
import { planLines } from "../../../infra/prepare/tags/text";
import { CHECKOUT } from "../../support/checkout";
import { refusesLater } from "../../support/errors";
import { NodeCheckout } from "../../support/node-checkout";
import { buildIn, releaseIn } from "../../support/tagger";

const REASON = "The poet was unreachable: no layer after 12";

describe("tag build and tag release", function () {
  this.timeout(60_000);

  let node: NodeCheckout;
  beforeEach(async () => {
    node = new NodeCheckout();
    await node.prepare();
  });
  afterEach(() => node.remove());

  /** What a ref points to, here and at the remote. */
  const both = (ref: string) => [node.git("rev-parse", ref), node.at(node.remote, "rev-parse", ref)];
  const message = (tag: string) => node.at(node.remote, "for-each-ref", "--format=%(contents)", `refs/tags/${tag}`);
  const remoteRefs = () => node.at(node.remote, "for-each-ref", "--format=%(refname)").split("\n");

  /** Refuses, and leaves refs, index, tree and remote as they are. */
  async function refused(act: () => Promise<unknown>, code: string, names: readonly string[], exitCode: 1 | 2 = 1) {
    const before = node.state();
    await refusesLater(act, code, { names, exitCode });
    deepStrictEqual(node.state(), before);
  }

  describe("tag build", () => {
    it("tags the prepared commit as the first build, and pushes it together with the branch", async () => {
      const head = node.git("rev-parse", "HEAD");
      const done = await buildIn(node);
      strictEqual(done.state, "pushed");
      deepStrictEqual(both("refs/heads/develop"), [head, head]);
      deepStrictEqual(both("v1.4.3+1^{commit}"), [head, head]);
      strictEqual(node.git("cat-file", "-t", "v1.4.3+1"), "tag");
      deepStrictEqual(trailersIn(message("v1.4.3+1")), []);
    });

    it("pushes the tag alone when the remote has the commit, whatever git is set to push", async () => {
      node.git("push", "--quiet", "origin", "develop");
      node.git("tag", "-a", "-m", "private", "private");
      node.git("config", "push.followTags", "true");
      await buildIn(node);
      deepStrictEqual(remoteRefs(), ["refs/heads/develop", "refs/tags/v1.4.2", "refs/tags/v1.4.3+1"]);
    });

    it("tags the next build with the reason that a person gives", async () => {
      await buildIn(node);
      node.commit("fix: reach the poet again");
      const questions: string[] = [];
      const says = async (question: string) => {
        questions.push(question);
        return REASON;
      };
      await buildIn(node, {}, { says });
      deepStrictEqual(questions, ["Why does v1.4.3+2 supersede v1.4.3+1?"]);
      deepStrictEqual(supersededIn(message("v1.4.3+2")), { tag: "v1.4.3+1", why: REASON });
    });

    it("finds nothing to do on the commit of the last build", async () => {
      await buildIn(node);
      const before = node.state();
      strictEqual((await buildIn(node)).state, "tagged");
      deepStrictEqual(node.state(), before);
    });

    it("tags the same commit again for another reason, and once for each", async () => {
      await buildIn(node);
      strictEqual((await buildIn(node, { reason: REASON })).tag, "v1.4.3+2");
      strictEqual((await buildIn(node, { reason: REASON })).state, "tagged");
      strictEqual((await buildIn(node, { reason: "GKE had no nodes" })).tag, "v1.4.3+3");
    });

    it("says before it tags that the last build stands on the same commit, and only then", async () => {
      const plans: string[] = [];
      const agrees = async (plan: TagPlan) => void plans.push(planLines(plan).join("\n"));
      await buildIn(node, {}, { agrees });
      await buildIn(node, { reason: REASON }, { agrees });
      node.commit("fix: the poet");
      await buildIn(node, { reason: REASON }, { agrees });
      const said = plans.map((text) => /(\S+) stands on the same commit/.exec(text)?.[1]);
      deepStrictEqual(said, [undefined, "v1.4.3+1", undefined]);
    });

    it("passes the rules of tags, which the remote's hook asks too, together with its branch", async () => {
      const check = `"${process.execPath}" "${join(CHECKOUT, "scripts/smeshnet.cjs")}" tag check --hook`;
      hook(node.remote, "pre-receive", check);
      strictEqual((await buildIn(node)).state, "pushed");
      strictEqual((await releaseIn(node)).state, "pushed");
    });

    it("refuses a tag that breaks a rule, before anybody is asked", async () => {
      node.write("node.go", "package late\n");
      node.commit("feat: one more thing");
      const agrees = () => Promise.reject(new Error("nobody must be asked"));
      await refused(() => buildIn(node, {}, { agrees }), "TagRefused", ["node.go", "Releasing v1.4.3"]);
    });

    it("changes nothing in a dry run", async () => {
      const before = node.state();
      strictEqual((await buildIn(node, { isDry: true })).state, "planned");
      deepStrictEqual(node.state(), before);
    });

    it("refuses a reason for the first build", () =>
      refused(() => buildIn(node, { reason: REASON }), "ReasonUnused", ["v1.4.3+1"], 2));

    it("refuses an edit of the changelog that nobody committed", async () => {
      node.write("CHANGELOG.md", `${node.read("CHANGELOG.md")}\nmore\n`);
      await refused(() => buildIn(node), "ChangelogUncommitted", ["CHANGELOG.md"]);
    });

    it("refuses a commit whose changelog names another version than the last release commit", async () => {
      node.write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n\n## 1.5.0\n\n- More.\n`);
      node.commit("docs: a version by hand");
      await refused(() => buildIn(node), "VersionUnclear", ["v1.4.3", "1.5.0"], 2);
    });

    it("refuses a tag here alone that is on another commit", async () => {
      node.git("tag", "-a", "-m", "by hand", "v1.4.3+1", "HEAD^");
      await refused(() => buildIn(node), "TagUnpushed", ["v1.4.3+1", "git tag -d"]);
    });

    it("pushes a tag that an earlier run made, and keeps its reason", async () => {
      await buildIn(node);
      node.git("tag", "-a", "-m", `Build v1.4.3+2\n\nSupersedes: v1.4.3+1 ${REASON}`, "v1.4.3+2");
      const made = node.git("rev-parse", "v1.4.3+2");
      strictEqual((await buildIn(node, { reason: REASON })).state, "pushed");
      deepStrictEqual(both("v1.4.3+2"), [made, made]);
    });

    it("gives way to a tag that somebody else pushed while the person agreed", async () => {
      const agrees = async () => void node.pushed("develop", "v1.4.3+1");
      node.git("push", "--quiet", "origin", "develop");
      const before = node.git("for-each-ref");
      await refusesLater(buildIn(node, {}, { agrees }), "TagTaken", { names: ["v1.4.3+1", "git fetch --tags"] });
      strictEqual(node.git("for-each-ref"), before);
    });

    it("pushes neither branch nor tag when somebody else pushed the branch while the person agreed", async () => {
      const agrees = async () => void node.pushed();
      const before = node.git("for-each-ref");
      await refusesLater(buildIn(node, {}, { agrees }), "PushRefused", { names: ["fetch first"] });
      strictEqual(node.git("for-each-ref"), before);
      deepStrictEqual(remoteRefs(), ["refs/heads/develop", "refs/tags/v1.4.2"]);
    });

    it("tells what a hook of the remote says, and removes its tag", async () => {
      hook(node.remote, "pre-receive", "echo no build on a Friday >&2; exit 1");
      await refused(() => buildIn(node), "PushRefused", ["no build on a Friday"]);
    });

    it("tells what a hook here says, and removes its tag", async () => {
      hook(join(node.folder, ".git"), "pre-push", "echo run the tests first >&2; exit 1");
      await refused(() => buildIn(node), "PushRefused", ["run the tests first"]);
    });

    it("keeps the tag when the remote went away, and a second run pushes it", async () => {
      const agrees = async () => void node.git("remote", "set-url", "origin", join(node.root, "gone.git"));
      await refusesLater(buildIn(node, {}, { agrees }), "PushUncertain", { names: ["v1.4.3+1"] });
      node.git("remote", "set-url", "origin", node.remote);
      strictEqual((await buildIn(node)).state, "pushed");
    });

    it("signs the tag by SSH when git signs tags", async () => {
      const key = join(node.root, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "sam@example.org", "-f", key]);
      writeFileSync(join(node.root, "signers"), `sam@example.org ${execFileSync("cat", [`${key}.pub`])}`);
      node.git("config", "gpg.format", "ssh");
      node.git("config", "user.signingKey", key);
      node.git("config", "gpg.ssh.allowedSignersFile", join(node.root, "signers"));
      node.git("config", "tag.gpgSign", "true");
      await buildIn(node);
      node.git("tag", "--verify", "v1.4.3+1"); // it throws unless the signature is good
      await buildIn(node, { reason: REASON });
      deepStrictEqual(supersededIn(message("v1.4.3+2")), { tag: "v1.4.3+1", why: REASON });
    });

    it("pushes no tag that none of the allowed signers signed, and leaves none here", async () => {
      const key = join(node.root, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      const setting = `sam@example.org ${execFileSync("cat", [`${key}.pub`])}`;
      const signing = { signers: readAllowedSigners(setting) as AllowedSigners, now: Date.now() };
      await refused(() => buildIn(node, { signing }), "TagRefused", ["v1.4.3+1 is not signed", "tag.gpgSign"]);
      for (const [name, value] of [
        ["gpg.format", "ssh"],
        ["user.signingKey", key],
        ["tag.gpgSign", "true"],
      ] as const)
        node.git("config", name, value);
      strictEqual((await buildIn(node, { signing })).state, "pushed");
    });

    it("makes no tag when it cannot be signed", async () => {
      node.git("config", "gpg.format", "ssh");
      node.git("config", "user.signingKey", join(node.root, "no-key"));
      node.git("config", "tag.gpgSign", "true");
      await refused(() => buildIn(node), "TagFailed", ["no-key"]);
    });

    it("needs a flag where nobody can be asked, and says which", async () => {
      const before = node.state();
      const { exitCode, stdout, stderr } = await node.smeshnet(["tag", "build"]);
      deepStrictEqual([exitCode, stdout], [2, ""]);
      match(stderr, /^error\[PersonMissing\]: .*`--yes`.*`--dry-run`\.\n$/);
      deepStrictEqual(node.state(), before);
    });

    it("names the flag for the reason where nobody can be asked", async () => {
      await buildIn(node);
      node.commit("fix: more");
      const before = node.state();
      const { exitCode, stderr } = await node.smeshnet(["tag", "build", "--yes"]);
      strictEqual(exitCode, 2);
      match(stderr, /^error\[TagReasonMissing\]: .*v1\.4\.3\+2 supersede v1\.4\.3\+1.*`--reason TEXT`\.\n$/);
      deepStrictEqual(node.state(), before);
    });

    it("says what it pushed and what starts now", async () => {
      const { exitCode, stdout } = await node.smeshnet(["tag", "build", "--yes"]);
      strictEqual(exitCode, 0);
      match(stdout, /pushed develop and v1\.4\.3\+1 to origin\nnow: CI deploys it; `smeshnet status v1\.4\.3\+1`/);
    });
  });

  describe("tag release", () => {
    const certificate = (fact: Records["certificate"]) => async (): Promise<Records> => ({
      certificate: fact,
      deployed: { state: "none" },
    });
    const certified = { records: certificate({ state: "certified" }) };
    const uncertified = { records: certificate({ state: "none", why: "v1.4.3 has no simmer certificate" }) };

    it("tags the commit of the newest build, also when the branch went on", async () => {
      await buildIn(node);
      await buildIn(node, { reason: REASON });
      const built = node.git("rev-parse", "HEAD");
      node.commit("feat: the next version begins");
      strictEqual((await releaseIn(node, certified)).state, "pushed");
      deepStrictEqual(both("v1.4.3^{commit}"), [built, built]);
      strictEqual(node.git("cat-file", "-t", "v1.4.3"), "tag");
      strictEqual(message("v1.4.3").trim(), "Release v1.4.3");
      strictEqual(node.at(node.remote, "rev-parse", "develop"), built);
    });

    it("keeps the reason to go without a certificate, below the given message", async () => {
      await buildIn(node);
      await releaseIn(node, { ...uncertified, reason: REASON, message: "The testnet of winter" });
      strictEqual(message("v1.4.3").trim(), `The testnet of winter\n\nWithout-Simmer: ${REASON}`);
    });

    it("asks the person for the reason when there is no certificate", async () => {
      await buildIn(node);
      await releaseIn(node, uncertified, { says: async () => REASON });
      deepStrictEqual(trailersIn(message("v1.4.3")), [{ key: "Without-Simmer", value: REASON }]);
    });

    it("leaves the reason out when the build is certified", async () => {
      await buildIn(node);
      await releaseIn(node, { ...certified, reason: REASON });
      deepStrictEqual(trailersIn(message("v1.4.3")), []);
    });

    it("releases a certificate that nobody sees from here, and says so", async () => {
      await buildIn(node);
      const { exitCode, stdout } = await node.smeshnet(["tag", "release", "v1.4.3", "--yes"], {
        PULUMI_BACKEND_URL: `file://${join(node.root, "no-state")}`,
      });
      strictEqual(exitCode, 0);
      match(stdout, /not seen: the simmer certificate .*\npushed v1\.4\.3 to origin\nnow: CI promotes it/);
    });

    it("finds nothing to do when it is released", async () => {
      await buildIn(node);
      await releaseIn(node, certified);
      strictEqual((await releaseIn(node, certified)).state, "tagged");
    });

    it("pushes a tag that an earlier run made", async () => {
      await buildIn(node);
      node.git("tag", "-a", "-m", "Release v1.4.3", "v1.4.3");
      const made = node.git("rev-parse", "v1.4.3");
      strictEqual((await releaseIn(node, certified)).state, "pushed");
      deepStrictEqual(both("v1.4.3"), [made, made]);
    });

    it("refuses a version without a pushed build", async () => {
      await refused(() => releaseIn(node, certified), "BuildMissing", ["v1.4.3", "smeshnet tag build"], 2);
      node.git("tag", "-a", "-m", "by hand", "v1.4.3+1");
      await refused(() => releaseIn(node, certified), "BuildMissing", ["v1.4.3+1 is not pushed"], 2);
    });
  });

  function hook(folder: string, name: string, script: string): void {
    const file = join(folder, "hooks", name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
});
