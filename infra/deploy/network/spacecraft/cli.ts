import { UserError } from "../../../base/lib/errors";
import { exec } from "../../../base/lib/exec";

/** The one line that go-spacecraft prints when a command succeeded; its exit code is 0 either way (its cmd/*.go). */
const SUCCESS = {
  createNetwork: "network created successfully",
  deleteNetwork: "network deleted successfully",
} as const;

export interface SpacecraftRun {
  readonly command: SpacecraftCommand;
  readonly network: string;
  /** Absolute path of the generated config file. */
  readonly configFile: string;
  /** Working directory: relative defaults of go-spacecraft (artifacts/...) begin there. Ours when left out. */
  readonly folder?: string;
  /** Time limit in seconds; go-spacecraft has none of its own. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Gets each line of progress, without passwords. */
  readonly onLine: (line: string) => void;
}

export type SpacecraftCommand = keyof typeof SUCCESS;

/** What createNetwork prints when it did nothing because a cluster of that name exists (its gcp/gke.go). */
const NAME_TAKEN = "cluster already exists";

/** What the CLI claims. The caller believes an inspection instead. */
export interface Claim {
  readonly claimsSuccess: boolean;
  /** It created nothing, because a cluster of that name exists. */
  readonly nameTaken: boolean;
  /** The last lines that it printed, without passwords. */
  readonly lastWords: string;
}

/**
 * Our variables besides secrets that go-spacecraft must not get. Its DNS code would write records that are ours with a
 * token of its own.
 */
export const NOT_FOR_SPACECRAFT = /^(PULUMI_|CLOUDFLARE_|DISCORD_|ARCHIVE_|SPACECRAFT_CLOUDFLARE)/;

/** Runs go-spacecraft and streams its output. @throws {UserError} when it is missing, hangs, is killed or misused */
export async function runSpacecraft(run: SpacecraftRun): Promise<Claim> {
  const lines: string[] = [];
  let last = "";
  const { exitCode, signal, stderr } = await exec(
    "go-spacecraft",
    [run.command, "--config", run.configFile, "-n", run.network],
    {
      cwd: run.folder,
      secrets: ["google"],
      without: NOT_FOR_SPACECRAFT,
      timeout: run.timeout,
      signal: run.signal,
      onLine(raw) {
        const line = withoutPasswords(raw);
        if (line.trim() !== "" && line !== last) run.onLine(line); // lines of a wait repeat every few seconds
        last = line;
        lines.push(line);
      },
    },
  );
  if (signal)
    throw new UserError(
      "SpacecraftKilled",
      `go-spacecraft ${run.command} was ended by ${signal}.`,
      "Run the command again.",
    );
  if (exitCode !== 0)
    throw new UserError(
      "SpacecraftMisused",
      `go-spacecraft ${run.command} refused its arguments: ${stderr.trim()}.`,
      "Install the version of the setting `versions.goSpacecraft`.",
    );
  return claimOf(run.command, lines);
}

/** What the printed lines amount to. */
export const claimOf = (command: SpacecraftCommand, lines: readonly string[]): Claim => ({
  claimsSuccess: lines.includes(SUCCESS[command]),
  nameTaken: lines.includes(NAME_TAKEN),
  lastWords: lines.slice(-3).join(" | "),
});

/** A line without Kibana's password, which go-spacecraft prints on standard output (its network/create.go). */
export const withoutPasswords = (line: string): string => line.replace(/(password:?\s+)\S[^\n]*/i, "$1***");
