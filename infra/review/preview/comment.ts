import { findingLines, type Verdict, verdictOf } from "./dangers";
import { type DiffItem, diffOf } from "./diff";
import { effectsOf } from "./effects";
import type { PreviewReport, StackPreview } from "./model";
import { counted, markdownOf, namesOf, type Phrase, say } from "./phrase";
import { type Counts, changesOf, countsOf, isPreviewed } from "./resources";
import { cellOf, fenced, htmlOf } from "./text";

export interface CommentOptions {
  /** Whether the pull request has the label that agrees to dangers. */
  readonly agreed: boolean;
  /** A much shorter one, for a forge that refuses the whole: no table, no diffs. */
  readonly short?: boolean;
}

/** Lines of a comment: 80, less the marker, the commit and the empty line that stand above them (post/marker.ts). */
const MOST_LINES = 77;
/** GitHub's limit of a comment's body, which we keep in bytes; bytes are never fewer than characters. */
const MOST_BYTES = 65_536;
const MOST_BYTES_SHORT = 16_384;

/** How much room the parts above the diffs take. The first that fits is taken. */
const SIZES = [
  { word: 300, findings: 8, effects: 12, rows: 16, notes: 4 },
  { word: 100, findings: 8, effects: 8, rows: 12, notes: 3 },
  { word: 40, findings: 1, effects: 5, rows: 8, notes: 2 },
  { word: 12, findings: 1, effects: 3, rows: 4, notes: 1 },
] as const;
interface Size {
  /** Longest foreign text, in UTF-16 units. */
  readonly word: number;
  readonly findings: number;
  readonly effects: number;
  readonly rows: number;
  readonly notes: number;
}

/** A preview as one comment in GitHub's Markdown, within its limits. The same report gives the same bytes. */
export function renderComment(report: PreviewReport, { agreed, short = false }: CommentOptions): string {
  return `${bodyOf(report, verdictOf(report, agreed), short).join("\n")}\n`;
}

/** A preview as the output of a check run. */
export function renderCheck(report: PreviewReport, agreed: boolean) {
  const verdict = verdictOf(report, agreed);
  const conclusion = verdict.ok ? ("success" as const) : ("failure" as const);
  return { conclusion, title: verdict.title, summary: `${bodyOf(report, verdict, true).join("\n")}\n` };
}

function bodyOf(report: PreviewReport, verdict: Verdict, short: boolean): string[] {
  const most = short ? MOST_BYTES_SHORT : MOST_BYTES - 4096; // some of it for the first diffs
  const [above, below] = frameWithin(most, report, verdict, short);
  const used = [...above, ...below];
  if (short) return used;
  // 300 bytes for the marker, the commit and line ends.
  const diffs = diffsOf(report, MOST_LINES - used.length, MOST_BYTES - bytesOf(used) - 300);
  return [...above, ...diffs, ...below];
}

/** The first frame that fits, or the smallest. */
function frameWithin(most: number, report: PreviewReport, verdict: Verdict, short: boolean): Frame {
  const [size, ...smaller] = SIZES;
  let frame = frameOf(report, verdict, size, short);
  for (const next of smaller) {
    if (bytesOf(frame.flat()) <= most) break;
    frame = frameOf(report, verdict, next, short);
  }
  return frame;
}

/** Lines above the diffs, and lines below. */
type Frame = readonly [string[], string[]];

const bytesOf = (lines: readonly string[]): number => Buffer.byteLength(lines.join("\n"));

/** All but the diffs: what stands above them and what stands below. */
function frameOf(report: PreviewReport, verdict: Verdict, size: Size, short: boolean): Frame {
  const item = (phrase: Phrase) => `- ${markdownOf(phrase, size.word)}`;
  const section = (title: string, phrases: readonly Phrase[]) =>
    phrases.length > 0 ? ["", `**${title}**`, ...phrases.map(item)] : [];
  // GitHub frames it in a colour; another forge shows a quotation.
  const alert = (kind: string, title: string, phrases: readonly Phrase[]) =>
    phrases.length > 0 ? ["", `> [!${kind}]`, `> **${title}**`, ...phrases.map((phrase) => `> ${item(phrase)}`)] : [];
  const effects = effectsOf(report).map(({ text }) => text);
  const more = effects.length - size.effects;
  const shown = more > 0 ? [...effects.slice(0, size.effects), say`${more} more of less weight`] : effects;
  const { blocked, dangers, unseen, agreed } = verdict;
  const above = [
    `### Preview: ${verdict.title}`,
    ...alert("CAUTION", "Fails", findingLines(blocked, size.findings)),
    ...alert("WARNING", agreed ? "Dangers, agreed to" : "Dangers", findingLines(dangers, size.findings)),
    ...section("Effect on the release cycle", shown),
    ...(report.stacks.length === 0 ? [] : short ? ["", totalsOf(report)] : ["", ...tableOf(report, size)]),
  ];
  const below = [
    ...section("Not seen", findingLines(unseen, size.findings)),
    ...(short ? [] : section("Advice of policies", adviceOf(report, size.notes))),
    "",
    markdownOf(closingOf(report), size.word),
  ];
  return [above, below];
}

/** Violations of policies that forbid nothing. */
function adviceOf({ stacks }: PreviewReport, most: number): Phrase[] {
  const all = stacks.flatMap(({ what, outcome }) =>
    outcome.kind === "previewed"
      ? outcome.violations
          .filter(({ mandatory }) => !mandatory)
          .map(
            ({ policy, message, resource }) => say`${what}, ${resource ?? "the whole stack"}: ${message} (${policy})`,
          )
      : [],
  );
  const rest = all.length - most;
  return rest > 0 ? [...all.slice(0, most), say`${rest} more`] : all;
}

