import type { z } from "zod";
import type { Run } from "../lib/run";
import { argumentAs } from "./inputs";

/** Reads one value of the command line. @throws {UserError} with its name, what it is and what is expected */
export type Reader<T> = (text: string, name: string) => T;

/** A positional argument. */
export interface Argument<T> {
  /** As usage lines show it, e.g. `TAG`. */
  readonly name: string;
  readonly help: string;
  readonly read: Reader<T>;
  readonly isOptional: boolean;
  /** Takes all words that are left; then its value is a list. */
  readonly isRest?: boolean;
  /** What shell completion offers for it. */
  readonly completes?: Completion;
}

/** What shell completion can offer besides flags: names of networks, of channels, or fixed words. */
export type Completion = "networks" | "channels" | readonly string[];

/** A flag: with a value when it has a `read`, else a switch. */
export interface Flag<T> {
  readonly help: string;
  /** As usage lines show its value, e.g. `NAME`. */
  readonly value?: string;
  readonly read?: Reader<T>;
  /** The text that counts when the flag is left out. */
  readonly default?: string;
  readonly completes?: Completion;
}

/** An environment variable that a command reads. */
export interface Variable {
  readonly name: string;
  readonly help: string;
}

/** A real call, and what it does. */
export type Example = readonly [call: string, meaning: string];

// biome-ignore lint/suspicious/noExplicitAny: the type of the value is inferred where it is used
type Arguments = Readonly<Record<string, Argument<any>>>;
// biome-ignore lint/suspicious/noExplicitAny: the type of the value is inferred where it is used
type Flags = Readonly<Record<string, Flag<any>>>;

type ValuesOf<A extends Arguments> = { readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never };
type GivenFlags<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** A command as data: what help, completion and docs/commands.md show, and what it does. */
export interface Command<A extends Arguments = Arguments, F extends Flags = Flags> {
  /** What a reader should know besides the summary, a paragraph each. */
  readonly about: readonly string[];
  readonly arguments: A;
  readonly flags: F;
  readonly environment: readonly Variable[];
  /** Two or more. */
  readonly examples: readonly Example[];
  run(values: ValuesOf<A>, flags: GivenFlags<F>, run: Run): Promise<void>;
}

/** Declares a command; the types of its values come from its arguments and flags. */
export const defineCommand = <A extends Arguments, F extends Flags>(definition: Command<A, F>): Command =>
  definition as unknown as Command;

interface Completable {
  readonly completes?: Completion;
}

export const argument = <T>(name: string, read: Reader<T>, help: string, more: Completable = {}): Argument<T> => ({
  name,
  read,
  help,
  isOptional: false,
  ...more,
});

export const optionalArgument = <T>(
  name: string,
  read: Reader<T>,
  help: string,
  more: Completable = {},
): Argument<T | undefined> => ({ name, read, help, isOptional: true, ...more });

/** All words that are left; the value is a list, which may be empty. */
export const restArgument = <T>(
  name: string,
  read: Reader<T>,
  help: string,
  more: Completable = {},
): Argument<readonly T[]> => ({
  name,
  read: (text, what) => [read(text, what)],
  help,
  isOptional: true,
  isRest: true,
  ...more,
});

/** A flag without a value. */
export const toggle = (help: string): Flag<boolean> => ({ help });

export const flag = <T>(value: string, read: Reader<T>, help: string, more: Completable = {}): Flag<T | undefined> => ({
  value,
  read,
  help,
  ...more,
});

/** A flag that counts as given when it is left out. */
export const flagWithDefault = <T>(value: string, read: Reader<T>, help: string, text: string): Flag<T> => ({
  value,
  read,
  help,
  default: text,
});

/** Reads a value of a form, whose description is what an error says is expected. */
export const as =
  <T>(form: z.ZodType<T>): Reader<T> =>
  (text, name) =>
    argumentAs(name, text, form);

/** `limitLayers` -> `--limit-layers`. */
export const flagName = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
