import type { OtherTag, TagFacts, Target } from "../../infra/prepare/tags/facts";
import { BAD_FORMS } from "./tag-forms";

/** A tag, with what git and the records say of it. */
export interface TagCase {
  readonly tag: string;
  /** What is special about it. */
  readonly note: string;
  readonly facts: TagFacts;
}

/** A tag that must be refused, with the rule that is the cause. */
export interface BadTag extends TagCase {
  readonly rule: string;
}

const [NAMED, FIXED, OTHER] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
const VERSIONS = ["v0.1.0", "v1.2.3", "v1.10.0", "v2.0.0"];

const lightweight: Target = { kind: "commit", commit: NAMED, message: undefined };
const annotated = (message: string, commit = NAMED): Target => ({ kind: "commit", commit, message });
const before = (tag: string, commit = NAMED): OtherTag => ({ tag, commit, isBefore: true });
const after = (tag: string, commit = OTHER): OtherTag => ({ tag, commit, isBefore: false });
const section = (version: string) =>
  `# Changelog\n\n## Unreleased\n\n## ${version.slice(1)} - 2026-11-24\n\n- a change\n`;

/** A new first build on the commit that names the version. */
export const goodBuild = (version: string, changes: Partial<TagFacts> = {}): TagFacts => ({
  isNew: true,
  target: lightweight,
  branch: { name: "develop", hasCommit: true },
  tags: [],
  changelog: section(version),
  releasing: { commit: NAMED, changed: [] },
  certificate: { state: "unseen", why: "a build needs none" },
  deployed: { state: "none" },
  ...changes,
});

/** A new release on the commit of its certified build. */
export const goodRelease = (version: string, changes: Partial<TagFacts> = {}): TagFacts =>
  goodBuild(version, {
    target: annotated("Release\n"),
    tags: [before(`${version}+1`)],
    certificate: { state: "certified" },
    ...changes,
  });

type Kind = (version: string) => { readonly build?: number; readonly note: string; readonly facts: TagFacts };

const fixedCode = { commit: NAMED, changed: ["CHANGELOG.md", "hare/votes.go", "mesh.go"] };
const supersedes = (text: string) => annotated(`A fix\n\nSupersedes: ${text}\n`, FIXED);
const without = (...reasons: string[]) =>
  annotated(`Release\n\n${reasons.map((one) => `Without-Simmer: ${one}`).join("\n")}\n`);
const none = (version: string) => ({ state: "none", why: `${version} has no simmer certificate` }) as const;

/** A tag of the right form for each rule that only facts can break. `build` 0 stands for the release tag. */
const BROKEN: Readonly<Record<string, Kind>> = {
  "no-commit": (v) => ({
    note: "it points to a folder",
    facts: goodBuild(v, { target: { ...lightweight, kind: "tree" } }),
  }),
  moved: (v) => ({
    note: "it was deployed from another commit",
    facts: goodBuild(v, { deployed: { state: "deployed", commit: OTHER } }),
  }),
  "off-branch": (v) => ({
    note: "its commit is on another branch",
    facts: goodBuild(v, { branch: { name: "develop", hasCommit: false } }),
  }),
  "below-last": (v) => ({ note: "a higher version has a build", facts: goodBuild(v, { tags: [before("v2.0.1+1")] }) }),
  released: (v) => ({
    build: 2,
    note: "its version is released",
    facts: goodBuild(v, { tags: [before(`${v}+1`), before(v)] }),
  }),
  repeat: (v) => ({ note: "it exists", facts: goodBuild(v, { tags: [before(`${v}+1`)] }) }),
  behind: (v) => ({
    build: 2,
    note: "build 3 exists",
    facts: goodBuild(v, { tags: [before(`${v}+1`), before(`${v}+3`)] }),
  }),
  "first-build": (v) => ({ build: 2, note: "no build is before it", facts: goodBuild(v) }),
  gap: (v) => ({ build: 11, note: "build 10 is missing", facts: goodBuild(v, { tags: [before(`${v}+9`)] }) }),
  "no-changelog": (v) => ({ note: "its commit has no changelog", facts: goodBuild(v, { changelog: undefined }) }),
  "changelog-unreadable": (v) => ({
    note: "the lines of its changelog end in CR",
    facts: goodBuild(v, { changelog: section(v).replaceAll("\n", "\r") }),
  }),
  "section-twice": (v) => ({
    note: "its section is there twice",
    facts: goodBuild(v, { changelog: section(v).repeat(2) }),
  }),
  "no-section": (v) => ({
    note: "its version is only in code",
    facts: goodBuild(v, { changelog: `# Changelog\n\n~~~\n${section(v)}~~~\n` }),
  }),
  "not-prepared": (v) => ({ note: "no commit names its version", facts: goodBuild(v, { releasing: undefined }) }),
  "code-changed": (v) => ({ note: "a first build with a change", facts: goodBuild(v, { releasing: fixedCode }) }),
  "no-failure": (v) => ({
    build: 2,
    note: "a fix without what failed",
    facts: goodBuild(v, { tags: [before(`${v}+1`)], releasing: fixedCode }),
  }),
  "supersedes-other": (v) => ({
    build: 3,
    note: "it names the build before the last",
    facts: goodBuild(v, { tags: [before(`${v}+1`), before(`${v}+2`)], target: supersedes(`${v}+1 stalls`) }),
  }),
  "no-build": (v) => ({
    build: 0,
    note: "its version has no build",
    facts: goodRelease(v, { tags: [before("v0.0.9+1")] }),
  }),
  "build-elsewhere": (v) => ({
    build: 0,
    note: "its build is on another commit",
    facts: goodRelease(v, { tags: [before(`${v}+1`, OTHER)] }),
  }),
  lightweight: (v) => ({ build: 0, note: "it has no message", facts: goodRelease(v, { target: lightweight }) }),
  "no-certificate": (v) => ({
    build: 0,
    note: "its build has no certificate",
    facts: goodRelease(v, { certificate: none(v) }),
  }),
  "reason-twice": (v) => ({
    build: 0,
    note: "it has two reasons",
    facts: goodRelease(v, { target: without("in a hurry", "a fix"), certificate: none(v) }),
  }),
  "reason-invalid": (v) => ({
    build: 0,
    note: "its reason is too long",
    facts: goodRelease(v, { target: without("x".repeat(1001)), certificate: none(v) }),
  }),
  "reason-not-text": (v) => ({
    build: 0,
    note: "its reason is not UTF-8",
    facts: goodRelease(v, { target: without("in a \u{fffd}"), certificate: none(v) }),
  }),
};

