import { deepStrictEqual, strictEqual } from "node:assert";
import { releaseTag } from "../../../infra/base/model/build-tag";
import type { Entry } from "../../../infra/base/model/changelog/entries";
import { causesOf, choose, type Proposal, propose, type Wish } from "../../../infra/prepare/bump";
import { logOf, type Message } from "../../support/commits";
import { refuses } from "../../support/errors";

const V1 = { major: 1, minor: 4, patch: 2 };
const V0 = { major: 0, minor: 4, patch: 2 };

const entry = (heading: string, text = "A change.", above: readonly string[] = []): Entry => ({
  heading,
  headings: [...above, heading],
  text,
  line: 5,
});

const fromCommits = async (last: typeof V1 | undefined, ...messages: readonly Message[]): Promise<Proposal> =>
  propose(last, await logOf(...messages), []);

const fromHeadings = (last: typeof V1, ...entries: readonly Entry[]): Proposal => propose(last, [], entries);

describe("propose", () => {
  it("raises the major version for a break, the minor one for a feature, the patch for all else", async () => {
    const names = await Promise.all(
      [["feat!: a", "fix: b"], ["feat: a", "fix: b"], ["fix: b"], ["ci: c"]].map((log) => fromCommits(V1, ...log)),
    );
    deepStrictEqual(
      names.map(({ version }) => releaseTag(version)),
      ["v2.0.0", "v1.5.0", "v1.4.3", "v1.4.3"],
    );
  });

  it("raises the minor version for a break below 1.0", async () => {
    const names = await Promise.all(["feat!: a", "feat: a", "fix: a"].map((message) => fromCommits(V0, message)));
    deepStrictEqual(
      names.map(({ version }) => releaseTag(version)),
      ["v0.5.0", "v0.5.0", "v0.4.3"],
    );
  });

  it("begins with 0.1.0", async () =>
    strictEqual(releaseTag((await fromCommits(undefined, "feat!: a")).version), "v0.1.0"));

  it("names the commits that led to it, with what each says", async () => {
    const proposal = await fromCommits(V1, "fix: a", "feat(api)!: b", "refactor: c\n\nBREAKING-CHANGE: d");
    deepStrictEqual(
      causesOf(proposal).map(({ text, why }) => [text, why]),
      [
        ["feat(api)!: b", "by its `!`"],
        ["refactor: c", "by its footer BREAKING-CHANGE"],
      ],
    );
    deepStrictEqual(
      proposal.signs.map(({ kind }) => kind),
      ["breaking", "breaking", "fix"],
    );
  });

  it("asks the changelog's headings only when no commit follows the convention", async () => {
    const entries = [entry("Removed")];
    const plain = propose(V1, await logOf("p2p: fewer dials"), entries);
    const conventional = propose(V1, await logOf("p2p: fewer dials", "ci: c"), entries);
    deepStrictEqual(
      [plain, conventional].map(({ source, level }) => [source, level]),
      [
        ["changelog", "major"],
        ["commits", "patch"],
      ],
    );
  });

  const LEVELS: Readonly<Record<string, string>> = {
    Removed: "major",
    "Breaking changes": "major",
    "⚠ BREAKING CHANGES": "major",
    "Upgrade information": "major",
    Added: "minor",
    Changed: "minor",
    Deprecated: "minor",
    Features: "minor",
    Highlights: "minor",
    Fixed: "patch",
    Fixes: "patch",
    "Bug Fixes": "patch",
    Security: "patch",
    Improvements: "patch",
    Acknowledgements: "patch",
  };
  for (const [heading, level] of Object.entries(LEVELS))
    it(`raises the ${level} version for an entry below ${heading}`, () =>
      strictEqual(fromHeadings(V1, entry("Fixed"), entry(heading)).level, level));

  it("believes an entry that calls itself breaking", () => {
    const proposal = fromHeadings(V1, entry("Improvements", "**Breaking:** the API is gone."));
    deepStrictEqual([proposal.level, causesOf(proposal)[0]?.line], ["major", 5]);
    strictEqual(fromHeadings(V1, entry("Improvements", "No breaking of votes.")).level, "patch");
  });

  it("asks the heading above when the nearest one says nothing", () =>
    strictEqual(fromHeadings(V1, entry("API", "A change.", ["Removed"])).level, "major"));
});

describe("choose", () => {
  const wish = (more: Partial<Wish>): Wish => ({ isForced: false, ...more });
  let broken: Proposal;
  let fixed: Proposal;
  before(async () => {
    broken = await fromCommits(V1, "feat!: a");
    fixed = await fromCommits(V1, "fix: a");
  });

  it("takes the proposal without a word, also when it is named", () => {
    const proposed = { version: { major: 2, minor: 0, patch: 0 }, level: "major" } as const;
    deepStrictEqual(choose(broken, wish({})), proposed);
    deepStrictEqual(choose(broken, wish({ level: "major", reason: "not needed" })), proposed);
    deepStrictEqual(choose(broken, wish({ version: proposed.version })), proposed);
  });

  it("takes a larger version with a reason", () => {
    refuses(() => choose(fixed, wish({ level: "major" })), "BumpReasonMissing", { exitCode: 2, names: ["v2.0.0"] });
    deepStrictEqual(choose(fixed, wish({ level: "major", reason: "genesis" })), {
      version: { major: 2, minor: 0, patch: 0 },
      level: "major",
      reason: "genesis",
    });
  });

  it("takes a version that skips numbers with a reason", () => {
    const version = { major: 1, minor: 4, patch: 9 };
    refuses(() => choose(fixed, wish({ version })), "BumpReasonMissing", { exitCode: 2, names: ["v1.4.9"] });
    strictEqual(choose(fixed, wish({ version, reason: "as the app" })).level, "patch");
  });

  for (const level of ["minor", "patch"] as const)
    it(`refuses ${level} for a break without force, and without a reason`, () => {
      const names = ["commit 000000000000", "v2.0.0"];
      refuses(() => choose(broken, wish({ level })), "BumpTooSmall", { exitCode: 2, names });
      refuses(() => choose(broken, wish({ level, reason: "small" })), "BumpTooSmall", { exitCode: 2, names });
      refuses(() => choose(broken, wish({ level, isForced: true })), "BumpReasonMissing", { exitCode: 2 });
      strictEqual(choose(broken, wish({ level, isForced: true, reason: "small" })).level, level);
    });

  it("refuses a patch for a break below 1.0", async () => {
    const below = await fromCommits(V0, "feat!: a");
    refuses(() => choose(below, wish({ level: "patch" })), "BumpTooSmall", { exitCode: 2, names: ["v0.5.0"] });
    strictEqual(choose(below, wish({ level: "major", reason: "mainnet" })).level, "major");
  });

  it("refuses a version that is not above the last one", () => {
    for (const version of [V1, { major: 1, minor: 3, patch: 9 }, { major: 0, minor: 9, patch: 9 }])
      refuses(() => choose(fixed, wish({ version, reason: "why not" })), "VersionNotAbove", { exitCode: 2 });
  });
});
