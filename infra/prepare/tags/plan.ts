import { UserError } from "../../base/lib/errors";
import type { Checkout } from "../checkout";
import type { KnownTag } from "./known";

/** A tag that is about to be made and pushed. */
export interface TagPlan {
  /** `v1.2.3+1` or `v1.2.3` */
  readonly tag: string;
  /** The commit that it names, in full. */
  readonly commit: string;
  readonly message: string;
  readonly remote: string;
  /** The branch that is pushed with the tag, because the remote lacks its commits; undefined when it has them. */
  readonly branch?: string;
  /** The last build, when it is on the same commit. */
  readonly twin?: string;
  /** The tag's object, when an earlier run made it and did not push it. */
  readonly made?: string;
  /** What could not be seen from here. */
  readonly unseen: readonly string[];
}

/** How it ended. */
export type Tagged =
  | (TagPlan & { readonly state: "planned" | "pushed" })
  /** The tag is here and at the remote: there is nothing to do. */
  | { readonly state: "tagged"; readonly tag: string; readonly commit: string };

/** The person at the terminal, or flags in place of one. */
export interface Tagger {
  /** Gives a reason. @throws {UserError} when nobody can give it, or the person gives up */
  readonly says: (question: string) => Promise<string>;
  /** Sees the plan and agrees. @throws {UserError} when the person gives up */
  readonly agrees: (plan: TagPlan) => Promise<void>;
}

/**
 * Checks that a tag which an earlier run made, and did not push, is the one that this run wants.
 * @param saysSame whether it says the reason that is given
 * @throws {UserError} when it is another one
 */
export function requireSame({ tag, commit }: KnownTag, { remote }: Checkout, wanted: string, saysSame: boolean): void {
  if (commit === wanted && saysSame) return;
  const other = commit === wanted ? "with another reason" : `on commit ${commit.slice(0, 12)}`;
  throw new UserError(
    "TagUnpushed",
    `Tag ${tag} is here ${other}, and ${remote} lacks it.`,
    `Push it with \`git push ${remote} ${tag}\`, or delete it with \`git tag -d ${tag}\`.`,
  );
}
