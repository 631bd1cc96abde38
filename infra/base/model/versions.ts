import type { z } from "zod";
import { type BuildTag, buildTag, imageTag } from "./build-tag";
import { nonEmptyText, object } from "./formats";

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
  tap: ComponentVersion,
  explorerBackend: ComponentVersion,
  explorerFrontend: ComponentVersion,
  dashboard: ComponentVersion,
  monitoring: ComponentVersion,
  goSpacecraft: ComponentVersion,
  cliWallet: ComponentVersion,
}).describe("the network's versions (infra/base/model/versions.ts)");
export type Versions = Readonly<z.infer<typeof Versions>>;

export type ComponentName = keyof Versions;

/** The names of all components. */
export const COMPONENTS: readonly ComponentName[] = Versions.keyof().options;

/** The versions that settings choose: of all components but the node, whose version is the build tag. */
export type ChosenVersions = { readonly [name in Exclude<ComponentName, "node">]: string };

/** The repository of each component, and its image repository when it runs in the cluster. */
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

/** Whether a component runs in the network's cluster. The tag of its image is its version. */
export const hasImage = (name: ComponentName): boolean => SOURCES[name].image !== undefined;

/** Images in place of the usual ones. */
export type ChosenImages = { readonly [name in "node" | "poet"]?: string };

/** The versions of a network: the build tag for the node, the chosen ones for all other components. */
export function versionsOf(tag: BuildTag, chosen: ChosenVersions, images: ChosenImages = {}): Versions {
  const entries = COMPONENTS.map((name): [ComponentName, ComponentVersion] => {
    const { repository, image } = SOURCES[name];
    const version = name === "node" ? buildTag(tag) : chosen[name];
    const link = `https://github.com/${repository}`;
    const imageVersion = name === "node" ? imageTag(tag) : version;
    const other = name === "node" || name === "poet" ? images[name] : undefined;
    return [name, image ? { version, link, image: other ?? `${image}:${imageVersion}` } : { version, link }];
  });
  return Object.fromEntries(entries) as Versions;
}
