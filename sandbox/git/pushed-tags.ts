/** The commit by which git reports a deleted ref to a hook (githooks(5)). */
const NO_COMMIT = /^0+$/;

/**
 * The pushed tags that start a job: build tags, which a CI selects by `v*+*`, and release tags, `v*` without a build.
 * @param lines standard input of a post-receive hook: `OLD NEW REF` per line
 */
export function pushedTags(lines: string): string[] {
  return lines.split("\n").flatMap((line) => {
    const [, commit, ref] = line.split(" ");
    const tag = /^refs\/tags\/(v[^/]+)$/.exec(ref ?? "")?.[1];
    return tag && commit && !NO_COMMIT.test(commit) ? [tag] : [];
  });
}

/** The command that CI runs for a tag: deploys a build, promotes a release. */
export const commandOf = (tag: string): "deploy" | "promote" => (tag.includes("+") ? "deploy" : "promote");
