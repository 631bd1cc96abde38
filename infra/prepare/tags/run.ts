import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { asked, CHANGELOG, inspectCheckout, treeOf } from "../checkout";
import { compareWithRemote, requireRemote } from "../remote";
import type { Records, Signing, Target } from "./facts";
import { targetOf } from "./gather";
import { judged, refusal } from "./judge";
import type { Open } from "./known";
import type { Tagged, Tagger, TagPlan } from "./plan";
import { madeTag, pushTag } from "./push";

/** What both commands are asked for. */
export interface TagRequest {
  /** A folder of the checkout. */
  readonly folder: string;
  /** The release branch; the remote's default branch unless told. */
  readonly branch?: string;
  /** Whether the command shows what it would do, and changes nothing. */
  readonly isDry: boolean;
  /** Who may sign tags; absent when nobody has to. */
  readonly signing?: Signing;
  /**
   * What outside git says of a tag.
   * @param builds the build tags on a release's commit, newest first
   */
  readonly records: (tag: string, commit: string, builds: readonly string[]) => Promise<Records>;
}

/** @throws {UserError} when the checkout is not ready, or differs from its remote */
export async function opened({ folder, branch }: TagRequest): Promise<Open> {
  const checkout = await inspectCheckout(await treeOf(folder));
  requireRemote(checkout);
  if ((await asked(checkout.folder, "status", "--porcelain", "--", CHANGELOG)) !== "") {
    throw new UserError(
      "ChangelogUncommitted",
      `${CHANGELOG} has changes that are not committed, and a tag names a commit.`,
      "Commit them, with `smeshnet prepare` if they release a version, or undo them.",
    );
  }
  return { checkout, ...(await compareWithRemote(checkout, branch)) };
}

/**
 * Judges a tag, shows it, makes it and pushes it. Nothing changes before the person agrees.
 * @throws {UserError} when it breaks a rule, when the person gives up, or when the remote does not take it
 */
export async function tagged(
  { checkout }: Open,
  tag: Omit<TagPlan, "remote" | "unseen">,
  records: Records,
  { isDry, signing }: TagRequest,
  tagger: Tagger,
  run: Run,
): Promise<Tagged> {
  const { folder, remote, branch, head } = checkout;
  const ref = `refs/tags/${tag.tag}`;
  const target: Target = tag.made ? await targetOf({ folder }, ref) : { ...tag, kind: "commit" };
  const isNew = tag.made === undefined;
  const question = { tag: tag.tag, isNew, target, branch: { name: branch, commit: head }, object: tag.made, signing };
  const judgement = await judged({ folder }, question, records);
  const broken = refusal(judgement);
  if (broken) throw broken;
  const plan = { ...tag, remote, unseen: judgement.unseen };
  if (isDry) return { ...plan, state: "planned" };
  await tagger.agrees(plan);
  run.signal.throwIfAborted();
  await pushTag(folder, plan, await madeTag(folder, plan, signing));
  return { ...plan, state: "pushed" };
}
