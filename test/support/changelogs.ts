import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The changelogs of test/fixtures/changelogs. Each has the form of a public project; all words and names are ours. */
export type Form = keyof typeof FORMS;

/** The files, with the form that each stands for. */
export const FORMS = {
  "keep-a-changelog": "Keep a Changelog 1.1.0 (olivierlacan/keep-a-changelog): compare links at the end",
  "go-spacemesh":
    "go-spacemesh: `## UNRELEASED`, nested headings and lists, JSON and a quote in an item, `## Release v1.3`",
  "code-fences": "changelogs of generators (git-cliff): code that holds `## `; dates in brackets (towncrier)",
  "duplicated-headings":
    "stacks-core: `- Unreleased` behind the version, two `### Added`, `## Added` at the level of versions",
  "cosmos-sdk": "cosmos-sdk: guiding principles in a comment, linked versions, an older part at the end",
  avalanchego: "avalanchego's RELEASES.md: `## Pending (v1.15.1)`, linked versions without a date",
  "cargo-release": "cargo-release: `ReleaseDate` and comments that mark places",
  "standard-version": "standard-version (conventional-changelog): levels 1 and 2, compare links in headings",
} as const;

const FOLDER = join(__dirname, "../fixtures/changelogs");

/** The text of a changelog, with LF as the end of each line. */
export const changelogOf = (form: Form): string => readFileSync(join(FOLDER, `${form}.md`), "utf8");

/** The bytes of a text in UTF-8. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