const tagOf = (version: string, build = 1): string => (build === 0 ? version : `${version}+${build}`);

export const BAD_TAGS: readonly BadTag[] = [
  ...Object.entries(BAD_FORMS).flatMap(([rule, tags]) =>
    tags.map((tag) => ({ rule, tag, note: "by its form", facts: goodBuild("v1.2.3") })),
  ),
  ...Object.entries(BROKEN).flatMap(([rule, kind]) =>
    VERSIONS.map((version) => {
      const { build, note, facts } = kind(version);
      return { rule, tag: tagOf(version, build), note, facts };
    }),
  ),
];

/** Tags that are right, although something about them is unusual. */
const RIGHT: readonly Kind[] = [
  (v) => ({ note: "a first build", facts: goodBuild(v) }),
  (v) => ({ note: "annotated, with a message", facts: goodBuild(v, { target: annotated("The first build\n") }) }),
  (v) => ({
    note: "only the changelog was polished",
    facts: goodBuild(v, { releasing: { commit: OTHER, changed: ["CHANGELOG.md"] } }),
  }),
  (v) => ({
    note: "it exists, as later tags do",
    facts: goodBuild(v, { isNew: false, tags: [`${v}+1`, `${v}+2`, v, "v3.0.0+1"].map((one) => after(one)) }),
  }),
  (v) => ({
    note: "a higher version is on another branch",
    facts: goodBuild(v, { tags: [after("v9.0.0+1"), after("v9.0.0")] }),
  }),
  (v) => ({ build: 2, note: "the same code again", facts: goodBuild(v, { tags: [before(`${v}+1`)] }) }),
  (v) => ({
    build: 10,
    note: "a fix after build 9",
    facts: goodBuild(v, { tags: builds(v, 9), releasing: fixedCode, target: supersedes(`${v}+9 it stalls`) }),
  }),
  (v) => ({ note: "the state is not seen", facts: goodBuild(v, { deployed: { state: "unseen", why: "no backend" } }) }),
  (v) => ({
    note: "deployed from this commit",
    facts: goodBuild(v, { isNew: false, tags: [after(`${v}+1`)], deployed: { state: "deployed", commit: NAMED } }),
  }),
  (v) => ({ build: 0, note: "a certified release", facts: goodRelease(v) }),
  (v) => ({
    build: 0,
    note: "a release with a reason",
    facts: goodRelease(v, { certificate: none(v), target: without("in a hurry") }),
  }),
  (v) => ({
    build: 0,
    note: "a newer version has a build",
    facts: goodRelease(v, { tags: [before(`${v}+1`), before("v3.0.0+1")] }),
  }),
  (v) => ({
    build: 0,
    note: "the store is not seen",
    facts: goodRelease(v, { certificate: { state: "unseen", why: "no store" } }),
  }),
];

const builds = (version: string, last: number): OtherTag[] =>
  Array.from({ length: last }, (_, index) => before(`${version}+${index + 1}`));

export const GOOD_TAGS: readonly TagCase[] = RIGHT.flatMap((kind) =>
  VERSIONS.map((version) => {
    const { build, note, facts } = kind(version);
    return { tag: tagOf(version, build), note, facts };
  }),
);
