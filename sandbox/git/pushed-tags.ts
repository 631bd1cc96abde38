/** As git tells a hook that a ref was deleted (githooks(5)). */
const NO_COMMIT = /^0+$/;

/**
 * The tags among pushed refs that start something: build tags, as a CI's filter `v*+*` finds them, and release tags,
 * `v*` without a build. Pure.
 * @param lines what git gives a post-receive hook: `OLD NEW REF` a line.
 */
export function pushedTags(lines: string): string[] {
  return lines.split("\n").flatMap((line) => {
    const [, commit, ref] = line.split(" ");
    const tag = /^refs\/tags\/(v[^/]+)$/.exec(ref ?? "")?.[1];
    return tag && commit && !NO_COMMIT.test(commit) ? [tag] : [];
  });
}

/** The verb that CI runs for a tag: a build is deployed, a release promoted. Pure. */
export const verbOf = (tag: string): "deploy" | "promote" => (tag.includes("+") ? "deploy" : "promote");
