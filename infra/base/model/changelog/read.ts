import type { Definition, Heading, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString as plainText } from "mdast-util-to-string";
import { UserError } from "../../lib/errors";
import { checked, type Decoded, decoded } from "./decode";
import { type Meaning, meaningOf } from "./heading";

/** A changelog, read as CommonMark 0.31 reads it. All offsets count UTF-16 units of `text`. */
export interface Changelog extends Decoded {
  /** The end of the first line, which new lines get too. */
  readonly eol: "\n" | "\r\n";
  /** The sections of versions, and what is unreleased, in the order of the file. */
  readonly sections: readonly Section[];
  /** The definitions of links, such as `[1.2.3]: https://...`, in the order of the file. */
  readonly definitions: readonly Definition[];
  /** The line of a heading such as `## Unreleased` that a comment hides, from 1. */
  readonly hiddenUnreleased?: number;
}

/** What stands below the heading of a version, up to the next such heading or a heading of level 1. */
export interface Section extends Meaning {
  /** The heading as the file writes it, without its hashes, such as `[1.2.3] - 2026-01-01`. */
  readonly heading: string;
  /** The line of the heading, from 1. */
  readonly line: number;
  /** The Markdown between this heading and the next. */
  readonly body: string;
  /** Where the heading begins, with its hashes. */
  readonly start: number;
  /** Where the heading ends, before the end of its line. */
  readonly headingEnd: number;
  /** Where the body begins: at the heading's end. */
  readonly bodyStart: number;
  /** Where the body ends. */
  readonly end: number;
  /** The body as Markdown reads it. */
  readonly nodes: readonly RootContent[];
}

/**
 * Reads a changelog without loss: UTF-8 with or without a byte order mark, any mix of LF and CRLF.
 * Headings of versions have level 1 or 2. What Markdown shows as code, comment, quote or list is none.
 * @throws {UserError} when the file is not UTF-8, or its lines end in CR alone
 */
export const readChangelog = (bytes: Uint8Array): Changelog => parsed(decoded(bytes));

/**
 * The same for a text that was decoded elsewhere.
 * @throws {UserError} when the file was UTF-16, or its lines end in CR alone
 */
export const readChangelogText = (text: string): Changelog => parsed(checked(text));

function parsed({ bom, text }: Decoded): Changelog {
  const { children } = fromMarkdown(text);
  const eol = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
  const definitions = children.filter((node) => node.type === "definition");
  const [hiddenUnreleased] = children.flatMap(hiddenHeading);
  return {
    bom,
    text,
    eol,
    sections: sectionsOf(text, children),
    definitions,
    ...(hiddenUnreleased === undefined ? {} : { hiddenUnreleased }),
  };
}

const HIDDEN = /^(?:<!--)?[ \t]*##?[ \t]+\[?(?:unreleased|pending)\b/im;

function hiddenHeading(node: RootContent): number[] {
  if (node.type !== "html" || !node.value.startsWith("<!--")) return [];
  const found = HIDDEN.exec(node.value);
  return found ? [lineOf(node) + node.value.slice(0, found.index).split(/\r\n?|\n/).length - 1] : [];
}

function sectionsOf(text: string, nodes: readonly RootContent[]): Section[] {
  const sections: Section[] = [];
  let ends = nodes.length;
  let end = text.length;
  for (const [index, node] of [...nodes.entries()].reverse()) {
    if (node.type !== "heading" || node.depth > 2) continue;
    const meaning = meaningOf(plainText(node, { includeHtml: false }).trim());
    if (!meaning && node.depth > 1) continue;
    if (meaning) sections.unshift(sectionAt(text, node, meaning, nodes.slice(index + 1, ends), end));
    ends = index;
    end = spanOf(node).start;
  }
  return sections;
}

function sectionAt(text: string, node: Heading, meaning: Meaning, nodes: readonly RootContent[], end: number): Section {
  const { start, end: headingEnd } = spanOf(node);
  const first = node.children[0];
  const last = node.children.at(-1);
  const heading = first && last ? text.slice(spanOf(first).start, spanOf(last).end) : "";
  const body = text.slice(headingEnd, end);
  return { ...meaning, heading, line: lineOf(node), body, start, headingEnd, bodyStart: headingEnd, end, nodes };
}

/** Where a node of a parsed text begins and ends. */
export function spanOf({ position }: Pick<RootContent, "position">): { readonly start: number; readonly end: number } {
  const [start, end] = [position?.start.offset, position?.end.offset];
  if (start === undefined || end === undefined) throw new Error("A node of parsed Markdown has no position.");
  return { start, end };
}

/** The first line of a node, from 1. */
export function lineOf({ position }: Pick<RootContent, "position">): number {
  if (!position) throw new Error("A node of parsed Markdown has no position.");
  return position.start.line;
}

/** The one section that collects what is not released. @throws {UserError} when there is none, or more than one */
export function unreleasedOf({ sections, hiddenUnreleased }: Changelog): Section {
  const [section, second] = sections.filter(({ isUnreleased }) => isUnreleased);
  if (!section) {
    const hidden = hiddenUnreleased === undefined ? "" : `, since line ${hiddenUnreleased} is in a comment`;
    const newest = sections[0];
    const place = newest ? `above line ${newest.line}` : "at the end";
    throw new UserError(
      "UnreleasedMissing",
      `The changelog has no section Unreleased${hidden}.`,
      `Write the line \`## Unreleased\` ${place}, and the changes below it.`,
      2,
    );
  }
  if (second) {
    throw new UserError(
      "UnreleasedTwice",
      `The changelog has two sections Unreleased, in lines ${section.line} and ${second.line}.`,
      `Move the entries below line ${second.line} to where they belong, and delete that line.`,
      2,
    );
  }
  return section;
}

/**
 * The section of a released version.
 * @param version `1.2.3`, without the `v` of a tag
 * @throws {UserError} when the version has two sections
 */
export function sectionOf({ sections }: Changelog, version: string): Section | undefined {
  const [section, second] = sections.filter((one) => one.version === version);
  if (section && second) throw versionTwice(version, section, second);
  return section;
}

/** A merge can leave two sections of a version. One of them alone would hide the other's changes. */
const versionTwice = (version: string, first: Section, second: Section): UserError =>
  new UserError(
    "VersionTwice",
    `The changelog has two sections of ${version}, in lines ${first.line} and ${second.line}.`,
    `Move all entries below line ${first.line}, and delete the heading in line ${second.line}.`,
    2,
  );
