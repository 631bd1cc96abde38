import { complaint, git } from "../../base/clients/git";
import { signatureFault } from "../../base/clients/signed-tag";
import { UserError } from "../../base/lib/errors";
import type { Finished } from "../../base/lib/exec";
import { asked } from "../checkout";
import { refsIn } from "../remote";
import type { Signing } from "./facts";
import type { TagPlan } from "./plan";

/**
 * Makes an annotated tag, and signs it if git signs tags. One that an earlier run made stays as it is.
 * @param signing who may sign; absent when nobody has to
 * @returns the tag's object
 * @throws {UserError} when git does not make it, or none of the allowed signers signed it
 */
export async function madeTag(
  folder: string,
  { tag, commit, message, made }: TagPlan,
  signing?: Signing,
): Promise<string> {
  if (made !== undefined) return made;
  // Without --annotate both settings count: tag.gpgSign and tag.forceSignAnnotated.
  const tagging = await git(["tag", "-m", message, tag, commit], folder, { mayAsk: true });
  if (tagging.exitCode !== 0) throw notMade(tag, tagging.stderr, "Nothing was changed.");
  const object = await asked(folder, "rev-parse", "--verify", `refs/tags/${tag}`);
  // git 2.39 makes a tag without a signature when it cannot read the key of SSH, and says so by its words alone.
  if ((await signsTags(folder)) && !(await isSigned(folder, tag)))
    throw notMade(tag, tagging.stderr, await removed(folder, tag, object));
  const fault = signing && (await signatureFault(tag, object, { folder }, signing.signers, signing.now));
  if (!fault) return object;
  throw new UserError(
    "TagRefused",
    `${fault.what} ${await removed(folder, tag, object)}`,
    "Sign with an allowed key: set `git config tag.gpgSign true` and user.signingKey, then run the command again.",
  );
}

const notMade = (tag: string, stderr: string, fate: string): UserError =>
  new UserError(
    "TagFailed",
    `git cannot make the tag ${tag} (${complaint(stderr)}). ${fate}`,
    "Correct the cause, then run the command again.",
  );

const signsTags = async (folder: string): Promise<boolean> =>
  (await git(["config", "--type=bool", "--get", "tag.gpgSign"], folder)).stdout.trim() === "true";

const isSigned = async (folder: string, tag: string): Promise<boolean> =>
  (await asked(folder, "for-each-ref", "--format=%(contents:signature)", `refs/tags/${tag}`)).trim() !== "";

/**
 * Pushes one tag, and with it the branch when the remote lacks its commits: both or none. Only the remote says whether
 * the tag arrived, since an answer may be lost.
 * @param object of the tag; a tag that this run made is removed again when the remote does not take it
 * @throws {UserError} when the remote has another tag of this name, refuses it, or does not answer
 */
export async function pushTag(folder: string, plan: TagPlan, object: string): Promise<void> {
  const { tag, commit, remote, branch } = plan;
  const ref = `refs/tags/${tag}`;
  const both = branch === undefined ? [] : ["--atomic", remote, `${commit}:refs/heads/${branch}`];
  // Objects, not names: what somebody commits or tags meanwhile stays here.
  const refs = [...(branch === undefined ? [remote] : both), `${object}:${ref}`];
  const pushed = await git(["push", "--porcelain", "--no-follow-tags", ...refs], folder, { mayAsk: true });
  if (pushed.exitCode === 0) return;
  const there = await remoteTag(folder, plan);
  if (there === object) return;
  const fate =
    plan.made === undefined ? await removed(folder, tag, object) : `The tag of an earlier run is still here.`;
  if (there !== undefined) {
    throw new UserError(
      "TagTaken",
      `Somebody else pushed another tag ${tag} to ${remote} meanwhile. ${fate}`,
      `Run \`git fetch --tags --force ${remote}\`, then the command again.`,
    );
  }
  throw new UserError(
    "PushRefused",
    `${remote} does not take ${branch === undefined ? tag : `${branch} and ${tag}`} (${refusalIn(pushed)}). ${fate}`,
    "Correct what it names, then run the command again.",
  );
}

/** The tag's object at the remote. @throws {UserError} when the remote does not answer: the tag may have arrived */
async function remoteTag(folder: string, { tag, remote }: TagPlan): Promise<string | undefined> {
  const ref = `refs/tags/${tag}`;
  const listed = await git(["ls-remote", remote, ref], folder, { mayAsk: true });
  if (listed.exitCode === 0) return refsIn(listed.stdout).refs.get(ref);
  throw new UserError(
    "PushUncertain",
    `${remote} does not answer (${complaint(listed.stderr)}), so nobody knows whether ${tag} arrived there.`,
    "Run the same command again once it answers. It finishes, or finds nothing to do.",
  );
}

/** Removes a tag of ours. git compares its object, so nobody else's tag of this name goes. */
async function removed(folder: string, tag: string, object: string): Promise<string> {
  const { exitCode } = await git(["update-ref", "-d", `refs/tags/${tag}`, object], folder);
  return exitCode === 0 ? "Nothing was changed." : `The tag is still here; delete it with \`git tag -d ${tag}\`.`;
}

/** Why a push failed: the words of the remote or of a hook, or else git's summary, such as `fetch first`. */
export function refusalIn({ stdout, stderr }: Pick<Finished, "stdout" | "stderr">): string {
  if (/^remote: /m.test(stderr)) return complaint(stderr);
  const summaries = stdout.split("\n").flatMap((line) => /^!\t[^\t]*\t(.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(summaries)].join(", ") || complaint(stderr);
}
