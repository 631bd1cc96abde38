import { UserError } from "../../base/lib/errors";
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
  /** The tag's object, when an earlier run made it and did not push it. */
  readonly made?: string;
}

/** How it ended. */
export type Tagged =
  | (TagPlan & { readonly state: "planned" | "pushed" })
  /** The tag is there and at the remote: there is nothing to do. */
  | { readonly state: "tagged"; readonly tag: string; readonly commit: string };

/** The person at the terminal, or flags in place of one. */
export interface Tagger {
  /** Says why the last build is superseded. @throws {UserError} when nobody can say it, or the person gives up */
  readonly says: (superseded: string) => Promise<string>;
  /** Agrees to what is shown. @throws {UserError} when the person gives up */
  readonly agrees: (plan: TagPlan) => Promise<void>;
}

/**
 * The tag of an earlier run, which pushed it not.
 * @throws {UserError} when it differs from the one that this run would make
 */
export function madeBefore(known: KnownTag, { commit, message }: Pick<TagPlan, "commit" | "message">): string {
  if (known.commit === commit && textOf(known.message) === textOf(message)) return known.object;
  throw new UserError(
    "TagUnpushed",
    known.commit === commit
      ? `Tag ${known.tag} is here and not at the remote, with another message.`
      : `Tag ${known.tag} is here and not at the remote, on commit ${known.commit.slice(0, 12)}.`,
    `Push it with \`git push origin ${known.tag}\`, or delete it with \`git tag -d ${known.tag}\`.`,
  );
}

/** A message without the signature that git put below it. */
const textOf = (message: string): string => message.replace(/^-----BEGIN [A-Z ]+-----$[^]*/m, "").trim();
