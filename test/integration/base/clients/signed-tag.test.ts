import { match, strictEqual } from "node:assert";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireAllowedSigner, signatureFault, signersOf } from "../../../../infra/base/clients/signed-tag";
import { refusesLater } from "../../../support/errors";
import { hasProgram, SigningNode } from "../../../support/signers";

const TAG = "v1.2.3+1";

describe("the signature of a tag", function () {
  this.timeout(60_000);
  let node: SigningNode;
  /** Lines of allowed signers, by what is special about them. */
  const keys: Record<string, string> = {};
  before(() => {
    node = new SigningNode();
    for (const name of ["sam", "eve"]) keys[name] = node.sshKey(name);
  });
  after(() => node.remove());

  const allowed = (options = "", name = "sam") => `# who releases\n${name}@example.org ${options} ${keys[name]}\n`;
  const sign = (name: string, tag = TAG, at = "HEAD", variables = {}) => {
    node.gitWith(variables, ...node.signing(name), "tag", "--force", "--sign", "-m", "Build", tag, at);
    return node.object(tag);
  };
  async function fault(object: string, setting = allowed(), tag = TAG) {
    const signers = signersOf(setting);
    if (!signers) throw new Error(`${setting} is no setting`);
    return signatureFault(tag, object, { folder: node.work }, signers, Date.now());
  }
  async function refused(object: string, rule: string, words: RegExp, setting = allowed(), tag = TAG) {
    const found = await fault(object, setting, tag);
    strictEqual(found?.rule, rule, JSON.stringify(found));
    match(found?.what ?? "", words);
  }

  it("counts when an allowed signer made it", async () => strictEqual(await fault(sign("sam")), undefined));

  it("counts when one of several allowed signers made it", async () =>
    strictEqual(await fault(sign("eve"), allowed() + allowed("", "eve")), undefined));

  it("counts with a message that is not UTF-8", async () => {
    const file = join(node.root, "latin");
    writeFileSync(file, Buffer.from("trop de d\xe9lai\n", "latin1"));
    node.git(...node.signing("sam"), "tag", "--force", "--sign", "-F", file, TAG, "HEAD");
    strictEqual(await fault(node.object(TAG)), undefined);
  });

  it("is missing on a lightweight tag and on an annotated one", async () => {
    await refused(node.git("rev-parse", "HEAD"), "unsigned", /lightweight/);
    node.git("tag", "--force", "--annotate", "-m", "Build", TAG, "HEAD");
    await refused(node.object(TAG), "unsigned", /not signed/);
  });

  it("of an unknown key does not count, and is named", () =>
    refused(sign("eve"), "signer-unknown", /SSH key SHA256:.* does not name/));

  it("of an expired key does not count, also with a tag that is dated back", async () => {
    const setting = allowed('valid-before="20260201"');
    await refused(sign("sam"), "signer-refused", /sam@example\.org, which expired on 2026-0/, setting);
    const back = { GIT_COMMITTER_DATE: "2026-01-15T12:00:00Z" };
    await refused(sign("sam", TAG, "HEAD", back), "signer-refused", /which expired on 2026-0/, setting);
  });

  it("of a key that counts later does not count yet", () =>
    refused(sign("sam"), "signer-refused", /counts only from 2999-/, allowed('valid-after="29990101Z"')));

  it("of a signer of other things does not count", async () => {
    await refused(sign("sam"), "signer-refused", /only for the namespaces file/, allowed('namespaces="file"'));
    strictEqual(await fault(sign("sam"), allowed('namespaces="file,git"')), undefined);
  });

  it("does not fit a changed content", async () => {
    const text = node.git("cat-file", "tag", sign("sam"));
    await refused(node.made(TAG, `${text.replace("\nBuild\n", "\nOther\n")}\n`), "signature-wrong", /does not fit/);
  });

  it("of another tag, pasted below this one, does not fit", async () => {
    const other = node.git("cat-file", "tag", sign("sam", "v1.2.2+1"));
    const pasted = other.replace("tag v1.2.2+1", `tag ${TAG}`);
    await refused(node.made(TAG, `${pasted}\n`), "signature-wrong", /does not fit/);
  });

  it("of another tag, under this name, is for another name", () =>
    refused(sign("sam", "v1.2.2+1"), "signed-as-other", /"v1\.2\.2\+1"/));

  it("of a tag of a tag does not count", async () => {
    node.git("tag", "--force", "--annotate", "-m", "inner", "inner", "HEAD");
    await refused(sign("sam", TAG, "inner"), "nested", /points to another tag/);
  });

  it("that only looks like one does not count", async () => {
    const head = `object ${node.git("rev-parse", "HEAD")}\ntype commit\ntag ${TAG}\ntagger S <s@e> 0 +0000\n\nx\n`;
    for (const [kind, setting] of [
      ["SSH SIGNATURE", allowed()],
      ["PGP SIGNATURE", allowed()],
      ["SIGNED MESSAGE", allowed()],
    ] as const) {
      const found = await fault(
        node.made(TAG, `${head}-----BEGIN ${kind}-----\nbm8=\n-----END ${kind}-----\n`),
        setting,
      );
      match(found?.rule ?? "", /signature-wrong|signer-unknown/);
    }
  });

  it("is not taken from the settings of the machine or of the repository", async () => {
    const good = sign("sam");
    const object = sign("eve");
    const own = join(node.root, "own");
    writeFileSync(own, allowed("", "eve"));
    const everything = join(mkdtempSync(join(node.root, "bin-")), "ssh-keygen");
    symlinkSync("/bin/true", everything);
    for (const [key, value] of [
      ["gpg.ssh.allowedSignersFile", own],
      ["gpg.ssh.program", everything],
      ["gpg.program", everything],
    ] as const)
      node.git("config", key, value);
    process.env.GIT_CONFIG_COUNT = "1";
    process.env.GIT_CONFIG_KEY_0 = "gpg.ssh.program";
    process.env.GIT_CONFIG_VALUE_0 = everything;
    try {
      await refused(object, "signer-unknown", /SHA256/);
      strictEqual(await fault(good), undefined);
    } finally {
      for (const name of ["COUNT", "KEY_0", "VALUE_0"]) delete process.env[`GIT_CONFIG_${name}`];
      for (const key of ["gpg.ssh.allowedSignersFile", "gpg.ssh.program", "gpg.program"])
        node.git("config", "--unset", key);
    }
  });

  it("is that of the decided object, when git replaces objects", async () => {
    const good = sign("sam");
    const bad = sign("eve");
    node.git("replace", "--force", bad, good);
    await refused(bad, "signer-unknown", /SHA256/);
    node.git("replace", "--delete", bad);
  });

  it("of a tag that moved since the decision is not looked at", async () => {
    const repository = `file://${node.bare}`;
    const push = () => node.git("push", "--quiet", "--force", "origin", `refs/tags/${TAG}`);
    const decided = sign("sam");
    push();
    await requireAllowedSigner({ repository, tag: TAG, object: decided }, allowed(), Date.now());
    await requireAllowedSigner({ repository, tag: TAG, object: "whatever" }, "", Date.now());
    sign("sam", TAG, "HEAD", { GIT_COMMITTER_DATE: "2026-11-01T00:00:00Z" });
    push();
    const asked = { repository, tag: TAG, object: decided };
    await refusesLater(requireAllowedSigner(asked, allowed(), Date.now()), "TagChanged", { names: [TAG, decided] });
    const eve = sign("eve");
    push();
    await refusesLater(requireAllowedSigner({ ...asked, object: eve }, allowed(), Date.now()), "TagUntrusted", {
      names: [TAG, "SHA256:"],
    });
  });

  describe("with OpenPGP", () => {
    const signed = (name: string) => {
      node.git("-c", `user.signingKey=${name}`, "tag", "--force", "--sign", "-m", "Build", TAG, "HEAD");
      return node.object(TAG);
    };
    before(function () {
      if (!hasProgram("gpg")) this.skip(); // a machine without gpg verifies SSH alone
      for (const name of ["pat@example.org", "mallory@example.org"]) keys[name] = node.openpgpKey(name);
    });
    const pat = () => `${allowed()}\n${keys["pat@example.org"]}`;

    it("counts when an allowed key made it, beside SSH keys", async () => {
      strictEqual(await fault(signed("pat@example.org"), pat()), undefined);
      strictEqual(await fault(sign("sam"), pat()), undefined);
    });

    it("of an unknown key does not count, also if our own key ring has the key", () =>
      refused(signed("mallory@example.org"), "signer-unknown", /OpenPGP key [0-9A-F]+/, pat()));

    it("does not count where only SSH keys are allowed", () =>
      refused(signed("pat@example.org"), "signer-unknown", /no key of that kind/));

    it("does not fit a changed content", async () => {
      const text = node.git("cat-file", "tag", signed("pat@example.org"));
      const changed = node.made(TAG, `${text.replace("\nBuild\n", "\nOther\n")}\n`);
      await refused(changed, "signature-wrong", /does not fit/, pat());
    });

    it("of a key that has expired since does not count", async () => {
      keys.old = node.openpgpKey("old@example.org", "seconds=86400");
      const fake = join(mkdtempSync(join(node.root, "bin-")), "gpg");
      writeFileSync(fake, '#!/bin/sh\nexec gpg --faked-system-time "20260101T060000!" "$@"\n', { mode: 0o755 });
      const then = ["-c", "user.signingKey=old@example.org", "-c", `gpg.program=${fake}`];
      node.git(...then, "tag", "--force", "--sign", "-m", "Build", TAG, "HEAD");
      await refused(node.object(TAG), "signer-refused", /old@example\.org, which has expired/, keys.old);
    });

    it("is refused with the program's name when gpg is missing", async () => {
      const object = signed("pat@example.org");
      const bin = mkdtempSync(join(node.root, "bin-"));
      symlinkSync("/usr/bin/git", join(bin, "git"));
      const path = process.env.PATH;
      process.env.PATH = bin;
      try {
        await refusesLater(fault(object, pat()), "ProgramMissing", { names: ["gpg"] });
        const other = node.object("v1.2.2+1");
        await refusesLater(fault(other, allowed(), "v1.2.2+1"), "ProgramMissing", { names: ["ssh-keygen"] });
      } finally {
        process.env.PATH = path;
      }
    });
  });
});
