import { CommandError, ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Cloudflare } from "../clients/cloudflare";
import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";
import { together } from "../lib/together";
import { pulumiComplaint, reasonIn } from "./complaints";
import { EventsFile } from "./events-file";
import type { Failures } from "./failures";
import { POLICIES, policyVariables } from "./policies";
import { Progress } from "./progress";
import { backendUrl } from "./recovery/backend-files";
import { recordEngine } from "./recovery/engine-records";
import { afterRefusal, recover } from "./recovery/recover";
import type { Exported } from "./state";

export interface EngineOptions {
  readonly stack: Stack;
  /** The stack's state, if the command has read it just now. */
  readonly state?: Exported;
  /** Must resolve before the engine begins. Whatever it waits for runs beside the clean-up. */
  readonly allowed?: Promise<unknown>;
  /** What the stack is, as an error names it: `v1.2.3+1`, `edge` or `testnet`. */
  readonly what: string;
  /** The zone at Cloudflare that holds the networks' records. */
  readonly zoneId: string;
  readonly cloudflare: Cloudflare;
  /** File that gets the engine's events: see {@link EventsFile}. */
  readonly events?: string;
  /** Collects which steps fail. */
  readonly failures?: Failures;
  /** Whether the engine first reads what there is: a killed run may have changed more than the state says. */
  readonly refresh?: boolean;
  /** Environment variables that the engine and the stack's program get besides ours. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs `pulumi up` on a stack and reports its progress. Cleans up after a killed run first.
 * @returns the outputs of the stack, secrets masked; undefined when the engine did not tell them
 * @throws {UserError} with the reason, or with a pointer to the progress that shows it
 */
export async function engineUp(
  options: EngineOptions,
  run: Run,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let outputs: Readonly<Record<string, unknown>> | undefined;
  await withEngine(options, "update", run, (given) =>
    options.stack.up({
      ...given,
      ...POLICIES,
      ...(options.refresh && { refresh: true }),
      onEvent(event) {
        outputs = outputsIn(event) ?? outputs;
        given.onEvent(event);
      },
    }),
  );
  return outputs;
}

/** The outputs of the stack itself, in the event that tells them at the end of an update. */
const outputsIn = ({ resOutputsEvent }: EngineEvent): Readonly<Record<string, unknown>> | undefined => {
  const { type, new: made } = resOutputsEvent?.metadata ?? {};
  return type === "pulumi:pulumi:Stack" ? made?.outputs : undefined;
};

/** Runs `pulumi destroy` in the same way, which needs no program. @throws {UserError} as {@link engineUp} does */
export async function engineDestroy(options: EngineOptions, run: Run): Promise<void> {
  await withEngine(options, "removal", run, (given) => options.stack.destroy(given));
}

/** What the Automation API takes for any operation. */
interface OperationOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly suppressOutputs: true;
  readonly signal: AbortSignal;
}

async function withEngine<T>(
  options: EngineOptions,
  operation: string,
  run: Run,
  act: (given: OperationOptions) => Promise<T>,
): Promise<T> {
  const { stack, what, zoneId, cloudflare, variables = {} } = options;
  const recovery = { stack: stack.name, zoneId, cloudflare };
  const events = options.events === undefined ? undefined : await EventsFile.open(options.events, run);
  const environment = { ...stack.workspace.envVars, ...defined(variables) };
  try {
    // A state that was read before is enough to see that nothing is pending. An update that was killed since has left
    // its lock, and then the state is read again. The record tells later whose lock it is that a killed engine left.
    for (let { state } = options; ; state = undefined) {
      await together(options.allowed, recover(recovery, run, { state }));
      const record = await recordEngine(await backendUrl(run), stack.name, run.clock.now());
      stack.workspace.envVars = { ...environment, ...policyVariables(state), ...record.variables };
      const progress = new Progress(run);
      const onEvent = (event: EngineEvent) => {
        progress.take(event);
        options.failures?.take(event);
        events?.take(event);
      };
      try {
        const result = await act({ onEvent, suppressOutputs: true, signal: forEngine(run.signal) });
        await record.remove();
        return result;
      } catch (error) {
        if (killedBy(error) === undefined) await record.remove();
        if (!(error instanceof ConcurrentUpdateError)) throw explained(operation, what, error, progress);
        await afterRefusal(recovery, error.message, run);
      }
    }
  } finally {
    await events?.close();
  }
}

const defined = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/**
 * What interrupts the engine, which then ends its steps and keeps its state. Ctrl+C reaches the engine by itself, and a
 * second interrupt would make it drop everything. SIGTERM reaches only us.
 */
function forEngine(signal: AbortSignal): AbortSignal {
  const engine = new AbortController();
  const pass = () => signal.reason === "SIGTERM" && engine.abort();
  signal.addEventListener("abort", pass, { once: true });
  return engine.signal;
}

/** The signal that ended an engine, if one did: then it has not given back its lock. */
const killedBy = (error: unknown): string | undefined =>
  error instanceof CommandError ? /was killed with (SIG\w+)/.exec(error.message)?.[1] : undefined;

/** The engine reported the details as they came. Its whole output again would bury the reason. */
function explained(operation: string, what: string, error: unknown, progress: Progress): unknown {
  if (!(error instanceof CommandError)) return error;
  const known = pulumiComplaint(error.message);
  if (known) return known;
  const killed = killedBy(error);
  if (killed) {
    return new UserError(
      "EngineKilled",
      `The engine was ended by ${killed} during the ${operation} of ${what}.`,
      "Run the command again to continue.",
    );
  }
  const where = progress.errors > 0 ? "; see the errors above" : ` (${reasonIn(error.message)})`;
  return new UserError(
    "EngineFailed",
    `The ${operation} of ${what} failed${where}.`,
    "Run the command again to continue.",
  );
}
