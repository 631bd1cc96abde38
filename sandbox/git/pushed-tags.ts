import { join } from "node:path";
import { isBuildTag, isReleaseTag } from "../../infra/base/model/build-tag";
import { tagStarts } from "../actions/filters";
import { readWorkflow } from "../actions/workflow";
import { CHECKOUT } from "../home";

/** The workflow of the node repository, which says what a pushed tag starts. */
const CALLER = join(CHECKOUT, "packaging/github/smeshnet.yml");

/** The commit by which git reports a deleted ref to a hook (githooks(5)). */
const NO_COMMIT = /^0+$/;

/** A tag that starts a job. */
export interface PushedTag {
  readonly tag: string;
  /** The object that it pointed to before; absent for a new tag. */
  readonly movedFrom?: string;
}

/** Names of the pushed tags that start a job. @param lines as for {@link pushedJobs} */
export const pushedTags = (lines: string): string[] => pushedJobs(lines).map(({ tag }) => tag);

/**
 * The pushed tags that start a job: those of builds and of releases, by the filter of the node repository's workflow. A
 * few other tags pass that filter, and the first job of the workflow ends them.
 * @param lines standard input of a post-receive hook: `OLD NEW REF` per line
 */
export function pushedJobs(lines: string): PushedTag[] {
  const patterns = readWorkflow(CALLER).on.push?.tags ?? [];
  return lines.split("\n").flatMap((line) => {
    const [old = "", commit, ref] = line.split(" ");
    const tag = /^refs\/tags\/(.+)$/.exec(ref ?? "")?.[1];
    if (tag === undefined || commit === undefined || NO_COMMIT.test(commit) || !tagStarts(patterns, tag)) return [];
    if (!isBuildTag(tag) && !isReleaseTag(tag)) return [];
    return [{ tag, ...(NO_COMMIT.test(old) ? {} : { movedFrom: old }) }];
  });
}

/** The command that CI runs for a tag: deploys a build, promotes a release. */
export const commandOf = (tag: string): "deploy" | "promote" => (tag.includes("+") ? "deploy" : "promote");

/** The line that a push shows for a job. A tag that moved names another commit than people may have seen. */
export const lineOf = ({ tag, movedFrom }: PushedTag): string =>
  `CI: ${commandOf(tag)} ${tag}${movedFrom ? ` (the tag was MOVED from ${movedFrom.slice(0, 12)})` : ""}; ` +
  `follow it with: npm run sandbox -- logs ${tag}\n`;
