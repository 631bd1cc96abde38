import { type Exported, hasPassphrase } from "../../base/engine/state";
import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS } from "../../base/model/cloudflare-token";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What an environment lacks to preview a stack, as phrases. A pull request from a fork gets no secrets.
 * @param state of the stack, which tells how its secrets are encrypted
 */
export function lackingFor(environment: Environment, state: Exported | undefined): string[] {
  const lacking: string[] = [];
  const hasTokens =
    environment[CLOUDFLARE_TOKEN] || Object.values(CLOUDFLARE_TOKENS).every((name) => environment[name]);
  if (!hasTokens) lacking.push(`${CLOUDFLARE_TOKEN} is not set`);
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (state && hasPassphrase(state) && passphrase === undefined && !file) {
    lacking.push("PULUMI_CONFIG_PASSPHRASE is not set");
  }
  return lacking;
}

/** Why the backend cannot be read. @param told what the attempt to read it said */
export const withoutBackend = (environment: Environment, told: string): string =>
  environment.PULUMI_BACKEND_URL || environment.PULUMI_ACCESS_TOKEN
    ? told.replace(/\.$/, "")
    : "PULUMI_BACKEND_URL is not set";
