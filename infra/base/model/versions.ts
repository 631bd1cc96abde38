import type { z } from "zod";
import { type BuildTag, buildTag, imageTag } from "./build-tag";
import { looseObject, nonEmptyText } from "./formats";

/** One program of a network: which version of it belongs to this network, and where people find it. */
export interface ComponentVersion {
  /** The version as its own releases write it, e.g. `v0.0.21`. */
  readonly version: string;
  /** The project's page, for people. */
  readonly link: string;
  /** Container image with tag; absent for what does not run in the network's cluster. */
  readonly image?: string;
}

/** The components of a network, as the release cycle lists them. */
export const COMPONENTS = [
  "node",
  "poet",
  "smapp",
  "tap",
  "explorerBackend",
  "explorerFrontend",
  "dashboard",
  "monitoring",
  "goSpacecraft",
  "cliWallet",
] as const;

export type ComponentName = (typeof COMPONENTS)[number];

/** Which version of every component makes up one network. */
export type Versions = { readonly [name in ComponentName]: ComponentVersion };

/** Versions chosen in config for everything but the node, whose version is the build tag. */
export type ChosenVersions = { readonly [name in Exclude<ComponentName, "node">]: string };

/** Where each component is developed, and its image repository when it runs in the cluster. */
const SOURCES: { readonly [name in ComponentName]: { repository: string; image?: string } } = {
  node: { repository: "spacemeshos/go-spacemesh", image: "spacemeshos/go-spacemesh" },
  poet: { repository: "spacemeshos/poet", image: "spacemeshos/poet" },
  smapp: { repository: "spacemeshos/smapp" },
  tap: { repository: "spacemeshos/tapbot" },
  explorerBackend: { repository: "spacemeshos/explorer-backend", image: "spacemeshos/explorer-apiserver" },
  explorerFrontend: { repository: "spacemeshos/explorer-frontend", image: "spacemeshos/explorer-frontend" },
  dashboard: { repository: "spacemeshos/dash-backend", image: "spacemeshos/dash-backend" },
  monitoring: { repository: "spacemeshos/spacemesh-watch" },
  goSpacecraft: { repository: "spacemeshos/go-spacecraft" },
  cliWallet: { repository: "spacemeshos/smrepl" },
};

/** Whether a component runs in the network's cluster, as an image whose tag is its version. */
export const hasImage = (name: ComponentName): boolean => SOURCES[name].image !== undefined;

/** The manifest of a network: the node by its build tag, the rest as chosen in config. Pure. */
export function versionsOf(tag: BuildTag, chosen: ChosenVersions): Versions {
  const entries = COMPONENTS.map((name): [ComponentName, ComponentVersion] => {
    const { repository, image } = SOURCES[name];
    const version = name === "node" ? buildTag(tag) : chosen[name];
    const link = `https://github.com/${repository}`;
    const imageVersion = name === "node" ? imageTag(tag) : version;
    return [name, image ? { version, link, image: `${image}:${imageVersion}` } : { version, link }];
  });
  return Object.fromEntries(entries) as Versions;
}

const componentVersionSchema = looseObject({
  version: nonEmptyText,
  link: nonEmptyText,
  image: nonEmptyText.optional(),
});

export const versionsSchema: z.ZodType<Versions> = looseObject(
  Object.fromEntries(COMPONENTS.map((name) => [name, componentVersionSchema])) as Record<
    keyof Versions,
    typeof componentVersionSchema
  >,
).describe("the network's versions (infra/base/model/versions.ts)");
