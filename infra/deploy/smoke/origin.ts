import { isBuildTag, parseBuildTag, releaseTag } from "../../base/model/build-tag";
import type { AnsweredSample } from "../../base/model/sample";
import type { Expectation } from "./observation";

type Expected = Pick<Expectation, "nodeVersion" | "commit">;

/** Which program the nodes report to run, judged against what was deployed. */
export interface Origin {
  /** What is wrong, a phrase each; empty when nothing is. */
  readonly faults: readonly string[];
  /** What the nodes reported of their builds, as a phrase. */
  readonly builds: string;
}

/** Judges version and build of the nodes that answered. */
export function originOf(nodes: readonly AnsweredSample[], expected: Expected): Origin {
  const { nodeVersion, commit } = expected;
  const others = nodes.filter(({ version }) => !isVersion(version, expected));
  const strangers = nodes.filter(({ build }) => isCommit(build) && !commit.startsWith(build));
  const untold = nodes.filter(({ build }) => !isCommit(build)).map(({ node }) => node);
  const faults: string[] = [];
  if (others.length > 0) {
    const which = others.map(({ node, version }) => `${node} ${version ?? "reports none"}`).join(", ");
    const hint = hintFor(others, expected);
    faults.push(`not all nodes have version ${nodeVersion}: ${which}`, ...(hint === undefined ? [] : [hint]));
  }
  if (strangers.length > 0) {
    const which = strangers.map(({ node, build }) => `${node} from ${build}`).join(", ");
    faults.push(`not all nodes are built from the deployed commit ${commit}: ${which}`);
  }
  if (untold.length === nodes.length) return { faults, builds: "their builds are not told" };
  const builds = `built from the deployed commit ${commit.slice(0, 12)}`;
  return { faults, builds: untold.length > 0 ? `${builds}; not told by ${untold.join(", ")}` : builds };
}

/**
 * Whether a version is the expected one. `git describe --long` adds the distance to the tag and the commit: a distance
 * of 0 (`v1.2.3+1-0-g1a2b3c4d5`) is the tag itself, if the commit is the deployed one.
 */
function isVersion(version: string | undefined, { nodeVersion, commit }: Expected): boolean {
  if (version === nodeVersion) return true;
  const [, tag, described] = /^(.+)-0-g([0-9a-f]{4,64})$/.exec(version ?? "") ?? [];
  return tag === nodeVersion && described !== undefined && commit.startsWith(described);
}

/** Whether a build is told as a commit. Other builds, such as `local`, prove nothing. */
const isCommit = (build: string | undefined): build is string => /^[0-9a-f]{7,40}$/.test(build ?? "");

/** With two build tags on one commit, an image that is built with `git describe` gets the name of either. */
function hintFor(others: readonly AnsweredSample[], { nodeVersion, commit }: Expected): string | undefined {
  const sibling = others.find(
    ({ version = "", build }) => isSibling(version, nodeVersion) && (!isCommit(build) || commit.startsWith(build)),
  );
  if (!sibling) return undefined;
  const { version, build } = sibling;
  const fix = "build the image with the tag given, or tag another commit";
  return isCommit(build)
    ? `${version} stands on the same commit: ${fix}`
    : `if ${version} stands on the same commit, ${fix}`;
}

/** Whether a version is another build of the same release. */
const isSibling = (version: string, nodeVersion: string): boolean =>
  [version, nodeVersion].every(isBuildTag) &&
  version !== nodeVersion &&
  releaseTag(parseBuildTag(version)) === releaseTag(parseBuildTag(nodeVersion));
