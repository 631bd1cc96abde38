/** A line that begins or ends a code block. Within a code block nothing is a heading or a link. */
const FENCE = /^ {0,3}(```|~~~)/;
const HEADING = /^##\s+(.*)$/;
/** `[1.2.3]: https://...`: Markdown shows nothing for it. */
const LINK_DEFINITION = /^ {0,3}\[[^\]]+\]:\s*\S/;

/**
 * The section of a version in a changelog in the format of Keep a Changelog 1.1.0: the Markdown below its heading,
 * without link definitions. The heading may be `## 1.2.3`, `## [1.2.3] - 2026-01-01` or `## v1.2.3`. go-spacemesh
 * writes `## Release v1.2.3`, and `## Release v1.2` for v1.2.0.
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
