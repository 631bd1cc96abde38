import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../infra/base/lib/json";

/** A resource as a program registers it with the engine. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly custom: boolean;
  /** Plain values, secrets included. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The inputs with `[secret]` in place of each secret. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** URNs of all resources that it waits for. */
  readonly dependencies: readonly string[];
  readonly parent: string;
  readonly provider: string;
  readonly deletedWith: string;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  /** Paths of properties whose change replaces the resource. */
  readonly replaceOnChanges: readonly string[];
  /** Longest creation time set by the program, e.g. `630s`; empty without one. */
  readonly createTimeout: string;
}

/** States of resources by name. A resource that is left out has an empty state. */
export type States = Readonly<Record<string, Record<string, unknown>>>;

/** The part of the SDK's request that mocks need. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getDependenciesList(): string[];
  getParent(): string;
  getProvider(): string;
  getDeletedwith(): string;
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getReplaceonchangesList(): string[];
  getCustomtimeouts(): { getCreate(): string } | undefined;
}

type Register = (
  request: RegisterRequest,
  callback: (error: Error | null, answer?: { getUrn(): string }) => void,
) => unknown;

/**
 * Replaces the engine by a recorder for the programs that run after this call.
 * @param config values by full key, e.g. `smeshnet:zone`
 * @returns the registered resources, filled as the program runs
 */
export async function mockEngine(
  stack: string,
  states: States = {},
  config: Record<string, string> = {},
): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...(type.startsWith("kubernetes:") ? named(name, inputs) : inputs), ...states[name] },
      }),
      // Nobody calls a provider; what is asked are the last outputs of a stack.
      call: ({ inputs }) => ({ ...inputs, ...states.standing }),
    },
    "smeshnet",
    stack,
  );
  pulumi.runtime.setAllConfig(config);
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, answer) => {
      if (answer) resources.push(read(request, answer.getUrn()));
      callback(error, answer);
    });
  return resources;
}

/** An object as Kubernetes' provider returns it, which names the objects that have no name. */
const named = (name: string, inputs: Record<string, unknown>) =>
  isObject(inputs.metadata) && inputs.metadata.name === undefined
    ? { ...inputs, metadata: { ...inputs.metadata, name: `${name}-1234567` } }
    : inputs;

/** Runs a program to its end. Returns its outputs as the stack has them. */
export async function run(program: () => unknown): Promise<Readonly<Record<string, unknown>>> {
  const outputs = (await pulumi.runtime.runInPulumiStack(async () => program())) as Record<string, unknown>;
  await pulumi.runtime.disconnect();
  return outputs;
}

/** Marks of a secret on the wire (sdk/nodejs/runtime/rpc.ts: specialSigKey, specialSecretSig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function read(request: RegisterRequest, urn: string): Registered {
  const wire = request.getObject().toJavaScript();
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    inputs: replaceSecrets(wire, (secret) => secret) as Registered["inputs"],
    shown: replaceSecrets(wire, () => "[secret]") as Registered["shown"],
    dependencies: request.getDependenciesList(),
    parent: request.getParent(),
    provider: request.getProvider(),
    deletedWith: request.getDeletedwith(),
    retainOnDelete: request.getRetainondelete(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
  };
}

function replaceSecrets(value: unknown, by: (secret: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replaceSecrets(item, by));
  const fields = value as Record<string, unknown>;
  if (fields[SIGNATURE] === SECRET) return by(fields.value);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, replaceSecrets(field, by)]));
}
