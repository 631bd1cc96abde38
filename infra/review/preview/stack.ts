import type { PulumiFn } from "@pulumi/pulumi/automation";
import { enginePreview, type Plugins, type Previewed } from "../../base/engine/preview";
import { cut } from "../../base/lib/cut";
import { seenIn } from "./events";
import type { StackPreview } from "./model";

/** What a worker is asked: the preview of one stack. */
export interface Job {
  readonly stack: string;
  readonly salt?: string;
  /** Environment variables that the engine and the stack's program get besides ours. */
  readonly variables?: Readonly<Record<string, string>>;
}

export type Outcome = StackPreview["outcome"];

/** Previews one stack. Whatever goes wrong is its outcome. */
export async function previewStack(
  { stack, salt, variables = {} }: Job,
  { program, plugins, signal }: { program: PulumiFn; plugins: Plugins; signal: AbortSignal },
): Promise<Outcome> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return outcomeOf(await enginePreview({ stack, program, salt, variables, plugins, signal }));
  } catch (error) {
    return { kind: "failed", reason: reasonOf((error as Error).message) };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** What a preview comes to. One that ended early, or that could not ask a cluster, has not seen the whole stack. */
export function outcomeOf({ events, failure }: Previewed): Outcome {
  const { errors, ...seen } = seenIn(events);
  const isRefused = seen.violations.some(({ mandatory }) => mandatory);
  // A mandatory policy ends the preview too. The violation says more than a failure would.
  // The engine repeats an error of the program without saying that nobody handled it.
  const told = errors.find((error) => !errors.some((other) => other !== error && other.includes(error)));
  const reason = told ?? (isRefused ? undefined : failure);
  return reason === undefined ? { kind: "previewed", ...seen } : { kind: "failed", reason: reasonOf(reason) };
}

/** Longest reason, in characters. */
const LONGEST = 500;

/** An error on one line, without its stack trace, which names paths of this machine. */
function reasonOf(text: string): string {
  const lines = text.trim().split("\n");
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  const told = lines.slice(0, end < 0 ? undefined : Math.max(end, 1)).map((line) => line.trim());
  const line = told.filter((one) => one !== "").join(" ");
  return cut(line, LONGEST + "...".length);
}
