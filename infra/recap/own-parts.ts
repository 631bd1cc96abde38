import { DIGEST_DIGITS, digestOfText } from "./digest";
import type { Part } from "./document";
import { mergeFrontMatter, sealedFrontMatter } from "./front-matter";

/** A document after a merge. */
export interface Merged {
  readonly text: string;
  /** What a person edited or removed, and so stays as it is: ids of parts, and keys as `front matter: title`. */
  readonly kept: readonly string[];
}

const opening = (id: string, digest: string): string => `<!-- smeshnet:${id} ${digest} -->`;
const closing = (id: string): string => `<!-- /smeshnet:${id} -->`;

/**
 * Writes the parts of a document, or renews them in one that exists. Only parts that stand as we wrote them change. What
 * a person removed stays away, and of a part that stands twice nobody knows which is ours.
 * @param existing the document as it is now; undefined for the first time
 * @param frontMatter with its delimiters, one line for each key: `---\ntitle: "T"\n---\n`; empty for none
 */
export function mergeParts(existing: string | undefined, frontMatter: string, parts: readonly Part[]): Merged {
  if (existing === undefined) return { text: firstText(frontMatter, parts), kept: [] };
  const { text: withFrontMatter, kept } = mergeFrontMatter(existing, frontMatter);
  let text = withFrontMatter;
  const stayed: string[] = [];
  for (const { id, text: part, forPerson } of parts) {
    if (forPerson) continue;
    const renewed = renew(text, id, part);
    if (renewed === undefined) stayed.push(id);
    else text = renewed;
  }
  return { text, kept: [...kept, ...stayed] };
}

function firstText(frontMatter: string, parts: readonly Part[]): string {
  const written = parts.map(({ id, text, forPerson }) => (forPerson ? text : marked(id, text, "\n")));
  return `${[...(frontMatter === "" ? [] : [sealedFrontMatter(frontMatter)]), ...written].join("\n\n")}\n`;
}

/** A blank line after the marker lets Markdown begin anew. */
const marked = (id: string, text: string, end: string): string =>
  [opening(id, digestOfText(text)), "", ...text.split("\n"), "", closing(id)].join(end);

/** The text with one part renewed; undefined when the part does not stand there once, as we wrote it. */
function renew(text: string, id: string, part: string): string | undefined {
  const form = new RegExp(`^<!-- smeshnet:${id} ([0-9a-f]{${DIGEST_DIGITS}}) -->(\\r?\\n)`, "gm");
  const [found, ...more] = [...text.matchAll(form)];
  if (!found || more.length > 0) return undefined;
  const [begin, digest, end = "\n"] = found;
  const from = found.index + begin.length;
  const to = text.indexOf(`${end}${end}${closing(id)}`, from);
  const body = to === -1 ? "" : text.slice(from, to);
  if (!body.startsWith(end) || digestOfText(body.slice(end.length)) !== digest) return undefined;
  const after = to + 2 * end.length + closing(id).length;
  return text.slice(0, found.index) + marked(id, part, end) + text.slice(after);
}
