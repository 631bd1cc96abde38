import { z } from "zod";
import { UserError } from "../lib/errors";
import { parsedJson } from "../lib/json";
import { allowedSignersText } from "./allowed-signers";
import {
  blogRepositoryUrl,
  channelNames,
  folderInRepository,
  hostName,
  httpsUrl,
  label,
  mailAddress,
  nameServers,
  publicKeyText,
  repositoryUrl,
  storeUrl,
  whole,
} from "./formats";
import { InvalidSettings, type Mistake, mistakesOf, variableOf, wrong } from "./invalid-settings";
import { IMAGES, KubernetesSettings } from "./kubernetes-settings";
import { tapFault, tapOf } from "./tap-settings";
import { COMPONENTS, COMPONENTS_TODAY, type ComponentName, hasImage } from "./versions";

export { InvalidSettings, NAMESPACE, variableOf } from "./invalid-settings";

/** A SemVer version, with or without a leading `v`. */
const version = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/)
  .describe("a version, e.g. v0.10.10");
/** A version that is an image tag, which may not contain the plus sign of a build. */
const imageVersion = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[\w.-]+)?$/)
  .describe("a version without a build, e.g. v0.10.10");
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
/** An id at Cloudflare or Google. gcloud never takes it for an option. */
const identifier = z.string().regex(/^\w[\w.:-]*$/);

/** The format of each component's version. */
const chosen = Object.fromEntries(
  COMPONENTS.filter((name) => name !== "node").map((name) => [name, hasImage(name) ? imageVersion : version]),
) as Record<Exclude<ComponentName, "node">, typeof version>;

/**
 * All settings of a stack. An error says that it expected the `description`.
 * Durations are in seconds unless the description names another unit.
 */
