import type { AllowedSigners } from "./allowed-signers";
import type { TagObject, Verified } from "./tag-signature";

/** Why a tag's signature does not count. */
export interface SignatureFault {
  /** The kind of reason. Scripts may depend on it. */
  readonly rule: "unsigned" | "nested" | "signed-as-other" | "signature-wrong" | "signer-unknown" | "signer-refused";
  /** What is wrong, and what to do: one line each, with the full stop. */
  readonly what: string;
  readonly fix: string;
}

const AGAIN = "Tag it again, signed by one of the setting allowedSigners.";
const NEXT = "Tag the next build, or the next release, signed by one of the setting allowedSigners.";

/**
 * What is wrong with a tag before its signature is looked at.
 * @param found the tag's object; undefined for a lightweight tag
 */
export function faultOfObject(
  tag: string,
  found: TagObject | undefined,
  signers: Pick<AllowedSigners, "ssh" | "openpgp">,
): SignatureFault | undefined {
  if (!found)
    return fault("unsigned", `${tag} is a lightweight tag, which nobody can sign.`, `${AGAIN} Use \`git tag -s\`.`);
  const { name, type, kind } = found;
  if (name !== tag) {
    const what = `The object of ${tag} is the signed tag ${JSON.stringify(name)}: its signature is for another name.`;
    return fault("signed-as-other", what, NEXT);
  }
  if (type !== "commit")
    return fault("nested", `${tag} points to another ${type}, not to a commit.`, `${AGAIN} Tag the commit.`);
  if (kind === "none") return fault("unsigned", `${tag} is not signed.`, `${AGAIN} Use \`git tag -s\`.`);
  const ways = { ssh: signers.ssh.length > 0, openpgp: signers.openpgp !== "", x509: false };
  if (ways[kind]) return undefined;
  const words = { ssh: "SSH", openpgp: "OpenPGP", x509: "X.509" }[kind];
  return fault("signer-unknown", `${tag} is signed with ${words}, and allowedSigners has no key of that kind.`, AGAIN);
}

/** What is wrong with a tag's signature. */
export function faultOfSignature(tag: string, verified: Verified): SignatureFault | undefined {
  switch (verified.state) {
    case "good":
      return undefined;
    case "bad":
      return fault("signature-wrong", `The signature of ${tag} does not fit its content.`, AGAIN);
    case "unknown":
      return fault(
        "signer-unknown",
        `${tag} is signed with the ${verified.key}, which allowedSigners does not name.`,
        AGAIN,
      );
    case "refused": {
      const { key, who, why } = verified;
      const whose = who ? ` of ${who}` : "";
      return fault("signer-refused", `${tag} is signed with the ${key}${whose}, which ${why}.`, AGAIN);
    }
  }
}

const fault = (rule: SignatureFault["rule"], what: string, fix: string): SignatureFault => ({ rule, what, fix });
