import { type Exported, hasPassphrase } from "../../base/engine/state";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What an environment lacks to preview a stack, as phrases. A pull request from a fork gets no secrets.
 * @param state of the stack, which tells how its secrets are encrypted
 */
export function lackingFor(environment: Environment, state: Exported | undefined): string[] {
  const lacking: string[] = [];
  if (!environment.CLOUDFLARE_API_TOKEN) lacking.push("CLOUDFLARE_API_TOKEN is not set");
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (state && hasPassphrase(state) && passphrase === undefined && !file) {
    lacking.push("PULUMI_CONFIG_PASSPHRASE is not set");
  }
  return lacking;
}