export const Settings = z.object({
  zone: hostName.describe("the DNS zone, e.g. spacemesh.io"),
  subdomain: label.describe("the subdomain of the zone for the names of networks, e.g. net"),
  zoneId: identifier.describe("the id of the zone at Cloudflare (dashboard, Overview, API)"),
  accountId: identifier.describe("the id of the account at Cloudflare (dashboard, Overview, API)"),
  discoveryHost: hostName.describe("the host of the network list, e.g. discover.net.spacemesh.io"),
  tls: flag.describe("true or false: whether public hosts are served with certificates"),
  acmeDirectory: httpsUrl.describe(
    "the URL of the directory of the authority that issues the TLS certificate by ACME (https)",
  ),
  acmeContact: mailAddress
    .default("")
    .describe("the mail address that the authority gets with our account; empty for none"),
  port: whole(1, 65535).describe("the TCP port of public services, 1 to 65535"),
  httpPort: whole(1, 65535).describe(
    "the TCP port of plain HTTP where `tls` is true, 1 to 65535; without TLS `port` is that port",
  ),
  dnsTtl: z
    .union([whole(1, 1), whole(60, 86400)])
    .describe("the time to live of DNS records in seconds, 60 to 86400, or 1 (automatic)"),
  dnsServers: nameServers,
  nodeRepository: repositoryUrl,
  allowedSigners: allowedSignersText,
  channels: channelNames,
  driver: z
    .enum(["spacecraft", "kubernetes"])
    .describe(
      "spacecraft (a cluster for each network, by go-spacecraft) or kubernetes (today's nodes, in any cluster)",
    ),
  gcpProject: identifier
    .or(z.literal(""))
    .default("")
    .describe("the Google Cloud project of the clusters (spacecraft)"),
  gcpLocation: identifier
    .or(z.literal(""))
    .default("")
    .describe("the Google Cloud location of the clusters, e.g. us-east1 (spacecraft)"),
  gcpZone: identifier
    .or(z.literal(""))
    .default("")
    .describe("the Google Cloud zone of the clusters, e.g. us-east1-b (spacecraft)"),
  ...KubernetesSettings,
  miners: whole(2, 500).describe("the number of nodes of a network, 2 to 500"),
  bootnodes: whole(1, 100).describe("the number of boot nodes among them, 1 to 100, fewer than miners"),
  poets: whole(1, 20).describe("the number of poets of a network, 1 to 20"),
  genesisDelay: whole(0, 1440).describe("the minutes from the start of a deployment to layer 0, 0 to 1440"),
  layerDuration: whole(1, 86400).describe("the length of a layer in seconds, 1 to 86400"),
  layersPerEpoch: whole(2, 100000).describe("the number of layers in an epoch, 2 to 100000"),
  poetPhaseShift: whole(0, 31536000).describe(
    "the seconds from the start of an epoch to a poet's round, less than an epoch",
  ),
  poetCycleGap: whole(1, 31536000).describe("the seconds that a poet pauses between two rounds, less than an epoch"),
  networkTimeout: whole(10, 86400).describe("the time limit to create or remove a network, in seconds, 10 to 86400"),
  readyTimeout: whole(5, 7200).describe("the time limit for one service to answer, in seconds, 5 to 7200"),
  archiveTimeout: whole(10, 86400).describe("the time limit to archive a network's logs, in seconds, 10 to 86400"),
  networks: whole(0, 1000).describe("the number of networks that may run at once, 0 to 1000; 0 for no limit"),
  retireAfter: whole(0, 8760).describe("the hours that the previous network stays up after a promotion, 0 to 8760"),
  smokeLayers: whole(1, 10000).describe(
    "the number of layers after the effective genesis that the smoke test may take, 1 to 10000",
  ),
  simmerDays: whole(1, 365).describe("the days that a network simmers before its certificate, 1 to 365"),
  simmerDay: whole(1, 86400).describe("the length of such a day in seconds; less than 86400 only in rehearsals"),
  simmerLag: whole(0, 1000).describe(
    "the layers by which the verified layer usually trails the clock's, 0 to 1000 (2 in the era of go-spacecraft)",
  ),
  simmerStall: whole(1, 1000).describe(
    "the layers without progress, beyond the usual pace, that make a stall, 1 to 1000 (one late layer is common)",
  ),
  simmerLimit: whole(1, 100000).describe(
    "the layers that a network may be stalled or split before it is retired, 1 to 100000",
  ),
  simmerAct: z
    .enum(["retire", "alert"])
    .describe("retire or alert: what happens to a network that is stalled or split for longer"),
  simmerKey: publicKeyText,
  blogRepository: blogRepositoryUrl,
  blogFolder: folderInRepository.describe("the folder of posts in the blog's repository, e.g. _posts or content/post"),
  blogFormat: z.enum(["jekyll", "hugo"]).describe("jekyll or hugo: the form of the posts' names and front matter"),
  monitoring: flag
    .default(false)
    .describe(
      "true or false: whether each network gets Prometheus and Alertmanager, which post alerts to Discord, and curves on " +
        "its page",
    ),
  grafana: flag
    .default(false)
    .describe("true or false: whether the monitoring has Grafana too, which only who may forward ports reaches"),
  watcher: z
    .string()
    .regex(/^([\w.-]+:\d{1,5})?$/)
    .default("")
    .describe("the host and port of the watcher's metrics as clusters reach them, e.g. watcher.example.org:9464"),
  remoteWrite: z
    .string()
    .regex(/^(https?:\/\/[^\s@]+)?$/)
    .default("")
    .describe("the URL to which Prometheus sends a copy of all metrics, without a password"),
  archive: storeUrl,
  versions: z.strictObject(chosen).describe('the version of each component, e.g. {"poet": "v0.10.10", ...}'),
});

export type Settings = Readonly<z.infer<typeof Settings>>;

/** Gives the raw value of a key; undefined when it is not set. Objects and lists may be JSON text. */
export type Source = (key: string) => unknown;

/**
 * Reads the setting `allowedSigners` alone: a git server, which judges tags, has no other settings.
 * @throws {InvalidSettings} when it is wrong
 */
export function readAllowedSignersSetting(source: Source): string {
  const raw = source("allowedSigners");
  const { success, data } = Settings.shape.allowedSigners.safeParse(raw);
  if (success) return data;
  throw new InvalidSettings([wrong("allowedSigners", raw, Settings.shape.allowedSigners.description ?? "")]);
}

/**
 * Reads all settings.
 * @throws {InvalidSettings} with all mistakes; each names the key, the value and the expected value
 */
export function readSettings(source: Source): Settings {
  const raw = Object.fromEntries(Object.keys(Settings.shape).map((key) => [key, structured(source(key))]));
  const { success, data, error } = Settings.safeParse(raw);
  const mistakes = success ? contradictionsIn(data) : mistakesOf(error, raw, { expected, known });
  if (!success || mistakes.length > 0) throw new InvalidSettings(mistakes);
  return data;
}

/**
 * Reads the settings that are right by themselves, for a look at what can be looked at, and all mistakes. A setting that
 * is wrong is absent.
 */
