import type { z } from "zod";
import { type BuildTag, buildTag, imageTag } from "./build-tag";
import { nonEmptyText, object } from "./formats";
import { type TapSetting, tapOf } from "./tap-settings";

/** The version of one component of a network, and where it is developed. */
export const ComponentVersion = object({
  /** The version as the component's own releases write it, e.g. `v0.0.21`. */
  version: nonEmptyText,
  /** The project's page, for people. */
  link: nonEmptyText,
  /** Container image with tag; absent for a component that does not run in the network's cluster. */
  image: nonEmptyText.optional(),
});
export type ComponentVersion = Readonly<z.infer<typeof ComponentVersion>>;

/** The versions of all components of one network, in the order in which the release cycle lists them. */
export const Versions = object({
  node: ComponentVersion,
  poet: ComponentVersion,
  smapp: ComponentVersion,
  /** Absent for networks of today without a tap of ours. */
  tap: ComponentVersion.optional(),
  explorerBackend: ComponentVersion,
  explorerFrontend: ComponentVersion,
  dashboard: ComponentVersion,
  /** Absent for networks of today, which Prometheus watches. */
  monitoring: ComponentVersion.optional(),
  /** Absent for networks of today, which it cannot make. */
  goSpacecraft: ComponentVersion.optional(),
  /** CLIWallet, or its successor smcli for networks of today. */
  cliWallet: ComponentVersion,
}).describe("the network's versions (infra/base/model/versions.ts)");
export type Versions = Readonly<z.infer<typeof Versions>>;

export type ComponentName = keyof Versions;

/** The names of all components. */
export const COMPONENTS: readonly ComponentName[] = Versions.keyof().options;

/** The versions that settings choose: of components but the node, whose version is the build tag. */
export type ChosenVersions = { readonly [name in Exclude<ComponentName, "node">]?: string };

/** The drivers of networks. Each runs nodes of another era, with other programs around them. */
type Driver = "spacecraft" | "kubernetes";

/** Where a component is developed, and its image without tag when it runs in the cluster. */
interface Source {
  readonly repository: string;
  readonly image?: string;
}

const node = { repository: "spacemeshos/go-spacemesh", image: "spacemeshos/go-spacemesh" };
const poet = { repository: "spacemeshos/poet", image: "spacemeshos/poet" };
const smapp = { repository: "spacemeshos/smapp" };
const explorerFrontend = { repository: "spacemeshos/explorer-frontend", image: "spacemeshos/explorer-frontend" };

const SOURCES = {
  spacecraft: {
    node,
    poet,
    smapp,
    tap: { repository: "spacemeshos/tapbot" },
    explorerBackend: { repository: "spacemeshos/explorer-backend", image: "spacemeshos/explorer-apiserver" },
    explorerFrontend,
    dashboard: { repository: "spacemeshos/dash-backend", image: "spacemeshos/dash-backend" },
    monitoring: { repository: "spacemeshos/spacemesh-watch" },
    goSpacecraft: { repository: "spacemeshos/go-spacecraft" },
    cliWallet: { repository: "spacemeshos/smrepl" },
  },
  kubernetes: {
    node,
    poet,
    smapp,
    tap: { repository: "spacemeshos/smeshnet", image: "spacemeshos/smeshnet-tap" },
    // The image that each release publishes (explorer-backend .github/workflows/publish.yaml).
    explorerBackend: { repository: "spacemeshos/explorer-backend", image: "spacemeshos/explorer-stats-api" },
    explorerFrontend,
    dashboard: { repository: "spacemeshos/dash-frontend", image: "spacemeshos/dash-frontend" },
    cliWallet: { repository: "spacemeshos/smcli" },
  },
} as const satisfies Readonly<Record<Driver, { readonly [name in ComponentName]?: Source }>>;

/** Components of the driver `kubernetes`, whose versions the setting `versionsToday` chooses. */
export const COMPONENTS_TODAY = [
  "poet",
  "smapp",
  "tap",
  "explorerBackend",
  "explorerFrontend",
  "dashboard",
  "cliWallet",
] as const;

/**
 * Versions that go with a node of today (go-spacemesh 1.8), where the setting `versionsToday` names no other. The
 * frontends have no releases: a team builds their images and tags them (docs/today.md).
 */
export const VERSIONS_TODAY: Readonly<Record<(typeof COMPONENTS_TODAY)[number], string>> = {
  poet: "v0.10.12",
  smapp: "v1.7.4",
  tap: "v0.1.0",
  explorerBackend: "v2.1.0",
  explorerFrontend: "v0.1.0",
  dashboard: "v0.1.0",
  cliWallet: "v1.0.12",
};

/** Whether a component runs in the cluster of `spacecraft`. The tag of its image is its version. */
export const hasImage = (name: ComponentName): boolean => "image" in SOURCES.spacecraft[name];

/** Images in place of the usual ones. `spacecraft` reads those of node and poet only. */
export type ChosenImages = {
  readonly [name in "node" | "poet" | "explorerBackend" | "explorerFrontend" | "dashboard" | "tap"]?: string;
};

/** The settings that choose versions. */
interface VersionSettings {
  readonly driver: Driver;
  readonly versions: ChosenVersions;
  readonly versionsToday: ChosenVersions;
  readonly images: ChosenImages;
  readonly tap: TapSetting;
}

/** The versions of a network under some settings. */
export const versionsUnder = (tag: BuildTag, settings: VersionSettings): Versions =>
  settings.driver === "kubernetes" ? versionsToday(tag, settings) : versionsOf(tag, settings.versions, settings.images);

function versionsToday(tag: BuildTag, settings: VersionSettings): Versions {
  const chosen = { ...VERSIONS_TODAY, ...settings.versionsToday };
  const all = versionsOf(tag, chosen, settings.images, "kubernetes");
  if (tapOf(settings)) return all;
  const { tap: _, ...others } = all;
  return others;
}

/** The versions of a network: the build tag for the node, the chosen ones for all other components. */
export function versionsOf(
  tag: BuildTag,
  chosen: ChosenVersions,
  images: ChosenImages = {},
  driver: Driver = "spacecraft",
): Versions {
  const sources: { readonly [name in ComponentName]?: Source } = SOURCES[driver];
  const others: Readonly<Partial<Record<ComponentName, string>>> =
    driver === "kubernetes" ? images : { node: images.node, poet: images.poet };
  const entries = COMPONENTS.flatMap((name): [ComponentName, ComponentVersion][] => {
    const source = sources[name];
    if (source === undefined) return [];
    const version = name === "node" ? buildTag(tag) : (chosen[name] ?? "");
    const link = `https://github.com/${source.repository}`;
    const imageVersion = name === "node" ? imageTag(tag) : version;
    const image = source.image === undefined ? {} : { image: others[name] ?? `${source.image}:${imageVersion}` };
    return [[name, { version, link, ...image }]];
  });
  return Object.fromEntries(entries) as Versions;
}
