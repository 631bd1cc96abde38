import { printText, runAsProcess } from "../infra/base/cli/process";
import type { Run } from "../infra/base/lib/run";
import { keepSecrets } from "../infra/base/lib/secrets";
import { CLOUDFLARE_TOKENS } from "../infra/base/model/cloudflare-token";
import { COMMANDS, listed } from "./commands";

void runAsProcess((run) => main(process.argv.slice(2), run));

/**
 * Runs what the words of a command line name.
 * @throws {UserError} for words that name no command, with the nearest one
 */
async function main(words: readonly string[], run: Run): Promise<void> {
  // Steps skip the parser: an engine starts some twenty of them one after another.
  if (words[0] === "step") {
    const { stepCalled } = await import("./steps/index.js");
    const { secrets, load } = stepCalled(words[1] ?? "");
    keepSecrets(secrets); // the engine's plugin hands on all variables of the engine
    return (await load()).step(words.slice(2), run);
  }
  const [name, rest] = split(words);
  if (name !== undefined) return runCommand(name, rest, run);
  const { renderList } = await import("../infra/base/cli/help.js");
  const isHelp = words.length === 0 || ["help", "--help", "-h"].includes(words[0] as string);
  if (isHelp && words.length <= 1) return printText(renderList(listed()));
  if (words[0] === "help") return main([...words.slice(1), "--help"], run);
  const { unknownCommand } = await import("../infra/base/cli/parse.js");
  throw unknownCommand(Object.keys(COMMANDS), words);
}

/** The longest command that words begin with, and the words after it. */
function split(words: readonly string[]): [name: string | undefined, rest: readonly string[]] {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (words.length >= length && Object.hasOwn(COMMANDS, name)) return [name, words.slice(length)];
  }
  return [undefined, words];
}

async function runCommand(name: string, words: readonly string[], run: Run): Promise<void> {
  // A workflow hands on a secret that is not set as an empty one, and the engine would take it for the token of a part.
  for (const token of Object.values(CLOUDFLARE_TOKENS)) if (process.env[token] === "") delete process.env[token];
  const entry = COMMANDS[name as keyof typeof COMMANDS];
  const [{ command }, { parse }] = await Promise.all([entry.load(), import("../infra/base/cli/parse.js")]);
  const parsed = parse(name, command, words);
  if (parsed !== "help") return command.run(parsed.values, parsed.flags, run);
  const { renderHelp } = await import("../infra/base/cli/help.js");
  printText(renderHelp({ name, ...entry }, command));
}
