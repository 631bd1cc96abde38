import { type ZodError, z } from "zod";
import { shown } from "../lib/errors";
import { channelNames, hostName, label, nameServers, repositoryUrl, storeUrl, whole } from "./formats";
import { COMPONENTS, type ComponentName, hasImage } from "./versions";

/** Namespace of the keys in Pulumi's config. */
export const NAMESPACE = "smeshnet";

/** SemVer, with or without a leading `v`. */
const version = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/)
  .describe("a version, e.g. v0.10.10");
/** An image's tag may not hold the plus sign of a build. */
const imageVersion = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[\w.-]+)?$/)
  .describe("a version without a build, e.g. v0.10.10");
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
/** What Cloudflare and Google call their things; never an option on gcloud's command line. */
const identifier = z.string().regex(/^\w[\w.:-]*$/);

const chosen = Object.fromEntries(
  COMPONENTS.filter((name) => name !== "node").map((name) => [name, hasImage(name) ? imageVersion : version]),
) as Record<Exclude<ComponentName, "node">, typeof version>;

/**
 * Every setting with the form it must have. The `description` is what an error says is wanted.
 * Durations are in seconds unless the description names another unit.
 */
const SETTINGS = z.object({
  zone: hostName.describe("the DNS zone, e.g. spacemesh.io"),
  subdomain: label.describe("the part below the zone under which networks live, e.g. net"),
  zoneId: identifier.describe("the id of the zone at Cloudflare (dashboard, Overview, API)"),
  accountId: identifier.describe("the id of the account at Cloudflare (dashboard, Overview, API)"),
  discoveryHost: hostName.describe("the host of the discovery list, e.g. discover.net.spacemesh.io"),
  tls: flag.describe("true or false: whether public hosts are served with certificates"),
  port: whole(1, 65535).describe("the TCP port of public services, 1 to 65535"),
  dnsTtl: z
    .union([whole(1, 1), whole(60, 86400)])
    .describe("the time to live of DNS records in seconds, 60 to 86400, or 1 (automatic)"),
  dnsServers: nameServers,
  nodeRepository: repositoryUrl,
  channels: channelNames,
  driver: z.enum(["spacecraft"]).describe("the driver that makes networks: spacecraft"),
  gcpProject: identifier.describe("the Google Cloud project of the clusters"),
  gcpLocation: identifier.describe("the Google Cloud location of the clusters, e.g. us-east1"),
  gcpZone: identifier.describe("the Google Cloud zone of the clusters, e.g. us-east1-b"),
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
  retireAfter: whole(0, 8760).describe("hours that the previous network stays after a promotion, 0 to 8760"),
  smokeLayers: whole(1, 10000).describe("how many layers after the effective genesis the smoke test waits, 1 to 10000"),
  archive: storeUrl,
  versions: z.strictObject(chosen).describe('the version of each component, e.g. {"poet": "v0.10.10", ...}'),
});

/** All settings of a stack, parsed and checked. */
export type Settings = z.infer<typeof SETTINGS>;

/** Gives the raw value of a key, or undefined when it is not set. Objects and lists may come as JSON text. */
export type Source = (key: string) => unknown;

/** One or more settings are wrong; the message names all of them: one in one line, more in one line each. */
export class InvalidSettings extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.length === 1 ? mistakes[0] : `${mistakes.length} settings are wrong:\n  ${mistakes.join("\n  ")}`);
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
    const unknown = issue.code === "unrecognized_keys";
    for (const steps of unknown ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]) {
      const { path, value } = partOf(raw, steps);
      const name = path.join(".");
      const wanted = unknown ? `none of that name, but ${Object.keys(chosen).join(", ")}` : wantedOf(path);
      found.set(name, mistake(name, value, wanted ?? issue.message));
    }
  }
  return [...found.values()];
}

interface Part {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** The value at the end of a path, or as far as it leads: a list that came as text is shown as that text. */
function partOf(raw: unknown, steps: readonly PropertyKey[], path: readonly PropertyKey[] = []): Part {
  const [step, ...rest] = steps;
  if (step === undefined || typeof raw !== "object" || raw === null) return { path, value: raw };
  return partOf((raw as Record<PropertyKey, unknown>)[step], rest, [...path, step]);
}

function wantedOf([key, part]: readonly PropertyKey[]): string | undefined {
  const form = key === "versions" ? chosen[part as keyof typeof chosen] : undefined;
  return (form ?? SETTINGS.shape[key as keyof typeof SETTINGS.shape]).description;
}

function mistake(name: string, value: unknown, wanted: string): string {
  const key = name.split(".")[0] as string;
  const state = value === undefined ? "is not set" : `is ${shown(value)}`;
  return `${NAMESPACE}:${name} ${state}: wanted ${wanted} (set it in Pulumi.yaml, or ${variableOf(key)})`;
}

/** What go-spacecraft would only notice after the cluster is paid for (its network/create.go). */
function contradict(settings: Settings): string[] {
  const { miners, bootnodes, discoveryHost, zone, channels, layerDuration, layersPerEpoch } = settings;
  const epoch = layerDuration * layersPerEpoch;
  const all: string[] = [];
  for (const key of ["poetPhaseShift", "poetCycleGap"] as const) {
    if (settings[key] >= epoch) all.push(mistake(key, settings[key], `less than the epoch's ${epoch} s`));
  }
  if (miners <= bootnodes) all.push(mistake("bootnodes", bootnodes, `fewer than the ${miners} miners`));
  if (!discoveryHost.endsWith(`.${zone}`)) all.push(mistake("discoveryHost", discoveryHost, `a host in ${zone}`));
  // A channel is a stack beside `edge`, and its hosts are named by what is before its "net".
  const taken = channels.filter((name, i) => name === "edge" || name === "net" || channels.indexOf(name) !== i);
  if (taken.length > 0) all.push(mistake("channels", channels, "each channel once, and none named edge or net"));
  return all;
}
