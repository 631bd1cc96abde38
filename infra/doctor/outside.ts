import { lookAtWebhook } from "../base/clients/discord";
import { gitOptions, succeeded } from "../base/clients/git";
import { exec } from "../base/lib/exec";
import { readAllowedSigners } from "../base/model/allowed-signers";
import type { Store } from "../base/store/contract";
import { type Check, type Finding, fail, found, ok, warn } from "./check";
import { isOnPath } from "./tools";

type Environment = Readonly<Record<string, string | undefined>>;

/** Records of channels: few, and there from the first promotion on. */
const SOME_RECORDS = "channels/";

/** The question to the store of records. Nothing is written. @param open throws when a key or the URL is wrong */
export const storeCheck = (archive: string, open: () => Store): Check =>
  listingOf("store", archive, open, "that it can be written and never overwrites; the first deployment tries that");

/** The same with the credentials of its reader. */
export const storeReaderCheck = (archive: string, open: () => Store): Check =>
  listingOf("store.reader", archive, open, "that its account may not write");

const listingOf = (name: string, archive: string, open: () => Store, unproven: string): Check => ({
  name,
  async ask() {
    const { length } = await open().list(SOME_RECORDS);
    return found(ok(name, `${placeOf(archive)} can be listed and holds ${length} records of channels`, unproven));
  },
});

const placeOf = (url: string): string => url.split("?", 1)[0] ?? url;

/** The question to the node repository. git's own credentials count, and none is shown. */
export const repositoryCheck = (repository: string): Check => ({
  name: "repository",
  async ask(signal) {
    // The remote's HEAD alone: a repository with all its tags is long.
    const options = gitOptions();
    const listed = await exec("git", ["ls-remote", repository, "HEAD"], { ...options, signal });
    succeeded(`${repository} cannot be read`, listed);
    return found(judgeRepository(repository, listed.stdout));
  },
});

/** @param listed what `git ls-remote` printed */
export const judgeRepository = (repository: string, listed: string): Finding =>
  listed.trim() === ""
    ? warn("repository", `${repository} can be read and has no commit`, "Push a commit before the first build tag")
    : ok("repository", `${repository} can be read`, "the right to push the branches devnext, devnet and testnet");

/** The question whether anybody's signature can count. @param text the setting `allowedSigners` */
export const signersCheck = (text: string, now: number, environment: Environment): Check => ({
  name: "signers",
  ask: async () => found(...judgeSigners(text, now, (program) => isOnPath(program, environment))),
});

/** @param has tells whether a program is on the PATH */
export function judgeSigners(text: string, now: number, has: (program: string) => boolean): Finding[] {
  const name = "signers";
  if (text.trim() === "")
    return [ok(name, "anybody who may push tags may deploy, as smeshnet:allowedSigners is empty")];
  const signers = readAllowedSigners(text);
  if (!signers) return [fail(name, "smeshnet:allowedSigners cannot be read", "Write it as docs/operating.md shows")];
  const ssh = signers.ssh.length > 0;
  const openpgp = signers.openpgp !== "";
  const missing = [ssh && !has("ssh-keygen") && "ssh-keygen", openpgp && !has("gpg") && "gpg"].filter(
    (program) => program !== false,
  );
  if (missing.length > 0)
    return missing.map((program) =>
      fail(name, `the program ${program}, which verifies signatures, is not on the PATH`, `Install ${program}`),
    );
  const alive = signers.ssh.filter(({ validBefore }) => validBefore === undefined || validBefore > now);
  if (ssh && alive.length === 0 && !openpgp)
    return [fail(name, "every key of smeshnet:allowedSigners has expired", "Add a key that is valid today")];
  const kinds = [ssh && `${alive.length} SSH keys`, openpgp && "OpenPGP keys"].filter((kind) => kind !== false);
  return [ok(name, `tags count that are signed by ${kinds.join(" or ")}`)];
}

/** The question to Discord: which webhook it is. Nothing is posted. @param timeout time limit, in seconds */
export const webhookCheck = (url: string | undefined, timeout: number): Check => ({
  name: "webhook",
  async ask() {
    if (!url) return found(NO_WEBHOOK);
    return found(judgeWebhook(await lookAtWebhook(url, timeout)));
  },
});

const NO_WEBHOOK = warn(
  "webhook",
  "DISCORD_WEBHOOK is not set; a deployment needs none, a promotion does",
  "Set it to the URL of the channel's webhook before the first promotion",
);

type Looked = Awaited<ReturnType<typeof lookAtWebhook>>;

export function judgeWebhook(looked: Looked): Finding {
  if ("name" in looked) return ok("webhook", `Discord knows the webhook as ${JSON.stringify(looked.name)}`);
  const what = `Discord does not show the webhook: ${looked.why}`;
  return fail("webhook", what, "Check DISCORD_WEBHOOK, or make a new webhook in the channel's settings");
}
