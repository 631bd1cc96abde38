import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { asked, CHANGELOG, inspectCheckout, treeOf } from "../checkout";
import { compareWithRemote, requireRemote } from "../remote";
import type { Records } from "./facts";
import { requireGood } from "./judged";
import type { KnownTag, Open } from "./known";
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
  /** What outside git says of a tag and of the build whose commit it names. */
  readonly records: (tag: string, build: Pick<KnownTag, "tag" | "commit">) => Promise<Records>;
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
  { isDry }: TagRequest,
  tagger: Tagger,
  run: Run,
): Promise<Tagged> {
  const { folder, remote } = checkout;
  const counted = tag.tag.includes("+") ? records.deployed : records.certificate;
  const plan = { ...tag, remote, unseen: counted.state === "unseen" ? [counted.why] : [] };
  await requireGood(folder, plan);
  if (isDry) return { ...plan, state: "planned" };
  await tagger.agrees(plan);
  run.signal.throwIfAborted();
  await pushTag(folder, plan, await madeTag(folder, plan));
  return { ...plan, state: "pushed" };
}
