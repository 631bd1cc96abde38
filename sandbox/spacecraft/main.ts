import { sandboxHome } from "../kubernetes/cluster-record";
import { type CommandLine, parseCommandLine, UsageError, usage } from "./command-line";
import { say, sayAs } from "./console";
import { createNetwork, Panic } from "./create-network";
import { type Failure, parseFailure } from "./failures";
import { deleteNetwork, hosts, list } from "./other-commands";
import { readConfigFile, resolveSettings, type Settings } from "./settings";

/*
 * Stands in for the go-spacecraft CLI, with the sandbox's clusters. Like the real program it prints errors on standard
 * output and exits with 0; only a wrong command line exits with 1. For tests, SANDBOX_SPACECRAFT_FAIL makes a step of
 * createNetwork fail (see failures.ts), and SANDBOX_SPACECRAFT_TICK_MS sets the time between two checks.
 */

type Command = (home: string, settings: Settings, failure: Failure | undefined) => Promise<void>;

/** The supported commands with their last line on success. */
const COMMANDS: Readonly<Record<string, { run: Command; success?: string }>> = {
  createNetwork: { run: createNetwork, success: "network created successfully" },
  deleteNetwork: { run: deleteNetwork, success: "network deleted successfully" },
  hosts: { run: hosts },
  list: { run: list },
};

async function run({ command = "", flags, config }: CommandLine): Promise<void> {
  const supported = COMMANDS[command];
  if (!supported) return sayAs("error", `the sandbox does not support ${command}`);
  const failure = parseFailure(process.env.SANDBOX_SPACECRAFT_FAIL);
  const settings = resolveSettings({ flags, env: process.env, file: readConfigFile(config) });
  if (failure?.kind !== "lie") await supported.run(sandboxHome(), settings, failure);
  if (supported.success) sayAs("success", supported.success);
}

async function main(): Promise<void> {
  let commandLine: CommandLine;
  try {
    commandLine = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Cobra prints the error, and its caller prints it again.
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
  // Ends everything still running, such as miners beside the failed one.
  process.exit(0);
}

void main();
