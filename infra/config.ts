import { type ZodError, z } from "zod";
import { COMPONENTS, type ComponentName } from "./manifest";

/** Namespace of the keys in Pulumi's config. */
export const NAMESPACE = "smeshnet";

const label = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const hostName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
const version = z.string().regex(/^v?\d+\.\d+\.\d+\S*$/);
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
/** Lists may also come as text, separated by commas. */
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value), z.array(item));

const chosen = Object.fromEntries(
  COMPONENTS.filter((name) => name !== "node").map((name) => [name, version]),
) as Record<Exclude<ComponentName, "node">, typeof version>;

/**
 * Every setting with the form it must have. The `description` is what an error says is wanted.
 * Durations are in seconds unless the description names another unit.
 */
const SETTINGS = z.object({
  zone: hostName.describe("the DNS zone, e.g. spacemesh.io"),
  subdomain: label.describe("the part below the zone under which networks live, e.g. net"),
  zoneId: z.string().min(1).describe("the id of the zone at Cloudflare (dashboard, Overview, API)"),
  accountId: z.string().min(1).describe("the id of the account at Cloudflare (dashboard, Overview, API)"),
  discoveryHost: hostName.describe("the host of the discovery list, e.g. discover.net.spacemesh.io"),
  tls: flag.describe("true or false: whether public hosts are served with certificates"),
  port: whole(1, 65535).describe("the TCP port of public services, 1 to 65535"),
  dnsTtl: z
    .union([whole(1, 1), whole(60, 86400)])
    .describe("the time to live of DNS records in seconds, 60 to 86400, or 1 (automatic)"),
  dnsServers: list(z.string().min(1))
    .default([])
    .describe("name servers to ask instead of the zone's own, as address:port, separated by commas"),
  nodeRepository: z
    .string()
    .regex(/^(?!https?:\/\/[^/]*@|\w+:\/\/[^/]*:[^/]*@)./)
    .describe("the URL of the node repository, with no token in it: git's credential helpers keep that"),
  channels: list(label).describe("the channels a network can be promoted to, e.g. testnet"),
  driver: z.enum(["spacecraft"]).describe("the driver that makes networks: spacecraft"),
  gcpProject: z.string().min(1).describe("the Google Cloud project of the clusters"),
  gcpLocation: z.string().min(1).describe("the Google Cloud location of the clusters, e.g. us-east1"),
  gcpZone: z.string().min(1).describe("the Google Cloud zone of the clusters, e.g. us-east1-b"),
  miners: whole(2, 500).describe("how many nodes a network has, 2 to 500"),
  bootnodes: whole(1, 100).describe("how many of them are boot nodes, fewer than miners"),
  poets: whole(1, 20).describe("how many poets a network has, 1 to 20"),
  genesisDelay: whole(0, 1440).describe("minutes from the start of a deployment to layer 0, 0 to 1440"),
  layerDuration: whole(1, 86400).describe("the length of a layer in seconds, 1 to 86400"),
  layersPerEpoch: whole(2, 100000).describe("how many layers an epoch has, 2 to 100000"),
  poetPhaseShift: whole(0, 31536000).describe("seconds from the start of an epoch to a poet's round, within the epoch"),
  poetCycleGap: whole(1, 31536000).describe("seconds a poet pauses between two rounds, within the epoch"),
  networkTimeout: whole(10, 86400).describe("the longest time to make or remove a network, in seconds, 10 to 86400"),
  readyTimeout: whole(5, 7200).describe("the longest wait for one service to answer, in seconds, 5 to 7200"),
  archiveTimeout: whole(10, 86400).describe("the longest time to archive a network's logs, in seconds, 10 to 86400"),
  smokeLayers: whole(1, 10000).describe("how many layers after the effective genesis the smoke test waits, 1 to 10000"),
  archive: z
    .string()
    .regex(/^file:\/\/\/.+/)
    .describe("the URL of the archive store, file:///absolute/folder"),
  versions: z.object(chosen).describe("the version of each component, e.g. v0.10.10"),
});

/** All settings of a stack, parsed and checked. */
export type Settings = z.infer<typeof SETTINGS>;

/** Gives the raw value of a key, or undefined when it is not set. Objects and lists may come as JSON text. */
export type Source = (key: string) => unknown;

/** One or more settings are wrong; the message names all of them, one a line. */
export class InvalidSettings extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`${mistakes.length} ${mistakes.length === 1 ? "setting is" : "settings are"} wrong:\n${mistakes.join("\n")}`);
    this.name = "InvalidSettings";
  }
}

/**
 * Reads all settings at once.
 * @throws {InvalidSettings} naming for each mistake the key, what was found and what is wanted.
 */
export function readSettings(source: Source): Settings {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(SETTINGS.shape)) raw[key] = structured(source(key));
  const parsed = SETTINGS.safeParse(raw);
  if (!parsed.success) throw new InvalidSettings(mistakes(parsed.error, raw));
  const contradictions = contradict(parsed.data);
  if (contradictions.length > 0) throw new InvalidSettings(contradictions);
  return parsed.data;
}

/** Wraps a source so that `SMESHNET_NODE_REPOSITORY` in the environment wins over the key `nodeRepository`. */
export const withEnvironment =
  (source: Source, environment: Readonly<Record<string, string | undefined>>): Source =>
  (key) =>
    environment[variableOf(key)] ?? source(key);

/** `nodeRepository` -> `SMESHNET_NODE_REPOSITORY`. */
export const variableOf = (key: string): string =>
  `${NAMESPACE}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();

/** Pulumi hands objects and lists over as JSON text. */
function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function mistakes(error: ZodError, raw: Record<string, unknown>): string[] {
  const found = new Map<string, string>();
  for (const issue of error.issues) {
    const key = String(issue.path[0]);
    const name = issue.path.join(".");
    const value = issue.path.reduce<unknown>((part, step) => (part as Record<PropertyKey, unknown>)?.[step], raw);
    const wanted = SETTINGS.shape[key as keyof typeof SETTINGS.shape].description;
    found.set(name, mistake(name, value, wanted ?? issue.message));
  }
  return [...found.values()];
}

function mistake(name: string, value: unknown, wanted: string): string {
  const key = name.split(".")[0] as string;
  const state = value === undefined ? "is not set" : `is ${masked(JSON.stringify(value))}`;
  return `  ${NAMESPACE}:${name} ${state}: wanted ${wanted} (set it in Pulumi.yaml, or ${variableOf(key)})`;
}

/** Takes the credentials out of URLs. */
const masked = (text: string): string => text.replace(/(\w+:\/\/)[^/@"]*@/g, "$1***@");

/** What go-spacecraft would only notice after the cluster is paid for (its network/create.go). */
function contradict(settings: Settings): string[] {
  const { miners, bootnodes, discoveryHost, zone, layerDuration, layersPerEpoch } = settings;
  const epoch = layerDuration * layersPerEpoch;
  const all: string[] = [];
  for (const key of ["poetPhaseShift", "poetCycleGap"] as const) {
    if (settings[key] >= epoch) all.push(mistake(key, settings[key], `less than the epoch's ${epoch} s`));
  }
  if (miners <= bootnodes) all.push(mistake("bootnodes", bootnodes, `fewer than the ${miners} miners`));
  if (!discoveryHost.endsWith(`.${zone}`)) all.push(mistake("discoveryHost", discoveryHost, `a host in ${zone}`));
  return all;
}