function closingOf({ commit, stacks }: PreviewReport): Phrase {
  const absent = stacks.filter(({ outcome }) => outcome.kind === "absent").map(({ what }) => what);
  const none = absent.length > 0 ? say` There is no stack of ${namesOf(absent)} yet.` : [];
  const of = commit === undefined ? [] : say` of commit ${commit.slice(0, 12)}`;
  return say`Preview${of} by ${"smeshnet preview"}.${none}`;
}

const STATES = { failed: "failed", unseen: "not seen", absent: "no stack" } as const;

/** Columns of the table; the last but one only when there is anything in it. */
const COLUMNS = {
  create: "Create",
  update: "Update",
  replace: "Replace",
  delete: "Delete",
  open: "May change",
  same: "Same",
};
type Column = keyof typeof COLUMNS;

function tableOf({ stacks }: PreviewReport, { rows, word }: Size): string[] {
  const hasOpen = countsOf(stacks).open > 0;
  const columns = (["create", "update", "replace", "delete", "open", "same"] as const).filter(
    (one) => one !== "open" || hasOpen,
  );
  const head = [
    `| ${["Stack", ...columns.map((one) => COLUMNS[one])].join(" | ")} |`,
    `|--${"|--:".repeat(columns.length)}|`,
  ];
  const row = (name: string, some: readonly StackPreview[]) => rowOf(name, some, columns);
  const rowsOf = (some: readonly StackPreview[]) => some.map((stack) => row(cellOf(stack.what, word), [stack]));
  if (stacks.length <= rows) return [...head, ...rowsOf(stacks)];
  // Stacks that stay as they are share a row, then those that come last.
  const isQuiet = (stack: StackPreview) => isPreviewed(stack) && changesOf(stack).length === 0;
  const loud = stacks.filter((stack) => !isQuiet(stack));
  const quiet = stacks.filter(isQuiet);
  const shown = loud.length + (quiet.length > 0 ? 1 : 0) > rows ? loud.slice(0, rows - 2) : loud;
  const others = loud.slice(shown.length);
  return [
    ...head,
    ...rowsOf(shown),
    ...(others.length > 0 ? [row(counted(others.length, "more stack"), others)] : []),
    ...(quiet.length > 0 ? [row(`${counted(quiet.length, "stack")} without changes`, quiet)] : []),
  ];
}

/** A row of one stack, or of several as one. */
function rowOf(name: string, stacks: readonly StackPreview[], columns: readonly Column[]): string {
  const [only] = stacks;
  const state = only && stacks.length === 1 ? only.outcome.kind : "previewed";
  const counts = countsOf(stacks);
  const cells = columns.map((column) => (counts[column] === 0 ? "" : `${counts[column]}`));
  return `| ${[state === "previewed" ? name : `${name}: ${STATES[state]}`, ...cells].join(" | ")} |`;
}

/** The counts in a line. */
function totalsOf({ stacks }: PreviewReport): string {
  const counts = countsOf(stacks);
  const failed = stacks.filter(({ outcome }) => outcome.kind === "failed").length;
  const end = failed > 0 ? `, ${failed} failed` : "";
  return `${counted(stacks.length, "stack")}: ${summaryOf(counts)}, ${counts.same} same${end}.`;
}

const summaryOf = (counts: Counts): string =>
  [
    ...(["delete", "replace", "update", "create"] as const).flatMap((operation) =>
      counts[operation] > 0 ? [`${counts[operation]} to ${operation}`] : [],
    ),
    ...(counts.open > 0 ? [`${counts.open} may change`] : []),
  ].join(", ") || "nothing to change";

/** Lines that the fold of a stack takes besides its diff. */
const FOLD = 5;

/** The diffs of each stack, folded: as many whole items as fit, deletions and replacements first. */
function diffsOf({ stacks }: PreviewReport, mostLines: number, mostBytes: number): string[] {
  const items = stacks.flatMap((stack) => diffOf(stack).map((item) => ({ stack, item })));
  if (items.length === 0) return [];
  const shown = new Map<StackPreview, DiffItem[]>();
  let [lines, bytes] = [mostLines - 3, mostBytes - 200]; // two empty lines, and the line that says what is left out
  const inOrder = [...items.filter(({ item }) => item.isLoss), ...items.filter(({ item }) => !item.isLoss)];
  for (const { stack, item } of inOrder) {
    const known = shown.get(stack);
    const lineCount = item.lines.length + (known ? 0 : FOLD);
    // A fence is at most as long as what it holds, and stands there twice.
    const byteCount = 4 * bytesOf(item.lines) + (known ? 0 : bytesOf([summaryLine(stack)]) + 100);
    if (lineCount > lines || byteCount > bytes) continue;
    lines -= lineCount;
    bytes -= byteCount;
    shown.set(stack, [...(known ?? []), item]);
  }
  const folds = stacks.flatMap((stack) => foldOf(stack, shown.get(stack) ?? []));
  const left = items.filter(({ stack, item }) => !shown.get(stack)?.includes(item));
  if (left.length === 0) return ["", ...folds];
  const changes = left.reduce((count, { item }) => count + item.resources, 0);
  const where = counted(new Set(left.map(({ stack }) => stack)).size, "stack");
  const rest = `${counted(changes, "more change")} in ${where}: run \`smeshnet preview\`.`;
  return [...(folds.length > 0 ? ["", ...folds] : []), "", rest];
}

function foldOf(stack: StackPreview, items: readonly DiffItem[]): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) => item.lines);
  return [summaryLine(stack), "", ...fenced(lines, "diff"), "</details>"];
}

const summaryLine = (stack: StackPreview): string =>
  `<details><summary>${htmlOf(stack.what)}: ${summaryOf(countsOf([stack]))}</summary>`;
