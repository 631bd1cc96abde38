import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { STEP_VARIABLE } from "../infra/base/model/steps";

export interface StepArgs {
  /** What to run when the step is made: a file in scripts/ and its arguments, e.g. `branch move devnet v1.2.3+1`. */
  readonly create?: string;
  /** What to run when the step is destroyed; it gets the same environment, and credentials from that of the engine. */
  readonly delete?: string;
  /** Variables of the verb. Secrets only as secret outputs. */
  readonly environment?: Record<string, pulumi.Input<string>>;
  /** Longest time of either, in seconds; the verb's own limits are shorter. */
  readonly timeout?: number;
}

/**
 * A step of the cycle that runs one of our verbs. Progress goes to the display, the verb's JSON document into the state.
 * The command line has no path of a machine in it, so that any checkout plans the same.
 */
export function step(name: string, args: StepArgs, opts: pulumi.CustomResourceOptions): local.Command {
  const timeout = args.timeout === undefined ? undefined : `${args.timeout + 30}s`;
  return new local.Command(
    name,
    {
      create: args.create && commandLine(args.create),
      delete: args.delete && commandLine(args.delete),
      environment: { ...args.environment, [STEP_VARIABLE]: "true" },
      logging: local.Logging.Stderr,
    },
    pulumi.mergeOptions({ customTimeouts: { create: timeout, update: timeout, delete: timeout } }, opts),
  );
}

/** The JSON document that a verb has printed. */
export const documentOf = <T>(command: local.Command): pulumi.Output<T> =>
  command.stdout.apply((text) => JSON.parse(text) as T);

/** `exec`, so that an interrupt reaches the verb and not a shell around it. */
const commandLine = (verbLine: string): string => {
  const [file, ...args] = verbLine.split(" ");
  return ["exec node -r ./infra/preload.cjs", `scripts/${file}.ts`, ...args].join(" ");
};
