import { z } from "zod";
import { UserError } from "../lib/errors";
import { exec, lastLine, output } from "../lib/exec";
import { isObject, parsedJson, parsedObject, valueAt } from "../lib/json";
import type { Run } from "../lib/run";
import { OF_STATES } from "../lib/secrets";
import { buildTag, fromStackName } from "../model/build-tag";
import { NetworkFacts } from "../model/network-facts";
import type { Settings } from "../model/settings";
import { isNetworkStep, STEPS } from "../model/steps";
import { pulumiComplaint } from "./complaints";
import { SHORT_LIVED } from "./short-lived";

/** One read from the backend: its time limit in seconds, and how the CLI runs. */
const READING = { secrets: OF_STATES, timeout: 60, variables: SHORT_LIVED };

/** Names are qualified in some backends: `organization/smeshnet/1_2_3_1`. */
const stackList = z.array(
  z.object({
    name: z.string().transform((name) => name.split("/").at(-1) ?? name),
    /** Only the Pulumi service tells. */
    updateInProgress: z.boolean().optional(),
    /** Not every backend tells. */
    resourceCount: z.number().optional(),
  }),
);

/** All stacks of this project as the backend lists them. @throws {UserError} when the backend cannot be read */
export async function listedStacks({ signal }: Pick<Run, "signal">): Promise<z.infer<typeof stackList>> {
  const listed = await output("pulumi", ["stack", "ls", "--json"], { ...READING, signal }).catch((error: Error) => {
    throw pulumiComplaint(error.message) ?? error;
  });
  const { success, data } = stackList.safeParse(parsedJson(listed));
  if (success) return data;
  throw new UserError(
    "BackendUnreadable",
    "`pulumi stack ls` printed no list of stacks.",
    "Run it by hand and check PULUMI_BACKEND_URL.",
  );
}

/** Names of all stacks of this project. @throws {UserError} when the backend cannot be read */
export const listStacks = async (run: Pick<Run, "signal">): Promise<string[]> =>
  (await listedStacks(run)).map(({ name }) => name);

/**
 * The state of a stack, secrets encrypted; undefined when there is no such stack.
 * @throws {UserError} when it cannot be read
 */
export async function exportedStack(stack: string, { signal }: Pick<Run, "signal">): Promise<Exported | undefined> {
  const args = ["stack", "export", "--stack", stack];
  const { exitCode, stdout, stderr } = await exec("pulumi", args, { ...READING, signal });
  if (exitCode !== 0 && /no stack named/.test(stderr)) return undefined;
  const { success, data } = exportedState.safeParse(exitCode === 0 ? parsedJson(stdout) : undefined);
  if (success) return data;
  const known = pulumiComplaint(stderr);
  if (known) throw known;
  throw new UserError(
    "StateUnreadable",
    `The state of stack ${stack} cannot be read (${lastLine(stderr) || "unexpected output"}).`,
    `Check it with \`pulumi stack export --stack ${stack}\`.`,
  );
}

/** The outputs that a stack's last update stored, secrets masked. @throws {UserError} when there is no such stack */
export async function outputsOf(
  stack: string,
  { signal }: Pick<Run, "signal">,
): Promise<Readonly<Record<string, unknown>>> {
  const args = ["stack", "output", "--json", "--stack", stack];
  const { exitCode, stdout, stderr } = await exec("pulumi", args, { ...READING, signal });
  const outputs = exitCode === 0 ? parsedObject(stdout) : undefined;
  if (outputs) return outputs;
  if (/no stack named/.test(stderr)) throw stackMissing(stack);
  const known = pulumiComplaint(stderr);
  if (known) throw known;
  throw new UserError(
    "OutputsUnreadable",
    `The outputs of stack ${stack} cannot be read (${lastLine(stderr) || "unexpected output"}).`,
    `Check them with \`pulumi stack output --stack ${stack}\`.`,
  );
}

function stackMissing(stack: string): UserError {
  const tag = fromStackName(stack);
  const deployed = tag ? buildTag(tag) : stack;
  return new UserError("StackMissing", `There is no stack ${stack}.`, `Run \`smeshnet deploy ${deployed}\`.`);
}

