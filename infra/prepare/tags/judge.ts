import { UserError } from "../../base/lib/errors";
import { isBuildTag } from "../../base/model/build-tag";
import type { Records, TagFacts } from "./facts";
import { formViolation } from "./forms";
import { factsOf, type Question, type Repository } from "./gather";
import { violationsOf } from "./rules";
import type { Violation } from "./violation";

/** What the rules say of a tag. */
export interface Judged {
  readonly tag: string;
  /** The commit that it points to; absent for a tag of another form. */
  readonly commit?: string;
  /** The cause first; none for a good tag. */
  readonly violations: readonly Violation[];
  /** What could not be looked at, each a phrase with its reason. */
  readonly unseen: readonly string[];
}

/** Judges a version tag by its repository and by what others have on record. @throws {UserError} see {@link factsOf} */
export async function judged(repository: Repository, question: Question, records: Records): Promise<Judged> {
  const facts = await factsOf(repository, question, records);
  const { tag, target } = question;
  return { tag, commit: target.commit, violations: violationsOf(tag, facts), unseen: unseenOf(tag, facts) };
}

/** Judges a tag by its form alone; undefined when its form is right. */
export function judgedByForm(tag: string): Judged | undefined {
  const violation = formViolation(tag);
  return violation && { tag, violations: [violation], unseen: [] };
}

function unseenOf(tag: string, { certificate, deployed }: TagFacts): string[] {
  const unseen = deployed.state === "unseen" ? [`the deployed commit (${deployed.why})`] : [];
  if (isBuildTag(tag) || certificate.state !== "unseen") return unseen;
  return [...unseen, `the simmer certificate (${certificate.why})`];
}

/** The error for a tag that breaks rules; it tells the cause. */
export function refusal({ violations }: Judged): UserError | undefined {
  const [cause] = violations;
  return cause && new UserError("TagRefused", cause.what, cause.fix);
}
