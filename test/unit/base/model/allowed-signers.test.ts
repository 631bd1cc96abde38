import { deepStrictEqual, strictEqual } from "node:assert";
import { readAllowedSigners } from "../../../../infra/base/model/allowed-signers";
import { openpgpVerified, readTagObject, sshVerified } from "../../../../infra/base/model/tag-signature";
import { settingsWith } from "../../../support/settings";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJfV3MzJkzSzTsrBfNvC6nSyMRcRXFLJYxBtLQVn0Ckt";
const BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----";

describe("the setting allowedSigners", () => {
  const one = (line: string) => readAllowedSigners(line)?.ssh[0];

  it("holds lines of ssh-keygen, OpenPGP keys and comments, in any order", () => {
    const signers = readAllowedSigners(`# release managers\r\n${BLOCK}\n\n  sam@example.org ${KEY} laptop\n${BLOCK}\n`);
    strictEqual(signers?.ssh.length, 1);
    strictEqual(signers?.sshText, `sam@example.org ${KEY} laptop\n`);
    strictEqual(signers?.openpgp, `${BLOCK}\n${BLOCK}\n`);
  });

  it("shows a key as OpenSSH does", () =>
    strictEqual(one(`sam@example.org ${KEY}`)?.fingerprint, "SHA256:oMor6PsMuekT6GUIMdpZXwO4Gv/wO4xLZ27VmIiRvS8"));

  it("knows the limits of a line", () => {
    const options = 'namespaces="git,file",valid-after=20260101Z,valid-before="202701011230Z"';
    const { namespaces, validAfter, validBefore } = one(`"a@x,b@x" ${options} ${KEY}`) ?? {};
    deepStrictEqual(namespaces, ["git", "file"]);
    strictEqual(validAfter, Date.parse("2026-01-01T00:00:00Z"));
    strictEqual(validBefore, Date.parse("2027-01-01T12:30:00Z"));
  });

  it("is refused with a line that is no signer", () => {
    for (const line of [
      "sam@example.org",
      `sam@example.org cert-authority ${KEY}`,
      `sam@example.org valid-before=soon ${KEY}`,
      `sam@example.org unknown="x" ${KEY}`,
      "sam@example.org ssh-dss AAAA",
      "sam@example.org ssh-ed25519 no*base64",
      BLOCK.replace(/-----END.*/, ""),
      "signers.txt",
    ])
      strictEqual(readAllowedSigners(`ok@example.org ${KEY}\n${line}`), undefined, line);
  });

  it("is empty unless set", () => strictEqual(settingsWith().allowedSigners, ""));
});

describe("a tag object", () => {
  it("tells what it points to, its name and the kind of its signature", () => {
    const head = "object abc\ntype commit\ntag v1.2.3\ntagger S <s@e> 0 +0000\n\n";
    deepStrictEqual(readTagObject(`${head}tag v9.9.9\n`), {
      object: "abc",
      type: "commit",
      name: "v1.2.3",
      kind: "none",
    });
    strictEqual(readTagObject(`${head}x\n-----BEGIN SSH SIGNATURE-----\n`)?.kind, "ssh");
    strictEqual(readTagObject(`${head}-----BEGIN PGP SIGNATURE-----\n`)?.kind, "openpgp");
    strictEqual(readTagObject("tree abc\n\nmessage"), undefined);
  });
});

describe("what git prints of a signature", () => {
  it("is good only with a fingerprint that the setting names", () => {
    const printed = 'Good "git" signature for sam with ED25519 key SHA256:other\n';
    strictEqual(sshVerified(printed, true, readAllowedSigners(`sam ${KEY}`)?.ssh ?? [], 0).state, "unknown");
    strictEqual(sshVerified("Could not verify signature.\n", false, [], 0).state, "bad");
  });

  it("is refused for a revoked key, and unknown for a key that came from elsewhere", () => {
    const good = "[GNUPG:] GOODSIG ABCD Sam\n[GNUPG:] VALIDSIG F1 2026-01-01 0 0 4 0 22 8 00 F1\n";
    strictEqual(openpgpVerified(good, ["F1"]).state, "good");
    strictEqual(openpgpVerified(good, ["F2"]).state, "unknown");
    strictEqual(openpgpVerified(good.replace("GOODSIG", "REVKEYSIG"), ["F1"]).state, "refused");
    strictEqual(openpgpVerified(`${good}[GNUPG:] BADSIG ABCE Eve\n`, ["F1"]).state, "bad");
    strictEqual(openpgpVerified("", ["F1"]).state, "bad");
  });
});