export function readableSettings(source: Source): {
  readonly settings: Partial<Settings>;
  readonly mistakes: readonly Mistake[];
} {
  try {
    return { settings: readSettings(source), mistakes: [] };
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    const right = Object.entries(Settings.shape).flatMap(([key, form]) => {
      const raw = structured(source(key));
      return form.safeParse(raw).success ? [[key, raw]] : [];
    });
    const isRight = new Set(right.map(([key]) => key));
    const settings = Settings.partial().parse(Object.fromEntries(right));
    for (const key of Settings.keyof().options) if (!isRight.has(key)) delete settings[key];
    // Those that a driver needs are asked for after all others. Somebody who mends settings wants to know them now.
    const needed = missingOf(settings).filter(({ what }) => !error.mistakes.some((one) => one.what === what));
    return { settings, mistakes: [...error.mistakes, ...needed] };
  }
}

/**
 * Wraps a source so that `SMESHNET_NODE_REPOSITORY` in the environment wins over the key `nodeRepository`. An empty
 * variable counts as unset, as everywhere: a workflow passes one for each setting that its repository does not have.
 */
export const withEnvironment =
  (source: Source, environment: Readonly<Record<string, string | undefined>>): Source =>
  (key) =>
    environment[variableOf(key)] || source(key);

/** Pulumi passes objects and lists as JSON text. */
const structured = (value: unknown): unknown =>
  typeof value === "string" && /^[[{]/.test(value) ? (parsedJson(value) ?? value) : value;

/** The components that a setting may name. */
function known(setting: PropertyKey | undefined): readonly string[] | undefined {
  const components: Readonly<Record<PropertyKey, readonly string[]>> = {
    versions: Object.keys(chosen),
    versionsToday: COMPONENTS_TODAY,
    images: IMAGES.options,
  };
  return setting === undefined ? undefined : components[setting];
}

/** The expected value at a path of the settings. */
function expected([key, part]: readonly PropertyKey[]): string | undefined {
  const formats: Readonly<Record<PropertyKey, z.ZodType>> = Settings.shape;
  const versions: Readonly<Record<PropertyKey, z.ZodType>> = chosen;
  const version = key === "versions" && part !== undefined ? versions[part] : undefined;
  return (version ?? (key === undefined ? undefined : formats[key]))?.description;
}

/** Settings that only one driver needs. */
const NEEDED = {
  spacecraft: ["gcpProject", "gcpLocation", "gcpZone"],
  kubernetes: ["kubeContext"],
} as const;

/** The settings that the driver needs and that are empty. */
const missingOf = (settings: Partial<Settings>): Mistake[] =>
  (settings.driver ? NEEDED[settings.driver] : [])
    .filter((key) => settings[key] === "")
    .map((key) => wrong(key, undefined, `${expected([key])}, needed with the driver ${settings.driver}`));

/**
 * The settings for a network that another driver may have made than the one of today.
 * @throws {UserError} when one that its driver needs is empty by now
 */
export function settingsUnder(driver: Settings["driver"], settings: Settings): Settings {
  const under = { ...settings, driver };
  const [missing] = missingOf(under);
  if (!missing) return under;
  throw new UserError(
    "DriverSettingsMissing",
    missing.what,
    "Set it again: a network of this driver still runs. Keep its settings until its last network is retired.",
  );
}

/** Settings that exclude each other. go-spacecraft finds some of them too, but only after it created the cluster. */
function contradictionsIn(settings: Settings): Mistake[] {
  const { miners, bootnodes, discoveryHost, zone, channels, layerDuration, layersPerEpoch } = settings;
  const { tls, port, httpPort } = settings;
  const epoch = layerDuration * layersPerEpoch;
  const all: Mistake[] = [];
  all.push(...missingOf(settings));
  for (const key of ["poetPhaseShift", "poetCycleGap"] as const) {
    if (settings[key] >= epoch) all.push(wrong(key, settings[key], `less than an epoch, ${epoch} s`));
  }
  if (miners <= bootnodes) all.push(wrong("bootnodes", bootnodes, `fewer than the ${miners} miners`));
  if (!discoveryHost.endsWith(`.${zone}`)) all.push(wrong("discoveryHost", discoveryHost, `a host in ${zone}`));
  if (tls && httpPort === port) all.push(wrong("httpPort", httpPort, `another port than that of TLS, ${port}`));
  const tap = tapOf(settings);
  const fault = tap && tapFault(tap);
  if (tap && fault) all.push(wrong(`tap.${fault.key}`, tap[fault.key], fault.expected));
  // A channel has a stack next to the stack `edge`, and its hosts are named by the part before "net".
  const taken = channels.filter((name, i) => name === "edge" || name === "net" || channels.indexOf(name) !== i);
  if (taken.length > 0) all.push(wrong("channels", channels, "different channels, none named edge or net"));
  return all;
}
