import type { Definition } from "mdast";
import { sameKnown } from "../base/lib/same-known";
import { withoutEnd } from "../base/lib/text";
import { type Edit, nextLine } from "../base/model/changelog/edit";
import { meaningOf } from "../base/model/changelog/heading";
import { type Changelog, type Section, spanOf } from "../base/model/changelog/read";
import { advanced, comparedWith, rebased } from "./versions-in-text";

/**
 * The edits that keep the compare links at the end of a changelog right: the link of Unreleased compares with the new
 * version, and the new version gets a link where the versions have such links, in their order and form.
 * @param latest the version before the new one
 * @param version `1.2.3`
 */
export function linkEdits(changelog: Changelog, latest: Section | undefined, version: string): Edit[] {
  const unreleased = changelog.definitions.find((one) => meaningOf(labelOf(one))?.isUnreleased);
  const versions = changelog.definitions.filter((one) => versionOf(one) !== undefined);
  const added = versions.some((one) => versionOf(one) === version)
    ? []
    : addedLink(changelog, unreleased, versions, latest?.version, version);
  return [...(unreleased ? [rebasedLink(changelog, unreleased, version)] : []), ...added];
}

const labelOf = ({ label, identifier }: Definition): string => label ?? identifier;
const versionOf = (one: Definition): string | undefined => meaningOf(labelOf(one))?.version;

function sourceOf({ text }: Changelog, one: Definition): string {
  const { start, end } = spanOf(one);
  return text.slice(start, end);
}

function rebasedLink(changelog: Changelog, unreleased: Definition, version: string): Edit {
  const source = sourceOf(changelog, unreleased);
  const label = source.indexOf("]:");
  return { ...spanOf(unreleased), text: source.slice(0, label) + rebased(source.slice(label), version) };
}

function addedLink(
  changelog: Changelog,
  unreleased: Definition | undefined,
  versions: readonly Definition[],
  latest: string | undefined,
  version: string,
): Edit[] {
  const like = versions.find((one) => sameKnown(versionOf(one), latest));
  if (!like || latest === undefined) return [];
  const own = sourceOf(changelog, like);
  const line = advanced(own, latest, version);
  // The first version of all has nothing to be compared with. Its link has a form that no other has.
  const compared =
    versions.length === 1 && unreleased && !own.includes("/compare/")
      ? comparedWith(unreleased.url, version)
      : undefined;
  const text = compared === undefined ? line : `${line.slice(0, line.indexOf("]:"))}]: ${compared}`;
  return [isRising(like, versions, unreleased) ? lineAfter(changelog, like, text) : lineBefore(changelog, like, text)];
}

/** Whether the links go from the oldest version to the latest. */
function isRising(latest: Definition, versions: readonly Definition[], unreleased: Definition | undefined): boolean {
  if (versions.length > 1) return versions.at(-1) === latest;
  return unreleased !== undefined && spanOf(unreleased).start > spanOf(latest).start;
}

function lineBefore({ text, eol }: Changelog, one: Definition, line: string): Edit {
  const { start } = spanOf(one);
  const at = withoutEnd(text.slice(0, start), " \t").length;
  return { start: at, end: at, text: `${line}${eol}` };
}

function lineAfter({ text, eol }: Changelog, one: Definition, line: string): Edit {
  const start = nextLine(text, spanOf(one).end);
  return { start, end: start, text: /[\r\n]$/.test(text) || start < text.length ? `${line}${eol}` : `${eol}${line}` };
}
