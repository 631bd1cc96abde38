import { digestOfText } from "./digest";

/** The comment that tells which lines are ours. YAML and TOML both begin a comment with `#`. */
const SEAL = /^# smeshnet((?: [\w-]+=[0-9a-f]+)*)$/;
/** A key with its value on one line, in YAML or in TOML. */
const KEY_LINE = /^([\w-]+)\s*[:=]/;
/** Front matter of YAML or TOML at the start of a document, perhaps after a byte order mark. */
const BLOCK = /^\uFEFF?(---|\+\+\+)[ \t]*\r?\n(?:[^\n]*\n)*?\1[ \t]*(?=\r?\n|$)/;

/** Front matter with the seal of each line that we wrote. Ends without a line break. */
export function sealedFrontMatter(frontMatter: string): string {
  const lines = frontMatter.trimEnd().split("\n");
  return [...lines.slice(0, -1), sealOf(ownLines(frontMatter)), ...lines.slice(-1)].join("\n");
}

/**
 * Renews the lines of a document's front matter that stand as we wrote them.
 * @returns the whole document, and which keys stayed as a person left them
 */
export function mergeFrontMatter(existing: string, frontMatter: string): { text: string; kept: string[] } {
  if (frontMatter === "") return { text: existing, kept: [] };
  const block = BLOCK.exec(existing)?.[0] ?? "";
  const lines = block.split("\n");
  const at = lines.findIndex((line) => SEAL.test(bare(line)));
  const [, list] = SEAL.exec(bare(lines[at] ?? "")) ?? [];
  if (list === undefined) return { text: existing, kept: ["front matter"] };
  const seals = new Map(
    list
      .trim()
      .split(" ")
      .filter(Boolean)
      .map((seal) => seal.split("=") as [string, string]),
  );
  const wanted = ownLines(frontMatter);
  const kept: string[] = [];
  for (const [key, digest] of seals) {
    const own = lines.flatMap((line, i) => (KEY_LINE.exec(line)?.[1] === key ? [i] : []));
    const [place = -1] = own;
    const isOurs = own.length === 1 && digestOfText(bare(lines[place] ?? "")) === digest && !isContinued(lines, place);
    const line = wanted.get(key);
    if (!isOurs) kept.push(`front matter: ${key}`);
    else if (line !== undefined) {
      lines[place] = line + (lines[place]?.endsWith("\r") ? "\r" : "");
      seals.set(key, digestOfText(line));
    }
  }
  lines[at] = `# smeshnet${sealText(seals)}${lines[at]?.endsWith("\r") ? "\r" : ""}`;
  return { text: lines.join("\n") + existing.slice(block.length), kept };
}

/** A line without the half of a line ending that `\n` leaves. */
const bare = (line: string): string => line.replace(/\r$/, "");

/** Whether a person went on with the value on the next line. */
const isContinued = (lines: readonly string[], at: number): boolean => /^\s+\S/.test(lines[at + 1] ?? "");

/** The lines with a key, by their keys. */
const ownLines = (frontMatter: string): Map<string, string> =>
  new Map(
    frontMatter.split("\n").flatMap((line) => {
      const key = KEY_LINE.exec(line)?.[1];
      return key === undefined ? [] : [[key, line] as const];
    }),
  );

const sealOf = (lines: ReadonlyMap<string, string>): string =>
  `# smeshnet${sealText(new Map([...lines].map(([key, line]) => [key, digestOfText(line)])))}`;

const sealText = (seals: ReadonlyMap<string, string>): string =>
  [...seals].map(([key, digest]) => ` ${key}=${digest}`).join("");
