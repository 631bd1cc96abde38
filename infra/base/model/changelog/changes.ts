import type { Definition, Link, LinkReference, Nodes } from "mdast";
import { UserError } from "../../lib/errors";
import { withoutEnd } from "../../lib/text";
import { type Edit, edited } from "./edit";
import { inFull } from "./heading";
import { type Changelog, readChangelogText, type Section, sectionOf, spanOf } from "./read";

/**
 * The section of a version in a changelog: the Markdown below its heading, with LF as the end of each line. Comments and
 * link definitions are left out, since Markdown shows nothing for them. `[text][label]` becomes `[text](url)`. Discord
 * shows HTML and tables as they are written: tags such as `<details>` are left out, and a table becomes code. A picture
 * becomes a link, a relative link its text, and a heading below the third level a bold line.
 * The heading may be `## 1.2.3`, `## [1.2.3] - 2026-01-01` or `## v1.2.3`. go-spacemesh writes `## Release v1.2.3`, and
 * `## Release v1.2` for v1.2.0. A heading such as `## Added` belongs to the version above.
 * @param release the release tag, `v1.2.3`
 * @returns undefined when the version has no section; a section may be empty
 * @throws {UserError} when the changelog was not UTF-8, its lines end in CR alone, or the version has two sections
 */
export function changesOf(changelog: string, release: string): string | undefined {
  const read = readChangelogText(changelog);
  const section = sectionOf(read, inFull(release.replace(/^v/, "")));
  if (!section) return undefined;
  const changes = shownPart(section, read).replace(/\r\n?/g, "\n").trim();
  // Decoders write this character for bytes that are not UTF-8.
  if (changes.includes("\uFFFD")) {
    throw new UserError(
      "ChangelogNotUtf8",
      `The section of ${release} in the changelog, line ${section.line}, is not UTF-8.`,
      "Find its encoding, often Latin-1, and save the file as UTF-8.",
      2,
    );
  }
  return changes;
}

/** The body of a section without what nobody sees, and with the targets of links beside their texts. */
function shownPart(section: Section, { definitions }: Changelog): string {
  const targets = new Map<string, string>();
  // The first definition of a label wins (CommonMark 0.31, 4.7).
  for (const one of [...definitions].reverse()) targets.set(one.identifier, inlineTarget(one));
  return edited(
    section.body,
    section.nodes.flatMap((node) => editsFor(node, section, targets)),
  );
}

/** The edits within a section's body for a node and all that it contains. */
function editsFor(node: Nodes, section: Section, targets: ReadonlyMap<string, string>): Edit[] {
  const { body, bodyStart } = section;
  const span = spanOf(node);
  const [start, end] = [span.start - bodyStart, span.end - bodyStart];
  const source = body.slice(start, end);
  // GitHub reads `[^1]: word` as a foot note.
  if (node.type === "definition") return node.identifier.startsWith("^") ? [] : [removal(body, start, end)];
  if (node.type === "html") {
    return [...source.matchAll(COMMENT_OR_TAG)].map(({ index, 0: { length } }) =>
      removal(body, start + index, start + index + length),
    );
  }
  const inner = "children" in node ? node.children.flatMap((child) => editsFor(child, section, targets)) : [];
  if (node.type === "heading" && node.depth > 3) return asBold(source, start, inner);
  // Discord shows no picture within a text, but a link to it.
  if (node.type === "image") return [{ start, end: start + 1, text: "" }];
  if (node.type === "link" && isRelative(node.url)) return [...asText(node, section), ...inner];
  if (node.type === "paragraph" && body[start - 1] === "\n" && isTable(source)) {
    return [{ start, end: start, text: "```\n" }, ...inner, { start: end, end, text: "\n```" }];
  }
  const label = node.type === "linkReference" || node.type === "imageReference" ? LABEL.exec(source) : null;
  const target = label && "identifier" in node ? targets.get(node.identifier) : undefined;
  if (!label || target === undefined) return inner;
  if (node.type === "linkReference" && isRelative(target.slice(1))) return [...asText(node, section), ...inner];
  const mark: Edit[] = node.type === "imageReference" ? [{ start, end: start + 1, text: "" }] : [];
  return [...mark, ...inner, { start: start + label.index, end, text: target }];
}

