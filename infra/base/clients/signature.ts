import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { exec } from "../lib/exec";
import { withTemporaryFolder } from "../lib/temporary";
import type { AllowedSigners } from "../model/allowed-signers";
import { openpgpVerified, sshVerified, type Verified } from "../model/tag-signature";
import { gitOptions } from "./git";

/** A repository that has the tag's object, and what git needs to see it. */
export interface Signed {
  readonly folder: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Neither git's settings of this machine nor those of its user or of the repository say who may sign, or which program
 * tells. Replacements (git-replace(1)) would show another object in place of the one that was decided.
 */
const VARIABLES = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
};

const OURS_ONLY = /^(?:GIT_(?!EXEC_PATH$)|GNUPG)/;

const options = (folder: string, variables: Readonly<Record<string, string>> = {}) => {
  const given = gitOptions(folder, { variables });
  return { ...given, variables: { ...given.variables, ...VARIABLES }, secrets: [], without: OURS_ONLY };
};

/** A tag object by its own name, as text. Its signature is not judged here. @throws {UserError} when it is missing */
export async function tagObjectText({ folder, variables }: Signed, object: string): Promise<string | undefined> {
  const { exitCode, stdout } = await exec("git", ["cat-file", "tag", object], {
    ...options(folder, variables),
    limit: LIMITS.tag,
  });
  return exitCode === 0 ? stdout : undefined;
}

/**
 * Verifies the signature of a tag object with `git verify-tag`. The object is named by its hash, so that it is the one
 * that was decided, whatever the tag's name leads to by now.
 * @param now milliseconds since 1970
 * @throws {UserError} when the program that verifies is missing
 */
export function verifiedTag(
  kind: "ssh" | "openpgp",
  object: string,
  repository: Signed,
  signers: AllowedSigners,
  now: number,
): Promise<Verified> {
  return withTemporaryFolder(async (home) =>
    kind === "ssh" ? sshTag(home, object, repository, signers, now) : openpgpTag(home, object, repository, signers),
  );
}

async function sshTag(
  home: string,
  object: string,
  repository: Signed,
  { ssh, sshText }: AllowedSigners,
  now: number,
): Promise<Verified> {
  const file = join(home, "allowed-signers");
  const verify = async (signers: string) => {
    await writeFile(file, signers);
    return verifyTag(object, repository, { "gpg.ssh.allowedSignersFile": file });
  };
  const { exitCode, printed } = await verify(sshText);
  if (exitCode === 0) return sshVerified(printed, true, ssh, now);
  // Without the limits of its line, a key that is known is named, and our own reading of the line says what it lacks.
  const unlimited = await verify(ssh.map(({ principals, key }) => `"${principals}" ${key}\n`).join(""));
  return sshVerified(unlimited.printed, false, ssh, now);
}

/** @param home an empty folder, which becomes a key ring of the allowed keys and nothing else */
async function openpgpTag(
  home: string,
  object: string,
  repository: Signed,
  { openpgp }: AllowedSigners,
): Promise<Verified> {
  const variables = { GNUPGHOME: home };
  // No key comes from elsewhere, and no agent stays behind.
  await writeFile(join(home, "gpg.conf"), "batch\nno-tty\nno-autostart\nno-auto-key-retrieve\nno-auto-key-import\n");
  await writeFile(join(home, "keys.asc"), openpgp);
  const gpg = async (...args: string[]) => {
    const { variables: own, ...given } = options(home, variables);
    return exec("gpg", ["--homedir", home, ...args], { ...given, variables: { ...own, ...variables } });
  };
  if (openpgp !== "") {
    const imported = await gpg("--import", join(home, "keys.asc"));
    if (imported.exitCode !== 0) {
      throw new UserError(
        "SignersUnreadable",
        "gpg cannot read an OpenPGP public key of the setting allowedSigners.",
        "Export the key again with `gpg --export --armor KEY`.",
        2,
      );
    }
  }
  const fingerprints = primariesIn((await gpg("--with-colons", "--list-keys")).stdout);
  const { exitCode, printed } = await verifyTag(object, repository, {}, variables);
  const found = openpgpVerified(printed, fingerprints);
  return found.state === "good" && exitCode !== 0 ? { state: "bad" } : found;
}

/** The fingerprints of primary keys, in gpg's colon format (GnuPG, doc/DETAILS). */
function primariesIn(listed: string): string[] {
  let isPrimary = false;
  return listed.split("\n").flatMap((line) => {
    const [type, ...fields] = line.split(":");
    if (type === "pub" || type === "sub") isPrimary = type === "pub";
    return type === "fpr" && isPrimary && fields[8] ? [fields[8]] : [];
  });
}

const PROGRAMS = {
  "gpg.program": "gpg",
  "gpg.openpgp.program": "gpg",
  "gpg.ssh.program": "ssh-keygen",
  "gpg.ssh.revocationFile": "",
  "gpg.minTrustLevel": "undefined",
};

/** Runs `git verify-tag`. What it prints is for programs, on both outputs. */
async function verifyTag(
  object: string,
  { folder, variables }: Signed,
  settings: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly printed: string }> {
  const given = Object.entries({ ...PROGRAMS, ...settings }).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const { exitCode, stdout, stderr } = await exec(
    "git",
    [...given, "verify-tag", "--raw", object],
    options(folder, { ...variables, ...more }),
  );
  const missing = /cannot run (gpg|ssh-keygen):/.exec(stderr)?.[1];
  if (missing === undefined) return { exitCode, printed: `${stdout}\n${stderr}` };
  throw new UserError("ProgramMissing", `The program ${missing} is not on the PATH.`, `Install ${missing}.`);
}
