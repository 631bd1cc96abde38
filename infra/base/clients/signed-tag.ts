import { UserError } from "../lib/errors";
import { withTemporaryFolder } from "../lib/temporary";
import { type AllowedSigners, readAllowedSigners } from "../model/allowed-signers";
import { faultOfObject, faultOfSignature, type SignatureFault } from "../model/signature-fault";
import { readTagObject } from "../model/tag-signature";
import { type DecidedTag, fetchDecidedTag } from "./git";
import { type Signed, tagObjectText, verifiedTag } from "./signature";

/** Who may sign; undefined when nobody has to. @param text the setting `allowedSigners` */
export const signersOf = (text: string): AllowedSigners | undefined =>
  text.trim() === "" ? undefined : readAllowedSigners(text);

/**
 * Why a tag object is not signed by one of the allowed signers; undefined when it is.
 * @param tag its name
 * @param object its hash, so that a tag that moves meanwhile is not taken for it
 * @throws {UserError} when a program that verifies is missing
 */
export async function signatureFault(
  tag: string,
  object: string,
  repository: Signed,
  signers: AllowedSigners,
  now: number,
): Promise<SignatureFault | undefined> {
  const text = await tagObjectText(repository, object);
  const found = text === undefined ? undefined : readTagObject(text);
  const before = faultOfObject(tag, found, signers);
  if (before || !found || found.kind === "none" || found.kind === "x509") return before;
  return faultOfSignature(tag, await verifiedTag(found.kind, object, repository, signers, now));
}

/**
 * Checks that one of the allowed signers signed a tag, when the setting names some.
 * @param allowed the setting `allowedSigners`
 * @param now milliseconds since 1970
 * @throws {UserError} with what is wrong, also when the tag has moved since it was decided on
 */
export async function requireAllowedSigner(
  { repository, tag, object }: DecidedTag & { readonly repository: string },
  allowed: string,
  now: number,
): Promise<void> {
  const signers = signersOf(allowed);
  if (!signers) return;
  await withTemporaryFolder(async (folder) => {
    await fetchDecidedTag(repository, { tag, object }, folder);
    const fault = await signatureFault(tag, object, { folder }, signers, now);
    if (fault) throw new UserError("TagUntrusted", fault.what, fault.fix);
  });
}
