import { UserError } from "../../../base/lib/errors";
import { exec } from "../../../base/lib/exec";

/** The one line by which go-spacecraft says that a command has succeeded; its exit code is 0 either way (its cmd/*.go). */
const SUCCESS = {
  createNetwork: "network created successfully",
  deleteNetwork: "network deleted successfully",
} as const;

export interface SpacecraftRun {
  readonly command: SpacecraftCommand;
  readonly network: string;
  /** Absolute path of the generated config file. */
  readonly configFile: string;
  /** In seconds; go-spacecraft has no limits of its own. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Gets each line of progress, secrets masked. */
  readonly onLine: (line: string) => void;
}

export type SpacecraftCommand = keyof typeof SUCCESS;

/** What createNetwork says when it has not begun, because a cluster of that name is there (its gcp/gke.go). */
const NAME_TAKEN = "cluster already exists";

/** What the CLI claims; the caller believes an inspection instead. */
export interface Claim {
  readonly claimsSuccess: boolean;
  /** It made nothing, since there is a cluster of that name. */
  readonly nameTaken: boolean;
  /** The last lines it printed, secrets masked. */
  readonly lastWords: string;
}

/** Runs go-spacecraft and streams what it says. @throws {UserError} when it is not installed, hangs, is ended or called wrongly. */
export async function runSpacecraft(run: SpacecraftRun): Promise<Claim> {
  const words: string[] = [];
  let last = "";
  const { exitCode, signal, stderr } = await exec(
    "go-spacecraft",
    [run.command, "--config", run.configFile, "-n", run.network],
    {
      // Its relative defaults (artifacts/...) begin at the working directory.
      cwd: process.env.SPACECRAFT_HOME,
      env: withoutOurSecrets(process.env),
      timeout: run.timeout,
      signal: run.signal,
      onLine(raw) {
        const line = withoutPasswords(raw);
        if (line.trim() !== "" && line !== last) run.onLine(line); // waiting lines repeat every few seconds
        last = line;
        words.push(line);
      },
    },
  );
  if (signal) throw new UserError(`go-spacecraft ${run.command} was ended by ${signal}: run this again`);
  if (exitCode !== 0) throw new UserError(`go-spacecraft ${run.command} was called wrongly: ${stderr.trim()}`);
  return claimOf(run.command, words);
}

/** What the lines that it printed amount to. Pure. */
export const claimOf = (command: SpacecraftCommand, lines: readonly string[]): Claim => ({
  claimsSuccess: lines.includes(SUCCESS[command]),
  nameTaken: lines.includes(NAME_TAKEN),
  lastWords: lines.slice(-3).join(" | "),
});

/** It prints Kibana's password on standard output (its network/create.go). Pure. */
export const withoutPasswords = (line: string): string => line.replace(/(password:?\s+).+$/i, "$1***");

/** Its DNS code would write records that are ours, and it needs none of our secrets. Pure. */
export function withoutOurSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(PULUMI_|CLOUDFLARE_|DISCORD_|ARCHIVE_|SPACECRAFT_CLOUDFLARE|KUBECONFIG_TEXT$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
