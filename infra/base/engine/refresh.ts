import { isDeepStrictEqual } from "node:util";
import { CommandError, type EngineEvent } from "@pulumi/pulumi/automation";
import { limited } from "../lib/limited";
import type { Run } from "../lib/run";
import { onOneLine } from "../lib/text";
import { reasonIn } from "./complaints";
import { nameOf, stripColours } from "./event-text";
import { openStack } from "./open";

/** A resource that is not as the state says. */
export interface Difference {
  readonly urn: string;
  /** `gone`: it does not exist any more. `changed`: somebody changed what the program had asked for. */
  readonly how: "gone" | "changed";
  /** The properties that changed, by their names at the engine; empty when it is gone. Never their values. */
  readonly properties: readonly string[];
}

/** What a look at all resources of a stack found. */
export type Refreshed =
  | { readonly kind: "seen"; readonly differences: readonly Difference[] }
  /** The engine could not read a resource. `reason` is a phrase. */
  | { readonly kind: "failed"; readonly reason: string };

/** Longest time that one stack may take, in seconds. A provider waits long for a cluster that does not answer. */
const TIMEOUT = 300;

/**
 * Compares every resource of a stack with the world, as `pulumi refresh --preview-only`. It takes no lock
 * (backend/diy/backend.go, Refresh) and runs no program, and the state stays as it is.
 */
export async function previewRefresh(name: string, run: Pick<Run, "signal">): Promise<Refreshed> {
  const stack = await openStack(name, true);
  const events: EngineEvent[] = [];
  let isLate = false;
  try {
    await limited(run.signal, TIMEOUT, (signal) => {
      signal.addEventListener("abort", () => {
        isLate = true;
      });
      return stack.previewRefresh({ onEvent: (event) => events.push(event), suppressOutputs: true, signal });
    });
    return { kind: "seen", differences: differencesIn(events) };
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    const late = isLate ? `it took longer than ${TIMEOUT} s` : undefined;
    return { kind: "failed", reason: late ?? failureIn(events) ?? reasonIn(error.message) };
  }
}

/** The differences in the events of a refresh. */
export function differencesIn(events: readonly EngineEvent[]): Difference[] {
  return events.flatMap(({ resOutputsEvent }): Difference[] => {
    const { op, urn, type, old: before, new: after } = resOutputsEvent?.metadata ?? {};
    // Outputs of other stacks change with every deployment; they are read anew by each update.
    if (op === undefined || !urn || type === undefined || /^pulumi:/.test(type)) return [];
    if (op === "delete") return [{ urn, how: "gone", properties: [] }];
    // Outputs change by themselves, such as the status of a Kubernetes object. What was asked for does not.
    const properties = op === "update" ? changed(before?.inputs ?? {}, after?.inputs ?? {}) : [];
    return properties.length > 0 ? [{ urn, how: "changed", properties }] : [];
  });
}

type Properties = Readonly<Record<string, unknown>>;

const changed = (before: Properties, after: Properties): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isInternal(name) && !isDeepStrictEqual(before[name], after[name]))
    .sort();

/** Providers keep properties of their own, such as `__defaults`. */
const isInternal = (name: string): boolean => name.startsWith("__");

/** The last error that the engine reported, on one line. */
function failureIn(events: readonly EngineEvent[]): string | undefined {
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" && diagnosticEvent.urn ? [diagnosticEvent] : [],
  );
  const [first] = errors;
  if (!first) return undefined;
  const text = onOneLine(stripColours(first.message));
  return `${nameOf(first.urn ?? "")}: ${text}`;
}
