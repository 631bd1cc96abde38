import { UserError } from "../base/lib/errors";
import { type Release, releaseTag } from "../base/model/build-tag";
import type { Entry } from "../base/model/changelog/entries";
import type { ReadCommit } from "./commits";

/** Which number of a version rises, the smallest first. */
export const LEVELS = ["patch", "minor", "major"] as const;
export type Level = (typeof LEVELS)[number];

/** What a change is to users. */
export type Kind = "breaking" | "feature" | "fix";

/** A commit or an entry of the changelog that says what kind of change it is. */
export interface Sign {
  readonly kind: Kind;
  /** The commit's subject, or the entry. */
  readonly text: string;
  /** What says so, e.g. `by its footer BREAKING-CHANGE`. */
  readonly why: string;
  /** The commit's name, 40 or 64 hexadecimal digits; absent for an entry. */
  readonly commit?: string;
  /** The entry's line in the changelog, from 1; absent for a commit. */
  readonly line?: number;
}

/** The version that the changes ask for. */
export interface Proposal {
  /** The last version; undefined before the first one. */
  readonly last: Release | undefined;
  readonly version: Release;
  readonly level: Level;
  /** Where the signs are from: commits if any follows Conventional Commits, else the changelog. */
  readonly source: "commits" | "changelog";
  /** The gravest kind among the signs; `fix` without signs. */
  readonly kind: Kind;
  /** All signs, the gravest first. */
  readonly signs: readonly Sign[];
}

/** What somebody wants instead of the proposal. */
export interface Wish {
  readonly version?: Release;
  readonly level?: Level;
  /** Why it is another version than the proposed one. */
  readonly reason?: string;
  /** Whether the version may hide that compatibility breaks. */
  readonly isForced: boolean;
}

/** The version that is released. */
export interface Choice {
  readonly version: Release;
  readonly level: Level;
  /** Why it is another version than the proposed one. */
  readonly reason?: string;
}

const KINDS: readonly Kind[] = ["breaking", "feature", "fix"];
const NONE: Release = { major: 0, minor: 0, patch: 0 };

/**
 * Which kind of change stands below a heading: the six of Keep a Changelog 1.1.0, and those of go-spacemesh. Deprecated
 * is minor by SemVer 2.0.0, item 7. `Upgrade information` tells what an upgrade breaks.
 */
const HEADINGS: readonly (readonly [Kind, RegExp])[] = [
  ["breaking", /\bbreaking\b|^(?:removed|upgrade information)$/i],
  ["feature", /^(?:added|changed|deprecated|(?:new )?features|highlights)$/i],
  ["fix", /^(?:(?:bug ?)?fix(?:e[ds])?|security|improvements)$/i],
];
/** `**Breaking:** ...` */
const BREAKING_ENTRY = /^\W*breaking\b/i;

/**
 * Proposes the version after the last one: major when compatibility breaks, minor for a feature, patch for all else.
 * Below 1.0 anything may change (SemVer 2.0.0, item 4): a break raises the minor version. The first version is 0.1.0.
 */
export function propose(
  last: Release | undefined,
  commits: readonly ReadCommit[],
  entries: readonly Entry[],
): Proposal {
  const isConventional = commits.some(({ type, breaking }) => type !== undefined || breaking !== undefined);
  const found = isConventional ? commits.flatMap(signOfCommit) : entries.flatMap(signOfEntry);
  const signs = KINDS.flatMap((kind) => found.filter((sign) => sign.kind === kind));
  const kind = signs[0]?.kind ?? "fix";
  const level = last === undefined ? "minor" : levelOf(kind, last);
  const source = isConventional ? "commits" : "changelog";
  return { last, version: raised(last ?? NONE, level), level, source, kind, signs };
}

/** The signs that led to the proposal. */
export const causesOf = ({ signs, kind }: Proposal): readonly Sign[] => signs.filter((sign) => sign.kind === kind);

