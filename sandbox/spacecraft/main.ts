import { sandboxHome } from "../kubernetes/cluster-record";
import { type CommandLine, parseCommandLine, UsageError, usage } from "./command-line";
import { say, sayAs } from "./console";
import { createNetwork, Panic } from "./create-network";
import { type Failure, parseFailure } from "./failures";
import { deleteNetwork, hosts, list } from "./other-commands";
import { readConfigFile, resolveSettings, type Settings } from "./settings";

/*
 * Plays the go-spacecraft CLI on the sandbox's clusters. As the real one it prints errors on standard output and exits
 * 0 all the same; only what it does not understand makes it exit 1. For tests, SANDBOX_SPACECRAFT_FAIL makes a step of
 * createNetwork fail (see failures.ts) and SANDBOX_SPACECRAFT_TICK_MS sets how often it looks at what is not ready.
 */

type Command = (home: string, settings: Settings, failure: Failure | undefined) => Promise<void>;

/** The commands that are played, each with its last words on success. */
const COMMANDS: Readonly<Record<string, { run: Command; success?: string }>> = {
  createNetwork: { run: createNetwork, success: "network created successfully" },
  deleteNetwork: { run: deleteNetwork, success: "network deleted successfully" },
  hosts: { run: hosts },
  list: { run: list },
};

async function run({ command = "", flags, config }: CommandLine): Promise<void> {
  const played = COMMANDS[command];
  if (!played) return sayAs("error", `${command} is not played in the sandbox`);
  const failure = parseFailure(process.env.SANDBOX_SPACECRAFT_FAIL);
  const settings = resolveSettings({ flags, env: process.env, file: readConfigFile(config) });
  if (failure?.kind !== "lie") await played.run(sandboxHome(), settings, failure);
  if (played.success) sayAs("success", played.success);
}

async function main(): Promise<void> {
  let commandLine: CommandLine;
  try {
    commandLine = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Cobra prints the error, and its caller once more.
    process.stderr.write(`Error: ${error.message}\n${error.usage}\nError: ${error.message}\n`);
    process.exit(1);
  }
  if (commandLine.command === undefined) return say(usage(undefined));
  try {
    await run(commandLine);
  } catch (error) {
    if (error instanceof Panic) {
      process.stderr.write(`panic: ${error.message}\n`);
      process.exit(2);
    }
    sayAs("error", (error as Error).message);
  }
  // What else is under way, such as miners beside the one that failed, ends with the process.
  process.exit(0);
}

void main();
