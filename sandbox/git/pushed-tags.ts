/** As git tells a hook that a ref was deleted (githooks(5)). */
const NO_COMMIT = /^0+$/;

/**
 * The build tags among pushed refs, as a CI's filter `v*+*` finds them. Pure.
 * @param lines what git gives a post-receive hook: `OLD NEW REF` a line.
 */
export function pushedBuildTags(lines: string): string[] {
  return lines.split("\n").flatMap((line) => {
    const [, commit, ref] = line.split(" ");
    const tag = /^refs\/tags\/(v[^/]*\+[^/]*)$/.exec(ref ?? "")?.[1];
    return tag && commit && !NO_COMMIT.test(commit) ? [tag] : [];
  });
}
