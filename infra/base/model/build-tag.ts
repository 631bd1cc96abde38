import { shown, UserError } from "../lib/errors";

// The edge imports this file: no zod, nothing of Node.js.

/** A version without a build, `v1.2.3`: the name of a build after its release. */
export type Release = Pick<BuildTag, "major" | "minor" | "patch">;

/** A build of a version, `v1.2.3+1`. It is deployed, watched and retired as one. */
export interface BuildTag {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Build number, a whole number from 1. */
  readonly build: number;
}

/** GKE limits cluster names to 40 characters, and the host label is the cluster's name. */
export const LONGEST_LABEL = 40;

const NUMBER = "(0|[1-9]\\d*)";
const BUILD_TAG = new RegExp(`^v${NUMBER}\\.${NUMBER}\\.${NUMBER}\\+([1-9]\\d*)$`);
const RELEASE_TAG = new RegExp(`^v${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);
const STACK_NAME = new RegExp(`^${NUMBER}_${NUMBER}_${NUMBER}_([1-9]\\d*)$`);

/** A text is not a build tag; the error names the expected form. */
export class InvalidBuildTag extends UserError {
  constructor(text: string, why = "Write it as v1.2.3+1: the version, a plus sign, and the build number from 1.") {
    super("BuildTagInvalid", `${shown(text)} is not a build tag.`, why, 2);
    this.name = "InvalidBuildTag";
  }
}

/**
 * Reads `v1.2.3+1`: SemVer 2.0 with a leading `v`, no pre-release, and a build number from 1 without leading zeros.
 * @throws {InvalidBuildTag} when the text has another form
 */
export function parseBuildTag(text: string): BuildTag {
  const tag = read(BUILD_TAG, text);
  if (!tag) throw new InvalidBuildTag(text);
  if (hostLabel(tag).length > LONGEST_LABEL) {
    throw new InvalidBuildTag(
      text,
      `Its cluster name ${hostLabel(tag)} exceeds ${LONGEST_LABEL} characters. Use smaller numbers.`,
    );
  }
  return tag;
}

/** Whether a text is a build tag, `v1.2.3+1`. */
export function isBuildTag(text: string): boolean {
  const tag = read(BUILD_TAG, text);
  return tag !== undefined && hostLabel(tag).length <= LONGEST_LABEL;
}

/** Whether a text is a release tag, `v1.2.3`. */
export const isReleaseTag = (text: string): boolean => read(RELEASE_TAG, text) !== undefined;

/**
 * Reads `v1.2.3`: SemVer 2.0 with a leading `v`, no pre-release, no build.
 * @throws {UserError} when the text has another form
 */
export function parseReleaseTag(text: string): Release {
  const release = read(RELEASE_TAG, text);
  if (release) return { major: release.major, minor: release.minor, patch: release.patch };
  throw new UserError(
    "ReleaseTagInvalid",
    `${shown(text)} is not a release tag.`,
    "Write it as v1.2.3: the version, without a build number.",
    2,
  );
}

/** Reads a stack name, `1_2_3_1`; undefined when it belongs to no build tag. The inverse of {@link stackName}. */
export function fromStackName(name: string): BuildTag | undefined {
  const tag = read(STACK_NAME, name);
  return tag && hostLabel(tag).length <= LONGEST_LABEL ? tag : undefined;
}

/** `v1.2.3+1`: the git tag. The inverse of {@link parseBuildTag}. */
export const buildTag = ({ major, minor, patch, build }: BuildTag): string => `v${major}.${minor}.${patch}+${build}`;

/** `v1.2.3`: the release tag of the same version. */
export const releaseTag = ({ major, minor, patch }: Release): string => `v${major}.${minor}.${patch}`;

/** `1_2_3_1`: the stack name and the DNS label of the network, since Pulumi refuses `+` in a stack name. */
export const stackName = ({ major, minor, patch, build }: BuildTag): string => `${major}_${minor}_${patch}_${build}`;

/** `v1-2-3-1`: for clusters (GKE requires a letter first), Kubernetes names and hosts with a certificate. */
export const hostLabel = ({ major, minor, patch, build }: BuildTag): string => `v${major}-${minor}-${patch}-${build}`;

/** `v1.2.3-b1`: for container images, since an image tag may not contain `+`. */
export const imageTag = ({ major, minor, patch, build }: BuildTag): string => `v${major}.${minor}.${patch}-b${build}`;

/** Orders build tags by version, then by build number. SemVer itself ignores build numbers. */
export const compareBuildTags = (a: BuildTag, b: BuildTag): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch || a.build - b.build;

function read(form: RegExp, text: string): BuildTag | undefined {
  const numbers = form.exec(text)?.slice(1).map(Number);
  if (!numbers?.every(Number.isSafeInteger)) return undefined;
  const [major, minor, patch, build] = numbers as [number, number, number, number]; // a release has no build
  return { major, minor, patch, build };
}
