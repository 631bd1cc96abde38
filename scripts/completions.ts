import { type Command, type Completion, flagName } from "../infra/base/cli/command";
import type { Run } from "../infra/base/lib/run";
import { COMMANDS } from "./commands";

/** What may stand in the place of the last word, given the words before it. */
export async function completionsOf(words: readonly string[], run: Run): Promise<string[]> {
  const [last = "", before] = [words.at(-1), words.slice(0, -1)];
  const found = await candidates(before, last, run);
  return found.filter((word) => word.startsWith(last));
}

async function candidates(before: readonly string[], last: string, run: Run): Promise<readonly string[]> {
  const [name, given] = commandOf(before);
  if (name === undefined) return nextWords(before);
  const { command } = await COMMANDS[name].load();
  const asked = askedFor(command, given, last);
  return typeof asked === "string" ? namesOf(asked, run) : asked;
}

/** The command that words name, and the words after it. */
function commandOf(words: readonly string[]): [name: keyof typeof COMMANDS | undefined, rest: readonly string[]] {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (words.length >= length && Object.hasOwn(COMMANDS, name))
      return [name as keyof typeof COMMANDS, words.slice(length)];
  }
  return [undefined, words];
}

/** The words that can follow the first word or words of commands. */
function nextWords(before: readonly string[]): string[] {
  const all = Object.keys(COMMANDS).map((name) => name.split(" "));
  const fitting = all.filter((name) => before.every((word, i) => name[i] === word));
  return [...new Set(fitting.flatMap((name) => name[before.length] ?? []))];
}

/** What the last word stands for: a flag, a flag's value, or a positional argument. */
function askedFor(command: Command, given: readonly string[], last: string): Completion {
  const flags = Object.entries(command.flags).map(([key, flag]) => ({ name: flagName(key), ...flag }));
  const open = flags.find(({ name, value }) => value !== undefined && name === given.at(-1));
  if (open) return open.completes ?? [];
  if (last.startsWith("-")) return [...flags.map(({ name }) => name), "--help"].filter((name) => !given.includes(name));
  const takesNext = (word: string | undefined) => flags.some(({ name, value }) => name === word && value !== undefined);
  const position = given.filter((word, i) => !word.startsWith("-") && !takesNext(given[i - 1])).length;
  return Object.values(command.arguments)[position]?.completes ?? [];
}

async function namesOf(kind: "networks" | "channels", run: Run): Promise<readonly string[]> {
  if (kind === "channels") {
    const { settingsOfProject } = await import("../infra/base/engine/project.js");
    return (await settingsOfProject(process.env)).channels;
  }
  const [{ listStacks }, { buildTag, fromStackName }] = await Promise.all([
    import("../infra/base/engine/state.js"),
    import("../infra/base/model/build-tag.js"),
  ]);
  return (await listStacks(run)).flatMap((name) => {
    const tag = fromStackName(name);
    return tag ? [buildTag(tag)] : [];
  });
}