/** The part of `pulumi stack export` that we use. What we do not know is kept, since the state is written back. */
export interface Exported {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
    readonly secrets_providers?: { readonly type: string; readonly state?: unknown };
  };
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An operation that had begun when the engine was killed. How it ended is unknown. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

const properties = z.record(z.string(), z.unknown()).optional();

const stateResource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: properties,
  outputs: properties,
});

/** The part of a state that we read, wherever it is kept. */
export const deploymentState = z.looseObject({
  resources: z.array(stateResource).optional(),
  pending_operations: z.array(z.looseObject({ type: z.string(), resource: stateResource })).optional(),
  secrets_providers: z.looseObject({ type: z.string(), state: z.unknown() }).optional(),
});

const exportedState: z.ZodType<Exported> = z.looseObject({ deployment: deploymentState });

/** The operations that a killed engine did not finish. */
export const pendingOf = ({ deployment }: Exported): readonly PendingOperation[] => deployment.pending_operations ?? [];

/** The outputs of the stack itself, as its last complete update stored them; secrets encrypted. */
export const rootOutputs = ({ deployment }: Exported): Readonly<Record<string, unknown>> =>
  deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};

/** The facts of a stack's network, which its outputs hold once it is complete; undefined when it tells none. */
export const factsIn = (exported: Exported): NetworkFacts | undefined =>
  NetworkFacts.safeParse(rootOutputs(exported).facts).data;

/** Whether a passphrase encrypts the secrets of a stack. */
export const hasPassphrase = ({ deployment }: Exported): boolean => deployment.secrets_providers?.type === "passphrase";

/** The salt of that passphrase, which is no secret; undefined with other secrets providers. */
export function saltOf(exported: Exported): string | undefined {
  const { state } = exported.deployment.secrets_providers ?? {};
  return hasPassphrase(exported) && isObject(state) && typeof state.salt === "string" ? state.salt : undefined;
}

/** The outputs of the stack itself that are no secrets. */
export const openOutputs = (exported: Exported): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(rootOutputs(exported)).filter(([, value]) => !isSecret(value)));

/** The engine marks an encrypted value by this key (Pulumi's sdk/go/common/resource/sig). */
const isSecret = (value: unknown): boolean => isObject(value) && "4dabf18193072939515e22adb298388d" in value;

/** The step that created a version stack's network. One that only waits for its removal does not count. */
export const networkStepOf = ({ deployment }: Exported): StateResource | undefined =>
  deployment.resources?.find((one) => isNetworkStep(one.urn) && valueAt(one, ["delete"]) !== true);

/**
 * The driver that made a stack's network, or is about to; undefined without a network. Stacks made before there was a
 * choice do not name it.
 */
export function driverIn(exported: Exported): Settings["driver"] | undefined {
  const { resources = [] } = exported.deployment;
  const steps = [...resources, ...pendingOf(exported).map(({ resource }) => resource)];
  const step = steps.find(({ urn }) => isNetworkStep(urn));
  if (!step) return undefined;
  return NetworkFacts.shape.driver.parse(valueAt(step, ["inputs", "environment", "DRIVER"])) ?? "spacecraft";
}

/**
 * Whether a stack holds a network, or an engine began to create one: its cluster may be paid for. A network that is
 * being removed counts until it is gone.
 */
export const holdsNetwork = (exported: Exported): boolean =>
  [...(exported.deployment.resources ?? []), ...pendingOf(exported).map(({ resource }) => resource)].some(({ urn }) =>
    urn.endsWith(`$command:local:Command::${STEPS.network}`),
  );

/** Whether nothing of a build or a channel is deployed: there is no stack, or only what the engine itself keeps there. */
export const holdsNothing = (exported: Exported | undefined): boolean =>
  exported === undefined ||
  [...(exported.deployment.resources ?? []), ...pendingOf(exported).map(({ resource }) => resource)].every(({ type }) =>
    type.startsWith("pulumi:"),
  );
