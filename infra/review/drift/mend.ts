import { type BuildTag, buildTag, fromStackName } from "../../base/model/build-tag";
import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS, type CloudflarePart } from "../../base/model/cloudflare-token";
import type { Promotion } from "../../base/model/promotion";

// The commands that a person runs, as text. They hold no secret: curl takes the token from the shell's environment.

/** What commands call a stack: a network by its build tag, any other stack by its name. */
export const nameOf = (stack: string): string => {
  const tag = fromStackName(stack);
  return tag ? buildTag(tag) : stack;
};

export const deploy = (stack: string): string => `smeshnet deploy ${nameOf(stack)}`;

export const retire = (tag: BuildTag, why?: string): string =>
  `smeshnet retire ${buildTag(tag)}${why === undefined ? "" : ` --why ${quoted(why)}`}`;

/** For a network that is gone, and its logs with it. */
export const retireWithoutLogs = (tag: BuildTag): string =>
  `smeshnet retire ${buildTag(tag)} --gap ${quoted("the network is gone")}`;

export const recover = (stack: string, force = false): string =>
  `smeshnet recover ${nameOf(stack)}${force ? " --force" : ""}`;

/** Continues a promotion or demotion, for the reason that was recorded. */
export const moveAgain = ({ kind, release, channel, reason }: Promotion): string =>
  [
    kind === "demotion" ? "smeshnet demote" : `smeshnet promote ${release}`,
    `--channel ${channel}`,
    ...(reason === undefined ? [] : [`--reason ${quoted(reason)}`]),
  ].join(" ");

/** Ends what was given up; the reason on record stays. */
export const abandonAgain = ({ release, channel }: Promotion): string =>
  `smeshnet promote ${release} --channel ${channel} --abandon TEXT`;

/** Takes over what the world shows, then lets the program change it back. */
export const bringBack = (stack: string): string => `pulumi up --refresh --stack ${stack}`;

export const removeStack = (stack: string): string => `pulumi stack rm ${stack}`;

/** A channel's gateway record is protected, so that nothing removes it by mistake. */
export const destroyStack = (stack: string): string =>
  `pulumi state unprotect --all --yes --stack ${stack} && pulumi destroy --remove --stack ${stack}`;

/** @param url of the object at Cloudflare's API @param part which it belongs to */
export const removeAtCloudflare = (url: string, part: CloudflarePart): string =>
  `curl -X DELETE -H "Authorization: Bearer \${${CLOUDFLARE_TOKENS[part]}:-$${CLOUDFLARE_TOKEN}}" ${quoted(url)}`;

/** The namespace holds the history of all networks, so it is never removed. */
export const takeBackNamespace = (accountId: string, id: string): string =>
  `pulumi import cloudflare:index/workersKvNamespace:WorkersKvNamespace networks ${accountId}/${id} --stack edge`;

export const end = (pid: number): string => `kill ${pid}`;

/** A word as a POSIX shell takes it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
