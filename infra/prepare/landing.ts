import { chmod, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { complaint, gitOptions } from "../base/clients/git";
import { boundedFile, boundedTextFile, LIMITS } from "../base/lib/bounded";
import { UserError } from "../base/lib/errors";
import { exec } from "../base/lib/exec";
import { parsedJson } from "../base/lib/json";
import { sha256Of } from "../base/lib/sha256";
import { LONGEST_CHANGELOG } from "../base/model/changelog/limits";
import { asked, CHANGELOG, type Checkout, gitPath } from "./checkout";

/** What a killed run leaves in git's folder between the commit and the tree: enough to finish, or to forget. */
const Journal = z.object({
  /** `v1.2.3` */
  release: z.string(),
  /** The release commit. */
  commit: z.string(),
  /** SHA-256 of the changelog that it replaces in the tree. */
  replaces: z.string(),
});
export type Journal = Readonly<z.infer<typeof Journal>>;

/** Where the journal and the new changelog wait. */
interface Waiting {
  readonly journal: string;
  readonly content: string;
}

/**
 * Moves the branch, then the file, then the index. git does each in one step. This one process is none of ours: a kill
 * of ours does not reach it. A machine that stops leaves the journal, by which the next run finishes.
 */
const LAND = 'git update-ref -m "$1" HEAD "$2" "$3" && mv -f "$4" "$5" && git reset -q -- "$5" && rm -f "$6"';

/**
 * Lands a release commit: branch, tree and index.
 * @throws {UserError} when the branch moved meanwhile; then nothing is changed
 */
export async function land(checkout: Checkout, next: Omit<Journal, "replaces">, old: Uint8Array, content: Uint8Array) {
  const { folder, head } = checkout;
  const waiting = await waitingIn(folder);
  await writeFile(waiting.content, content);
  await chmod(waiting.content, (await stat(join(folder, CHANGELOG))).mode);
  const journal: Journal = { ...next, replaces: sha256Of(old) };
  await writeFile(`${waiting.journal}.new`, JSON.stringify(journal));
  await rename(`${waiting.journal}.new`, waiting.journal);
  const values = [`commit: Releasing ${next.release}`, next.commit, head, waiting.content, CHANGELOG, waiting.journal];
  const { exitCode, stderr } = await exec("sh", ["-c", LAND, "sh", ...values], { ...gitOptions(folder), secrets: [] });
  if (exitCode === 0) return;
  if ((await asked(folder, "rev-parse", "HEAD")) !== next.commit) {
    await forget(waiting);
    throw new UserError(
      "BranchMovedMeanwhile",
      `Branch ${checkout.branch} does not take the release commit (${complaint(stderr)}).`,
      "Nothing was changed. Run the command again.",
    );
  }
  throw unfinishedRelease(next.release, stderr);
}

/**
 * Finds what a killed run left.
 * @returns its journal when its commit is on the branch, but perhaps not in tree and index
 */
export async function unfinished(folder: string): Promise<Journal | undefined> {
  const { journal } = await waitingIn(folder);
  const text = await boundedTextFile(journal, LIMITS.small).catch(() => "");
  const { data } = Journal.safeParse(parsedJson(text));
  return data && (await asked(folder, "rev-parse", "HEAD")) === data.commit ? data : undefined;
}

/**
 * Brings tree and index to the commit of a killed run. A changelog that somebody edited since stays in the tree.
 * @throws {UserError} when the tree cannot be written
 */
export async function finish(folder: string, { release, replaces }: Journal): Promise<void> {
  const waiting = await waitingIn(folder);
  const isOld = async () => {
    const bytes = await boundedFile(join(folder, CHANGELOG), LONGEST_CHANGELOG).catch(() => undefined);
    return bytes !== undefined && sha256Of(bytes) === replaces;
  };
  if (await isOld()) {
    const { stderr } = await exec("mv", ["-f", waiting.content, CHANGELOG], { ...gitOptions(folder), secrets: [] });
    // Whoever was faster, the old file must be gone.
    if (await isOld()) throw unfinishedRelease(release, stderr);
  }
  await asked(folder, "reset", "-q", "--", CHANGELOG);
  await forget(waiting);
}

const unfinishedRelease = (release: string, stderr: string): UserError =>
  new UserError(
    "ReleaseUnfinished",
    `The commit Releasing ${release} is made, but the tree does not show it yet (${complaint(stderr)}).`,
    "Run the command again to finish.",
  );

/** Removes what a run left that was killed before its commit was on the branch. */
export const forgetKilled = async (folder: string): Promise<void> => forget(await waitingIn(folder));

async function forget({ journal, content }: Waiting): Promise<void> {
  for (const file of [journal, `${journal}.new`, content]) await rm(file, { force: true });
}

const waitingIn = async (folder: string): Promise<Waiting> => ({
  journal: await gitPath(folder, "smeshnet-prepare.json"),
  content: await gitPath(folder, `smeshnet-prepare-${CHANGELOG}`),
});
