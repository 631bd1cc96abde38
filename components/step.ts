import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { UserError } from "../infra/base/lib/errors";
import { jsonOf } from "../infra/base/lib/json";
import { STEP_VARIABLE } from "../infra/base/model/steps";

export interface StepArgs {
  /**
   * What runs when the step is created: a step's name and its words, e.g. `["branch", "move", "devnet", "v1.2.3+1"]`.
   */
  readonly create?: readonly string[];
  /** What runs when the step is deleted. It gets the same variables, and credentials from the engine's environment. */
  readonly delete?: readonly string[];
  /** Input of the step. Secrets only as secret outputs. */
  readonly environment?: Record<string, pulumi.Input<string>>;
  /** Longest time of either, in seconds; the step's own limits are shorter. */
  readonly timeout?: number;
}

/**
 * A step of the cycle that runs one of our steps (scripts/steps). Its progress goes to the display, its JSON document
 * into the state.
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

/** The JSON document that a step printed, of a form. @throws {UserError} in the program, when the state has another */
export const documentOf = <T>(command: local.Command, name: string, form: z.ZodType<T>): pulumi.Output<T> =>
  command.stdout.apply((text) => stepDocument(text, name, form));

/** Reads the document of a step. @throws {UserError} when it has another form */
export function stepDocument<T>(text: string, name: string, form: z.ZodType<T>): T {
  const document = jsonOf(text, form);
  if (document !== undefined) return document;
  throw new UserError(
    "StepDocumentInvalid",
    `The step ${name} did not print the document that is expected.`, // it may hold secrets, so it is not shown
    "Use the commit of smeshnet that made the stack.",
  );
}

/**
 * The command line that the state of every stack holds: a contract (test/unit/components/step.test.ts). It names no
 * path of a machine, so that any checkout plans the same, and no folder but scripts/, so that all others may move.
 * `exec`, so that an interrupt reaches the step and not a shell around it.
 */
export const commandLine = (words: readonly string[]): string =>
  ["exec node scripts/smeshnet.cjs step", ...words.map(quoted)].join(" ");

/** A word as a POSIX shell takes it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
