import { CommanderError, Command as Parser } from "commander";
import { shown, UserError } from "../lib/errors";
import { onOneLine } from "../lib/text";
import { type Argument, type Command, type Flag, flagName } from "./command";

/** What a command line holds, read by the command's own declaration. */
export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

/**
 * Reads the words after a command's name.
 * @returns "help" when the words ask for it
 * @throws {UserError} with what is wrong, and the command that shows the help
 */
export function parse(name: string, command: Command, words: readonly string[]): Parsed | "help" {
  const parser = bare(name);
  for (const { name, isOptional, isRest } of Object.values(command.arguments))
    parser.argument(isRest ? `[${name}...]` : isOptional ? `[${name}]` : `<${name}>`);
  for (const [key, flag] of Object.entries(command.flags)) {
    parser.option(flag.value ? `${flagName(key)} <${flag.value}>` : flagName(key));
  }
  parser.option("-h, --help");
  if (words.some((word) => word === "--help" || word === "-h")) return "help";
  requireValues(name, command, words);
  parser.action(() => undefined);
  attempt(name, () => parser.parse([...words], { from: "user" }));
  const options = parser.opts<Record<string, string | boolean | undefined>>();
  const rest = Object.entries(command.arguments).flatMap(([key, { isRest, read, name }], i) =>
    isRest ? [[key, parser.args.slice(i).flatMap((word) => [read(word, name)].flat())]] : [],
  );
  const single = Object.entries(command.arguments).filter(([, { isRest }]) => !isRest);
  return {
    values: {
      ...readAll(
        Object.fromEntries(single),
        (_, i) => parser.args[i],
        (_, { name }) => name,
      ),
      ...Object.fromEntries(rest),
    },
    flags: readAll(
      command.flags,
      (key, _, flag) => options[key] ?? flag.default,
      (key) => flagName(key),
    ),
  };
}

/** A flag is no value of another flag, which Commander would accept: `--reason --preview` would promote. */
function requireValues(name: string, command: Command, words: readonly string[]): void {
  for (const [key, { value }] of Object.entries(command.flags)) {
    const flag = flagName(key);
    if (value && words.some((word, i) => word === flag && words[i + 1]?.startsWith("-")))
      throw misuse(name, `Option '${flag} <${value}>' has no value.`);
  }
}

/** The error for words that begin with no command, with the nearest one. */
export function unknownCommand(known: readonly string[], words: readonly string[]): UserError {
  const [first = "", second = ""] = words;
  const group = known.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
  const nearest =
    group.length > 0
      ? (suggestion(group, second) ?? group.join("|"))
      : suggestion([...new Set(known.map((name) => name.split(" ")[0] as string))], first);
  return new UserError(
    "CommandUnknown",
    `${shown(words.slice(0, group.length > 0 ? 2 : 1).join(" "))} is not a command.`,
    nearest
      ? `Did you mean \`smeshnet ${group.length > 0 ? `${first} ` : ""}${nearest}\`?`
      : "Run `smeshnet` for the list of commands.",
    2,
  );
}

/** Commander's own suggestion for a word that is not among names. */
function suggestion(names: readonly string[], word: string): string | undefined {
  const program = bare("smeshnet");
  for (const name of names) program.addCommand(bare(name));
  try {
    program.parse([word], { from: "user" });
  } catch (error) {
    return /Did you mean (?:one of )?([\w-]+)/.exec((error as Error).message)?.[1];
  }
  return undefined;
}

/** A parser of Commander that neither prints nor ends the process. */
function bare(name: string): Parser {
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  return new Parser(name).exitOverride().configureOutput(silent).helpOption(false).allowExcessArguments(false);
}

function attempt(name: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const message = onOneLine(error.message)
      .replace(/^error: /, "")
      .replace(/\.?$/, ".");
    const what = message.charAt(0).toUpperCase() + message.slice(1);
    throw misuse(name, what);
  }
}

const misuse = (name: string, what: string): UserError =>
  new UserError("UsageInvalid", what, `Run \`smeshnet ${name} --help\` for its usage.`, 2);

function readAll<T extends Argument<unknown> | Flag<unknown>>(
  all: Readonly<Record<string, T>>,
  given: (key: string, index: number, one: T) => string | boolean | undefined,
  nameOf: (key: string, one: T) => string,
): Record<string, unknown> {
  const read = Object.entries(all).map(([key, one], index) => {
    const text = given(key, index, one);
    return [
      key,
      typeof text === "string" && one.read
        ? one.read(text, nameOf(key, one))
        : (text ?? (one.read ? undefined : false)),
    ];
  });
  return Object.fromEntries(read);
}
