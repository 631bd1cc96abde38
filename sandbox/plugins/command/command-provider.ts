import { randomBytes } from "node:crypto";
import type { ExistingResource, Log, Provider, Resource } from "../provider";
import { hasSecret, type Properties, plainProperties, secret, text, UNKNOWN, type Value } from "../values";
import { Commands } from "./commands";
import { globArchive, globAssets } from "./globs";

const COMMAND = "command:local:Command";
const RUN = "command:local:run";

/** The provider `command` for commands on this machine (pulumi-command provider/pkg/provider/local). */
export function commandProvider(log: Log): Provider {
  const commands = new Commands(log);

  /** Runs a command with a resource's inputs and reads the outputs that the inputs ask for. */
  async function outputsOf(command: string, inputs: Properties, previous: Properties, run: Run): Promise<Properties> {
    const { stdout, stderr } = await commands.run(command, inputs, previous, run);
    return { stdout, stderr, assets: await globAssets(inputs), archive: await globArchive(inputs) };
  }

  return {
    version: "1.2.1",
    acceptsSecrets: true,
    configure: () => {},
    check: (type, inputs) => ({ inputs: { addPreviousOutputInEnv: true, ...inputs }, failures: unserved(type) }),
    replaces: () => ["triggers"],
    preview: (_type, inputs) => withOutputs(inputs, previewOf(inputs)),

    async create(resource: Resource) {
      const inputs = plainProperties(resource.properties);
      const command = text(inputs, "create");
      const id = `${resource.name}${randomBytes(4).toString("hex")}`;
      const outputs =
        command === undefined ? { stdout: "", stderr: "" } : await outputsOf(command, inputs, {}, resource);
      return { id, outputs: withOutputs(resource.properties, outputs) };
    },

    async read({ id, outputs, inputs }) {
      return { id, outputs, inputs };
    },

    async update(resource: ExistingResource) {
      const inputs = plainProperties(resource.properties);
      const { stdout, stderr, assets, archive } = plainProperties(resource.outputs);
      const previous = { stdout, stderr, assets, archive };
      const command = text(inputs, "update") ?? text(inputs, "create");
      const outputs = command === undefined ? previous : await outputsOf(command, inputs, previous, resource);
      return withOutputs(resource.properties, outputs);
    },

    async delete(resource: ExistingResource) {
      const state = plainProperties(resource.outputs);
      const command = text(state, "delete");
      if (command !== undefined) await commands.run(command, state, state, resource);
    },

    async invoke(token, args) {
      if (token !== RUN)
        throw new Error(`the stand-in of the command plugin does not support ${token}; use the official plugin`);
      const inputs = plainProperties(args);
      return withOutputs(args, await outputsOf(text(inputs, "command") ?? "", inputs, {}, { urn: "", timeout: 0 }));
    },

    cancel: () => commands.stop(),
  };
}

type Run = Pick<Resource, "urn" | "timeout">;

const unserved = (type: string): Record<string, string> =>
  type === COMMAND
    ? {}
    : { "": `the stand-in of the command plugin only supports ${COMMAND}; use the official plugin` };

/** Outputs in a preview. Nothing runs, so they are unknown. */
function previewOf(inputs: Properties): Properties {
  return {
    stdout: UNKNOWN,
    stderr: UNKNOWN,
    assets: inputs.assetPaths === undefined ? undefined : UNKNOWN,
    archive: inputs.archivePaths === undefined ? undefined : UNKNOWN,
  };
}

/**
 * Inputs and outputs as one state. If one input is secret, every output is secret, because it may contain the input.
 */
function withOutputs(inputs: Properties, outputs: Properties): Properties {
  const mark = (value: Value | undefined) => (value !== undefined && hasSecret(inputs) ? secret(value) : value);
  return { ...inputs, ...Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, mark(value)])) };
}
