import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  isBuildTag,
  parseBuildTag,
  releaseTag,
} from "../../base/model/build-tag";
import type { NetworkSituation } from "./next-step";

/** The builds that are known. */
export interface Builds {
  /** Tags of the node repository, as `git ls-remote` lists them; absent when it cannot be read. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Builds that have a stack, and those of them that are not gone. */
  readonly builds: readonly BuildTag[];
  readonly deployed: readonly BuildTag[];
}

/**
 * What tags and stacks tell about a build.
 * @param commit that was deployed, if any
 */
export function aboutTag(
  tag: BuildTag,
  commit: string | undefined,
  repository: string,
  { tags, builds, deployed }: Builds,
): Pick<NetworkSituation, "source" | "newer" | "freeBuild" | "release"> {
  const text = buildTag(tag);
  const commitOf = (name: string) => tags?.get(`refs/tags/${name}^{}`) ?? tags?.get(`refs/tags/${name}`);
  const siblings = [...builds, ...(tags ? taggedBuilds(tags) : [])].filter(
    (one) => releaseTag(one) === releaseTag(tag),
  );
  const [newest] = siblings.filter(({ build }) => build > tag.build).sort((a, b) => compareBuildTags(b, a));
  return {
    freeBuild: Math.max(tag.build, ...siblings.map(({ build }) => build)) + 1,
    ...(tags &&
      commit !== undefined && { source: { tag: text, repository, deployed: commit, tagged: commitOf(text) } }),
    ...(tags && { release: releaseOf(commitOf(releaseTag(tag))) }),
    ...(newest && {
      newer: { tag: buildTag(newest), isDeployed: deployed.some((one) => compareBuildTags(one, newest) === 0) },
    }),
  };
}

const releaseOf = (commit: string | undefined) => (commit === undefined ? {} : { commit });

const taggedBuilds = (tags: ReadonlyMap<string, string>): BuildTag[] =>
  [...tags.keys()].flatMap((ref) => {
    const name = ref.replace(/^refs\/tags\//, "");
    return isBuildTag(name) ? [parseBuildTag(name)] : [];
  });
