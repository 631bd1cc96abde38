import { join } from "node:path";
import { isBuildTag, isReleaseTag } from "../../infra/base/model/build-tag";
import { tagStarts } from "../actions/filters";
import { readWorkflow } from "../actions/workflow";
import { CHECKOUT } from "../home";

/** The workflow of the node repository, which says what a pushed tag starts. */
const CALLER = join(CHECKOUT, "packaging/github/smeshnet.yml");

/** The commit by which git reports a deleted ref to a hook (githooks(5)). */
const NO_COMMIT = /^0+$/;

/**
 * The pushed tags that start a job: those of builds and of releases, by the filter of the node repository's workflow. A
 * few other tags pass that filter, and the first job of the workflow ends them.
 * @param lines standard input of a post-receive hook: `OLD NEW REF` per line
 */
export function pushedTags(lines: string): string[] {
  const patterns = readWorkflow(CALLER).on.push?.tags ?? [];
  return lines.split("\n").flatMap((line) => {
    const [, commit, ref] = line.split(" ");
    const tag = /^refs\/tags\/(.+)$/.exec(ref ?? "")?.[1];
    if (tag === undefined || commit === undefined || NO_COMMIT.test(commit) || !tagStarts(patterns, tag)) return [];
    return isBuildTag(tag) || isReleaseTag(tag) ? [tag] : [];
  });
}

/** The command that CI runs for a tag: deploys a build, promotes a release. */
export const commandOf = (tag: string): "deploy" | "promote" => (tag.includes("+") ? "deploy" : "promote");