/** The edits that leave of a link its text: outside of the repository, a relative link leads nowhere. */
function asText(link: Link | LinkReference, { bodyStart }: Section): Edit[] {
  const [first, last] = [link.children[0], link.children.at(-1)];
  if (!first || !last) return [];
  const { start, end } = spanOf(link);
  return [
    { start: start - bodyStart, end: spanOf(first).start - bodyStart, text: "" },
    { start: spanOf(last).end - bodyStart, end: end - bodyStart, text: "" },
  ];
}

/** The edits that make a heading a bold line: Discord knows three levels (Discord help, Markdown Text 101). */
function asBold(source: string, start: number, inner: readonly Edit[]): Edit[] {
  const marks = SMALL_HEADING.exec(source)?.[0] ?? "";
  const text = marks === "" ? "" : withoutClosing(source.slice(marks.length));
  if (text === "") return [...inner];
  const from = start + marks.length;
  const to = from + text.length;
  return [
    { start, end: from, text: "**" },
    ...inner.filter(({ end }) => end <= to),
    { start: to, end: start + source.length, text: "**" },
  ];
}

/** Without a scheme (RFC 3986, 4.2). */
const isRelative = (url: string): boolean => !/^<?[a-z][a-z0-9+.-]*:/i.test(url);

const SMALL_HEADING = /^#{4,6}[ \t]+/;

/** The text of a heading without the marks that may close it (CommonMark 0.31, 4.2). */
function withoutClosing(text: string): string {
  const whole = withoutEnd(text, " \t");
  const open = withoutEnd(whole, "#");
  return open !== whole && /[ \t]$/.test(open) ? withoutEnd(open, " \t") : whole;
}

const COMMENT_OR_TAG = /<!--[\s\S]*?(?:-->|$)|<[^<>]*>/g;
/** A row of names, and a row of hyphens below (GitHub Flavored Markdown 0.29, 4.10). CommonMark reads a paragraph. */
function isTable(source: string): boolean {
  const [names = "", hyphens = ""] = source.split(/\r?\n/, 2);
  if (!names.includes("|") || !hyphens.includes("|")) return false;
  const cells = hyphens.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
  return cells.every((cell) => /^[ \t]*:?-+:?[ \t]*$/.test(cell));
}
/** The second pair of brackets of a reference. A label holds no bracket without a backslash (CommonMark 0.31, 4.7). */
const LABEL = /(?<=\])\[(?:[^[\]\\]|\\.)*\]$/;

const inlineTarget = ({ url }: Definition): string => (/[\s()<>]/.test(url) ? `(<${url}>)` : `(${url})`);

/** Takes a part out of a text: with its line when nothing else is in it, and with the blanks before it at a line's end. */
function removal(text: string, start: number, end: number): Edit {
  const rest = lengthAt(text, end, /[ \t]*(?:\r?\n|$)/y);
  if (rest === undefined) return { start, end, text: "" };
  let first = start;
  while (text[first - 1] === " " || text[first - 1] === "\t") first--;
  if (first > 0 && text[first - 1] !== "\n") return { start: first, end, text: "" };
  // Of the empty lines around a line one group is enough.
  const lineBefore = text.slice(text.lastIndexOf("\n", first - 2) + 1, first);
  const empty = lineBefore.trim() === "" ? (lengthAt(text, end + rest, /(?:[ \t]*\r?\n)*/y) ?? 0) : 0;
  return { start: first, end: end + rest + empty, text: "" };
}

/** How many UTF-16 units of a text match from an offset on. */
function lengthAt(text: string, offset: number, sticky: RegExp): number | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(text)?.[0].length;
}
