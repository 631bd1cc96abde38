import { findingLines, verdictOf } from "./dangers";
import { diffOf } from "./diff";
import { effectsOf } from "./effects";
import type { PreviewReport, StackPreview } from "./model";
import { type Phrase, plainTextOf } from "./phrase";
import { countsOf } from "./resources";
import { plainOf } from "./text";

/** A preview for a terminal, a line each. Unlike a comment it leaves out no finding and no certain change. */
export function plainPreview(report: PreviewReport, agreed: boolean): string[] {
  const { title, blocked, dangers, unseen } = verdictOf(report, agreed);
  const section = (name: string, phrases: readonly Phrase[]) =>
    phrases.length > 0 ? ["", `${name}:`, ...phrases.map((phrase) => `  ${plainTextOf(phrase)}`)] : [];
  return [
    title,
    ...section("fails", findingLines(blocked, blocked.length)),
    ...section(agreed ? "dangers, agreed to" : "dangers", findingLines(dangers, dangers.length)),
    ...section(
      "effect on the release cycle",
      effectsOf(report).map(({ text }) => text),
    ),
    ...(report.stacks.length > 0 ? ["", ...table(report.stacks)] : []),
    ...report.stacks.flatMap(diffs),
    ...section("not seen", findingLines(unseen, unseen.length)),
  ];
}

const STATES = { failed: "failed", unseen: "not seen", absent: "no stack" } as const;

function table(stacks: readonly StackPreview[]): string[] {
  const rows = [
    ["STACK", "CREATE", "UPDATE", "REPLACE", "DELETE", "MAY CHANGE", "SAME"],
    ...stacks.map((stack) => {
      const { kind } = stack.outcome;
      if (kind !== "previewed") return [plainOf(stack.what), STATES[kind]];
      const counts = countsOf([stack]);
      const cells = [counts.create, counts.update, counts.replace, counts.delete, counts.open, counts.same];
      return [plainOf(stack.what), ...cells.map((count) => `${count || "-"}`)];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function diffs(stack: StackPreview): string[] {
  const lines = diffOf(stack).flatMap((item) => item.lines);
  return lines.length > 0 ? ["", `${plainOf(stack.what)}:`, ...lines.map((line) => `  ${line}`)] : [];
}
