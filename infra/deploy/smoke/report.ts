import { UserError } from "../../base/lib/errors";
import type { Check } from "./checks";

/** The report of the smoke test, as the state and the archive keep it. */
export interface SmokeReport {
  readonly schema: 1;
  /** Build tag. */
  readonly tag: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Layers of the network's clock at start and end. */
  readonly layers: { readonly from: number; readonly to: number };
  readonly checks: readonly Check[];
  readonly passed: boolean;
}

const MARK = { passed: "ok  ", failed: "FAIL", unmade: "????" } as const;

/** The report for people, one line per check. */
export function renderReport({ tag, layers, checks, passed }: SmokeReport): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, status, saw }) => `${MARK[status]} ${name.padEnd(width)}  ${saw}`);
  const count = checks.filter(({ status }) => status === "passed").length;
  const verdict = passed ? "passed" : "did not pass";
  return [
    ...lines,
    `smoke test of ${tag} ${verdict}: ${count} of ${checks.length} checks, layers ${layers.from} to ${layers.to}`,
  ].join("\n");
}

/**
 * One line for everything that did not pass: each check's name and what it saw. Beside checks that failed, those that
 * could not run are named only, since they follow from them.
 */
export function shortcomings({ checks }: Pick<SmokeReport, "checks">): string {
  const failed = checks.filter(({ status }) => status === "failed");
  const unmade = checks.filter(({ status }) => status === "unmade");
  if (failed.length === 0) return told(unmade);
  if (unmade.length === 0) return told(failed);
  return `${told(failed)}; not checked: ${unmade.map(({ name }) => name).join(", ")}`;
}

const told = (checks: readonly Check[]): string =>
  checks.map(({ name, status, saw }) => `${name} ${status}: ${saw}`).join("; ");

/**
 * Checks that the smoke test passed.
 * @param again the command that runs it again: `smeshnet smoke v1.2.3+1`
 * @throws {UserError} with every check that did not pass
 */
export function requirePassed({ tag, checks, passed }: SmokeReport, again: string): void {
  if (passed) return;
  throw new UserError(
    "SmokeTestFailed",
    `The smoke test of ${tag} did not pass: ${shortcomings({ checks })}.`,
    `Fix the network, then run \`${again}\` again.`,
  );
}
