/** The line that begins or ends a block of code, in which nothing is a heading or a link. */
const FENCE = /^ {0,3}(```|~~~)/;
const HEADING = /^##\s+(.*)$/;
/** `[1.2.3]: https://...`, which shows nothing by itself. */
const LINK_DEFINITION = /^ {0,3}\[[^\]]+\]:\s*\S/;

/**
 * What a version changed: the markdown below its heading in a changelog in the form of Keep a Changelog 1.1.0, without
 * link definitions. The heading may be `## 1.2.3`, `## [1.2.3] - 2026-01-01`, `## v1.2.3`, or as go-spacemesh has them,
 * `## Release v1.2.3` and `## Release v1.2` for v1.2.0. Pure.
 * @param release the release tag, `v1.2.3`
 * @returns undefined when the version has no section; a section may be empty
 */
export function changesOf(changelog: string, release: string): string | undefined {
  const kept: string[] = [];
  let inSection = false;
  let found = false;
  let fence: string | undefined;
  for (const line of changelog.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const heading = fence === undefined ? HEADING.exec(line)?.[1] : undefined;
    if (heading !== undefined) {
      if (found) break;
      inSection = isOf(heading, release);
      found = inSection;
      continue;
    }
    if (inSection && (fence !== undefined || !LINK_DEFINITION.test(line))) kept.push(line);
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark === fence) fence = undefined;
  }
  return found ? kept.join("\n").trim() : undefined;
}

function isOf(heading: string, release: string): boolean {
  const [, version] = /^(?:Release\s+)?\[?v?(\d[^\s\]]*)/i.exec(heading) ?? [];
  const wanted = release.replace(/^v/, "");
  return version === wanted || version === wanted.replace(/^(\d+\.\d+)\.0$/, "$1");
}
