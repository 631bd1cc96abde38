import { boundedTextFileSync, LIMITS } from "../../infra/base/lib/bounded";
import { UserError } from "../../infra/base/lib/errors";

/**
 * The seed of the tap's wallet, which {@link openWallet} checks: from the variable `TAP_SEED`, or from the file that
 * `TAP_SEED_FILE` names, such as a mounted Secret. It is removed from the environment, so that no child inherits it.
 * @throws {UserError} when neither is set, both are, or the file cannot be read
 */
export function readSeed(env: NodeJS.ProcessEnv): string {
  const { TAP_SEED: seed = "", TAP_SEED_FILE: file = "" } = env;
  delete env.TAP_SEED;
  if ((seed === "") === (file === "")) {
    throw new UserError(
      "WalletSeedMissing",
      `The seed of the wallet is in ${seed === "" ? "neither" : "both"} of TAP_SEED and TAP_SEED_FILE.`,
      "Set one of them.",
      2,
    );
  }
  return file === "" ? seed.trim() : readFile(file);
}

function readFile(file: string): string {
  try {
    return boundedTextFileSync(file, LIMITS.small).trim();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown fault";
    throw new UserError(
      "WalletSeedUnreadable",
      `The file ${file} of TAP_SEED_FILE cannot be read (${why}).`,
      "Name a file with 64 hexadecimal digits.",
      2,
    );
  }
}
