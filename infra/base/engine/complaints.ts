import { UserError } from "../lib/errors";
import { lastLine } from "../lib/exec";

export const passphraseMissing = (): UserError =>
  new UserError(
    "PassphraseMissing",
    "Neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set.",
    "Set one of them to the passphrase that encrypts the secrets of the stacks.",
    2,
  );

/**
 * What a complaint of the pulumi CLI means to the one who called us; undefined for all others.
 * @param output what it printed
 */
export function pulumiComplaint(output: string): UserError | undefined {
  if (/passphrase must be set with PULUMI_CONFIG_PASSPHRASE/.test(output)) return passphraseMissing();
  const unreadable = /unable to read PULUMI_CONFIG_PASSPHRASE_FILE: (.{1,300})/.exec(output)?.[1];
  if (unreadable !== undefined) {
    return new UserError(
      "PassphraseUnreadable",
      `The file of PULUMI_CONFIG_PASSPHRASE_FILE cannot be read (${unreadable.trim()}).`,
      "Set it to the path of a file that holds the passphrase.",
      2,
    );
  }
  if (/incorrect passphrase/.test(output)) {
    return new UserError(
      "PassphraseWrong",
      "The passphrase in the environment is not that of the stack.",
      "Set PULUMI_CONFIG_PASSPHRASE, or the file of PULUMI_CONFIG_PASSPHRASE_FILE, to the passphrase of the stack.",
    );
  }
  if (/PULUMI_ACCESS_TOKEN must be set for login/.test(output)) {
    return new UserError(
      "BackendMissing",
      "PULUMI_BACKEND_URL is not set, and Pulumi is not logged in to a backend.",
      "Set PULUMI_BACKEND_URL, or run `pulumi login`.",
      2,
    );
  }
  return undefined;
}

/** The engine's own `error: ...`; without one the last line it wrote. */
export const reasonIn = (output: string): string =>
  /^(?: stderr: )?error: (.+)$/m.exec(output)?.[1] ?? lastLine(output.replace(/\n err\?:[^\n]*\n$/, ""));
