import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { parseBuildTag } from "./build-tag";
import { parseStoreUrl, STORE_FORM } from "./store-url";

/**
 * The forms of single values, which settings and the verbs' variables share. The `description` of a form is what an
 * error says is wanted.
 */

/** A DNS label, and so also the name of a channel, a poet or a Kubernetes object. */
export const label = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** A host name of two labels or more. */
export const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/);

/** A whole number, as a number or in decimal digits: "" is not 0, "1e3" not 1000 and true not 1. */
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

/** Lists may also come as text, separated by commas. */
export const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value), z.array(item));

/** What Node takes for name servers; names would have to be resolved first. There may be none. */
export const nameServers = list(z.string().refine(isNameServer))
  .default([])
  .describe("name servers to ask instead of the zone's own, as address:port (203.0.113.7:53), separated by commas");

/**
 * What git takes from any folder: a URL, `git@host:path` or an absolute path. Not what git would read as an option, and
 * no token, which would show in every command line.
 */
export const repositoryUrl = z
  .string()
  .regex(
    /^(?!https?:\/\/[^/]*@|\w+:\/\/[^/]*:[^/]*@)((https?|ssh|git):\/\/[^\s/]|file:\/\/\/|[\w.-]+@[\w.-]+:|\/)[^\t\r\n]+$/,
  )
  .describe(
    "the URL of the node repository (https, ssh or file:///absolute/folder), with no token in it: git's credential helpers keep that",
  );

/** Where records are kept: a folder or a bucket, by its URL. */
export const storeUrl = z
  .string()
  .refine((url) => parseStoreUrl(url) !== undefined)
  .describe(`the URL of the archive store, ${STORE_FORM}`);

export const channelName = label.describe("the name of a channel, e.g. testnet");

/** The names of the channels; there may be none. */
export const channelNames = list(label).describe("the channels a network can be promoted to, e.g. testnet");

/** The longest wait of a verb. */
export const seconds = whole(1, 86400).describe("the longest wait in seconds, 1 to 86400");

/** Base of the edge. */
export const baseUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/?#]+\/$/)
  .refine(URL.canParse)
  .describe("the base of the edge with a slash at its end, e.g. https://discover.net.spacemesh.io/");

/** Any page. */
export const pageUrl = z
  .string()
  .regex(/^https?:\/\/\S+$/)
  .refine(URL.canParse)
  .describe("the URL of the page, e.g. http://1_2_3_1.net.spacemesh.io/");

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("a SHA-256 as 64 hexadecimal digits");

/** `HOST:PORT`. */
export const hostPort = z
  .string()
  .regex(/^[\w.-]+:[1-9]\d{0,4}$/)
  .refine((text) => Number(text.split(":")[1]) <= 65535)
  .describe("HOST:PORT, e.g. 203.0.113.1:5000");

/** An IPv4 address, or a host where a cloud publishes one. */
export const address = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+)*$/)
  .describe("an IPv4 address or a host, e.g. 203.0.113.5");

/** Any name that DNS can be asked for; those of info pages have underscores. */
export const dnsName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/i)
  .describe("a name in the zone, e.g. api-v1-2-3-1.net.spacemesh.io");

/** As `git check-ref-format --branch` has it, and nothing that a command line could take for an option. */
export const branchName = z
  .string()
  .regex(/^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$))[A-Za-z0-9][\w./-]*$/)
  .describe("the name of a branch, e.g. devnet");

function isNameServer(text: string): boolean {
  const [, v6, v4, port = "53"] = /^(?:\[(.+)\]|([^:]+))(?::([1-9]\d*))?$/.exec(text) ?? [];
  return (v6 ? isIPv6(v6) : isIPv4(v4 ?? "")) && Number(port) <= 65535;
}

/**
 * The JSON documents that the stack's program hands to verbs, with the form of what the verbs use of them. Keys besides
 * these are let through: a network's documents outlive the checkout that wrote them.
 */

export const nonEmptyText = z.string("text").min(1, "text");
export const wholeFrom = (least: number) => {
  const wanted = `a whole number from ${least}`;
  return z.int(wanted).min(least, wanted);
};
export const buildTagText = z.string("a build tag, e.g. v1.2.3+1").refine(isBuildTag, "a build tag, e.g. v1.2.3+1");
export const hostPortText = z.string("HOST:PORT").refine((value) => hostPort.safeParse(value).success, "HOST:PORT");
export const urlText = z.string("a URL").refine(URL.canParse, "a URL");
export const timeText = z
  .string("a time, e.g. 2026-01-01T00:00:00Z")
  .refine((value) => !Number.isNaN(Date.parse(value)), "a time, e.g. 2026-01-01T00:00:00Z");
export const looseObject = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, "an object");

export const channelNameText = z
  .string("the name of a channel")
  .refine((value) => label.safeParse(value).success, "the name of a channel, e.g. testnet");
export const hostText = z.string("a host").refine((value) => dnsName.safeParse(value).success, "a host");

export function isBuildTag(value: string): boolean {
  try {
    parseBuildTag(value);
    return true;
  } catch {
    return false;
  }
}