const levelOf = (kind: Kind, last: Release): Level => {
  if (kind === "breaking") return last.major === 0 ? "minor" : "major";
  return kind === "feature" ? "minor" : "patch";
};

/** The next version at a level. */
export function raised({ major, minor, patch }: Release, level: Level): Release {
  if (level === "major") return { major: major + 1, minor: 0, patch: 0 };
  return level === "minor" ? { major, minor: minor + 1, patch: 0 } : { major, minor, patch: patch + 1 };
}

/** The version that somebody wants; undefined when the proposal is to be taken. */
export const wished = (last: Release | undefined, { version, level }: Omit<Wish, "isForced">): Release | undefined =>
  version ?? (level === undefined ? undefined : raised(last ?? NONE, level));

/**
 * Checks what somebody wants against the proposal.
 * @throws {UserError} when the version is not above the last one, hides a break without force, or lacks its reason
 */
export function choose(proposal: Proposal, wish: Wish): Choice {
  const { last = NONE, version: proposed } = proposal;
  const version = wished(last, wish) ?? proposed;
  const [name, wanted] = [releaseTag(version), releaseTag(proposed)];
  if (compare(version, last) <= 0) {
    throw new UserError(
      "VersionNotAbove",
      `${name} is not above ${releaseTag(last)}, the last version.`,
      `Choose a version above it, such as ${wanted}.`,
      2,
    );
  }
  const level = levelBetween(last, version);
  const [cause] = causesOf(proposal);
  if (isTooSmall(proposal, level) && !wish.isForced) {
    throw new UserError(
      "BumpTooSmall",
      `${name} hides that ${cause && nameOf(cause)} breaks compatibility, which asks for ${wanted}.`,
      `Release ${wanted}, or pass \`--force\` and \`--reason TEXT\`.`,
      2,
    );
  }
  if (!isProposed(proposal, version) && wish.reason === undefined) {
    throw new UserError(
      "BumpReasonMissing",
      `The changes ask for ${wanted}, not for ${name}.`,
      `Release ${wanted}, or say with \`--reason TEXT\` why it is ${name}.`,
      2,
    );
  }
  return { version, level, ...(isProposed(proposal, version) ? {} : { reason: wish.reason }) };
}

/** Whether a version is the one that the changes ask for. */
export const isProposed = (proposal: Proposal, version: Release): boolean => compare(version, proposal.version) === 0;

/** Whether a bump is smaller than a breaking change asks for. */
export const isTooSmall = ({ kind, level: asked }: Proposal, level: Level): boolean =>
  kind === "breaking" && LEVELS.indexOf(level) < LEVELS.indexOf(asked);

/** How an error names a commit or an entry. */
const nameOf = ({ commit, line }: Sign): string =>
  commit === undefined ? `line ${line} of the changelog` : `commit ${commit.slice(0, 12)}`;

const compare = (a: Release, b: Release): number => a.major - b.major || a.minor - b.minor || a.patch - b.patch;

const levelBetween = (last: Release, version: Release): Level =>
  version.major !== last.major ? "major" : version.minor !== last.minor ? "minor" : "patch";

function signOfCommit({ hash, title, type, breaking }: ReadCommit): Sign[] {
  const of = { text: title, commit: hash };
  if (breaking)
    return [{ ...of, kind: "breaking", why: breaking === "!" ? "by its `!`" : `by its footer ${breaking}` }];
  if (type === "feat" || type === "feature") return [{ ...of, kind: "feature", why: `read as ${type}` }];
  return type === "fix" || type === "perf" ? [{ ...of, kind: "fix", why: `read as ${type}` }] : [];
}

function signOfEntry({ text, line, headings }: Entry): Sign[] {
  if (BREAKING_ENTRY.test(text)) return [{ kind: "breaking", text, line, why: "says so itself" }];
  for (const heading of [...headings].reverse()) {
    const kind = HEADINGS.find(([, form]) => form.test(heading.trim()))?.[0];
    if (kind) return [{ kind, text, line, why: `below ${heading}` }];
  }
  return [];
}
