import { cut } from "../base/lib/cut";
import { type Release, releaseTag } from "../base/model/build-tag";
import type { Entry } from "../base/model/changelog/entries";
import { causesOf, type Kind, type Proposal, type Sign } from "./bump";
import type { Change } from "./changes";
import type { LastVersion } from "./log";
import type { Plan, Prepared } from "./run";

/** Width of a column of the table, in characters; two and a mark fit a terminal of 120. */
const COLUMN = 57;

/** `[#206](https://...)`; the table shows `#206`. */
const LINK = /\[([^[\]]*)\]\([^()]*\)/g;

const ASKS: Readonly<Record<Kind, string>> = {
  breaking: "compatibility breaks",
  feature: "there is a new feature",
  fix: "nothing breaks and there is no new feature",
};

/** The plan as lines: both sides, what each lacks, and the version with what led to it. */
export function planLines(plan: Plan): string[] {
  const { last, sides, entries, undone } = plan;
  const changes = count(sides.both.length + sides.onlyLog.length, "change");
  return [
    `since ${since(last)}: ${changes} in the log, ${count(entries.length, "entry", "entries")} in the changelog`,
    "",
    ...table(plan),
    "",
    ...listed("in the log only; the changelog lacks", sides.onlyLog.map(changeText)),
    ...listed("in the changelog only; the log lacks", sides.onlyChangelog.map(entryText)),
    ...listed(
      "taken back, so told as nothing",
      undone.map(([commit, revert]) => `${plain(commit.title)}, by ${revert.hash.slice(0, 12)}`),
    ),
    ...proposalLines(plan.proposal),
  ];
}

/** How the command ended, and what comes next. */
export function endLines(prepared: Prepared): string[] {
  if (prepared.state === "planned") {
    const { choice, diff } = prepared;
    return [
      ...diff.split("\n"),
      `dry run: nothing was changed; without --dry-run ${releaseTag(choice.version)} is committed`,
    ];
  }
  if (prepared.state === "prepared") {
    const { release, commit, wasFinished } = prepared;
    const how = wasFinished ? "finished what an interrupted run began" : "it was prepared before";
    return [`${how}: Releasing ${release} is commit ${commit.slice(0, 12)}`, ...nextLines(release)];
  }
  const release = releaseTag(prepared.choice.version);
  return [
    `committed Releasing ${release} on ${prepared.branch}: ${prepared.commit.slice(0, 12)}`,
    ...nextLines(release),
  ];
}

const nextLines = (release: string): string[] => [
  `next: check it with \`git show\`, then tag it as ${release}+1 with \`smeshnet tag build\``,
];

const since = (last: LastVersion | undefined): string =>
  last === undefined
    ? "the first commit"
    : `${last.tag}${last.also.length > 0 ? ` (also ${last.also.join(", ")})` : ""}`;

/** Two columns, as `sdiff` prints them: `<` is in the log only, `>` in the changelog only. */
function table({ sides, entries }: Plan): string[] {
  const rows: [string, string, string][] = [
    ...sides.both.flatMap(([change, found]) =>
      found.map((entry, index): [string, string, string] => [index === 0 ? change.title : "", "=", entry.text]),
    ),
    ...sides.onlyLog.map(({ title }): [string, string, string] => [title, "<", ""]),
    ...sides.onlyChangelog.map(({ text }): [string, string, string] => ["", ">", text]),
  ];
  const heading = ["log", " ", entries.length > 0 ? "changelog" : "changelog (empty)"] as const;
  return [heading, ...rows].map(([left, mark, right]) =>
    `${fitting(left).padEnd(COLUMN)} ${mark} ${fitting(right)}`.trimEnd(),
  );
}

function proposalLines(proposal: Proposal): string[] {
  const { last, version, level, kind, source } = proposal;
  const why = last === undefined ? "the first version of all" : `${level}, because ${ASKS[kind]}`;
  const below = kind === "breaking" && last?.major === 0 ? [BELOW_ONE] : [];
  const causes = causesOf(proposal);
  const others = proposal.signs.filter((sign) => !causes.includes(sign));
  return [
    `the ${source === "commits" ? "commits ask" : "changelog's headings ask"} for ${releaseTag(version)}: ${why}`,
    ...below,
    ...causes.map(signText),
    ...others.map(signText),
  ];
}

const BELOW_ONE = "  below 1.0 anything may change (SemVer, item 4), so a break raises the minor version only";

const signText = ({ kind, text, why, commit, line }: Sign): string =>
  `  ${kind.padEnd("breaking".length)}  ${commit?.slice(0, 12) ?? `line ${line}`}  ${plain(text)}, ${plain(why)}`;

const changeText = ({ title, commits }: Change): string =>
  `${commits[0]?.hash.slice(0, 12)}  ${plain(title)}${commits.length > 1 ? ` (${commits.length} commits)` : ""}`;

const entryText = ({ text, line }: Entry): string => `line ${line}  ${plain(text)}`;

const listed = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${heading}:`, ...lines.map((line) => `  ${line}`), ""];

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** How a version is offered. */
export const offered = (version: Release, level: string, isProposed: boolean): string =>
  `${releaseTag(version)}  ${level}${isProposed ? ", as the changes ask" : ""}`;

const fitting = (text: string): string => cut(plain(text.replace(LINK, "$1")), COLUMN);

/** What others wrote, without characters that steer a terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, " ");
