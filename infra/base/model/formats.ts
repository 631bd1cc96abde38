import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { isBuildTag, isReleaseTag } from "./build-tag";
import { parseStoreUrl, STORE_FORM } from "./store-url";

// Formats of single values, for settings, arguments and variables. An error says that it expected the `description`.

/** A DNS label. Channels, poets and Kubernetes objects have such names too. */
export const label = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** A host name of two labels or more. */
export const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/);

/** A whole number, as a number or in decimal digits. Unlike in JavaScript, "" is not 0, "1e3" not 1000, true not 1. */
export const whole = (least: number, most: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^(0|[1-9]\d*)$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(least).max(most));

/** A list, also as text with commas between the items. */
export const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
    z.array(item).readonly(),
  );

/** Addresses of name servers, as Node.js takes them; a host name would need a name server itself. May be empty. */
export const nameServers = list(z.string().refine(isNameServer))
  .default([])
  .describe("name servers to ask instead of the zone's own, as address:port (203.0.113.7:53), separated by commas");

/**
 * A repository that git finds from any folder: a URL, `git@host:path` or an absolute path. A text that git would read
 * as an option is refused. So is a token, which every command line would show.
 */
export const repositoryUrl = z
  .string()
  .regex(
    /^(?!https?:\/\/[^/]*@|\w+:\/\/[^/:]*:[^/]*@)((https?|ssh|git):\/\/[^\s/]|file:\/\/\/|[\w.-]+@[\w.-]+:|\/)[^\t\r\n]+$/,
  )
  .describe(
    "the URL of the node repository (https, ssh or file:///absolute/folder) without a token; " +
      "git's credential helper keeps tokens",
  );

/** The repository of a blog; empty for none. */
export const blogRepositoryUrl = z
  .union([z.literal(""), repositoryUrl])
  .default("")
  .describe(
    "the URL of the blog's repository (https, ssh or file:///absolute/folder) without a token, to which drafts of " +
      "postmortems and recaps are pushed as branches; without it they stay in the archive store",
  );

/** A folder inside a repository, not its top. No part is `..` or hidden, as `.git` is. */
export const folderInRepository = z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/);

/** The URL of the records store: a folder or a bucket. */
export const storeUrl = z
  .string()
  .refine((url) => parseStoreUrl(url) !== undefined)
  .describe(`the URL of the archive store, ${STORE_FORM}`);

/** A public key as PEM; may be empty. */
export const publicKeyText = z
  .string()
  .regex(/^(\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*)?$/)
  .default("")
  .describe(
    "the public key (PEM, Ed25519 or ECDSA P-256) that certificates of the simmer must be sealed with; " +
      "without it every promotion needs a reason",
  );

export const channelName = label.describe("the name of a channel, e.g. testnet");

/** The names of the channels. May be empty. */
export const channelNames = list(label).describe("the channels a network can be promoted to, e.g. testnet");

/** The time limit of a command. */
export const seconds = whole(1, 86400).describe("the time limit in seconds, 1 to 86400");

/** The layers that a smoke test may take. */
export const layerCount = whole(1, 100_000).describe("a number of layers from 1 to 100000");

/** The base URL of the edge. */
export const baseUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/?#]+\/$/)
  .refine(URL.canParse)
  .describe("the base URL of the edge, ending in a slash, e.g. https://discover.net.spacemesh.io/");

/** A URL that only TLS serves, without credentials. */
export const httpsUrl = z
  .string()
  .regex(/^https:\/\/[^\s/@?#]+\/\S*$/)
  .refine(URL.canParse);

/** A mail address; may be empty. */
export const mailAddress = z.string().regex(/^([\w.+-]+@[\w-]+(\.[\w-]+)+)?$/);

/** The URL of any page. */
export const pageUrl = z
  .string()
  .regex(/^https?:\/\/\S+$/)
  .refine(URL.canParse)
  .describe("the URL of the page, e.g. http://1_2_3_1.net.spacemesh.io/");

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("a SHA-256 as 64 hexadecimal digits");

/** The full name of a commit: SHA-1, or SHA-256 in a repository of that kind. */
export const commitName = z
  .string()
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
  .describe("a commit as 40 or 64 hexadecimal digits");

/** `HOST:PORT`. */
export const hostPort = z
  .string()
  .regex(/^[\w.-]+:[1-9]\d{0,4}$/)
  .refine((text) => Number(text.split(":")[1]) <= 65535)
  .describe("HOST:PORT, e.g. 203.0.113.1:5000");

/** An IPv4 address, or a host in clouds that publish a load balancer as a host. */
export const address = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+)*$/)
  .describe("an IPv4 address or a host, e.g. 203.0.113.5");

/** Any DNS name. The names of info pages contain underscores. */
export const dnsName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/i)
  .describe("a name in the zone, e.g. api-v1-2-3-1.net.spacemesh.io");

/** A branch name by the rules of `git check-ref-format --branch` that no command line can take for an option. */
export const branchName = z
  .string()
  .regex(/^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$))[A-Za-z0-9][\w./-]*$/)
  .describe("the name of a branch, e.g. devnet");

function isNameServer(text: string): boolean {
  const [, v6, v4, port = "53"] = /^(?:\[(.+)\]|([^:]+))(?::([1-9]\d*))?$/.exec(text) ?? [];
  return (v6 ? isIPv6(v6) : isIPv4(v4 ?? "")) && Number(port) <= 65535;
}

// Parts of JSON documents that a stack's program hands to steps. An error says that it expected the part's message.

/** A document or a part of one. Unknown keys are ignored, since a document may outlive the checkout that wrote it. */
export const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.object(shape, "an object");

/** A document or a part of one whose unknown keys are kept. */
export const looseObject = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, "an object");

/** A list in a document. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item, "a list").readonly();

/** A whole number from a least one. */
export function wholeFrom(least: number) {
  const expected = `a whole number from ${least}`;
  return z.int(expected).min(least, expected);
}

/** A text that passes a check. */
const text = (expected: string, isValid: (value: string) => boolean) => z.string(expected).refine(isValid, expected);

export const nonEmptyText = z.string("text").min(1, "text");
export const buildTagText = text("a build tag, e.g. v1.2.3+1", isBuildTag);
export const releaseTagText = text("a release tag, e.g. v1.2.3", isReleaseTag);
export const commitText = text(
  "a commit as 40 or 64 hexadecimal digits",
  (value) => commitName.safeParse(value).success,
);
export const sha256Text = text("a SHA-256 as 64 hexadecimal digits", (value) => sha256.safeParse(value).success);
export const hostPortText = text("HOST:PORT", (value) => hostPort.safeParse(value).success);
export const urlText = text("a URL", URL.canParse);
export const timeText = text("a time, e.g. 2026-01-01T00:00:00Z", (value) => !Number.isNaN(Date.parse(value)));
export const channelNameText = text("the name of a channel, e.g. testnet", (value) => label.safeParse(value).success);
export const hostText = text("a host", (value) => dnsName.safeParse(value).success);
