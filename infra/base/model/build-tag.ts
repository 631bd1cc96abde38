import { compareBuild, SemVer } from "semver";
import { shown, UserError } from "../lib/errors";

/** A version without a build, `v1.2.3`: what a build becomes when it is released. */
export type Release = Pick<BuildTag, "major" | "minor" | "patch">;

/** A build of a version, `v1.2.3+1`: the unit that is deployed, watched and retired. */
export interface BuildTag {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Build number, a whole number from 1. */
  readonly build: number;
}

/** GKE takes cluster names of at most 40 characters, and the host-safe label is the cluster's name. */
const LONGEST_LABEL = 40;

const NUMBER = "(0|[1-9]\\d*)";
const BUILD_TAG = new RegExp(`^v${NUMBER}\\.${NUMBER}\\.${NUMBER}\\+([1-9]\\d*)$`);
const RELEASE_TAG = new RegExp(`^v${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);
const STACK_NAME = new RegExp(`^${NUMBER}_${NUMBER}_${NUMBER}_([1-9]\\d*)$`);

/** Text that is not a build tag, with the form that is wanted. */
export class InvalidBuildTag extends Error {
  constructor(text: string, why = "write it as v1.2.3+1 (version, plus sign, build number from 1)") {
    super(`${shown(text)} is not a build tag: ${why}`);
    this.name = "InvalidBuildTag";
  }
}

/**
 * Reads `v1.2.3+1`: SemVer 2.0 with a leading `v`, no pre-release, and a build number from 1 without leading zeros.
 * @throws {InvalidBuildTag} with what is wrong and the form that is wanted.
 */
export function parseBuildTag(text: string): BuildTag {
  const tag = read(BUILD_TAG, text);
  if (!tag) throw new InvalidBuildTag(text);
  if (hostLabel(tag).length > LONGEST_LABEL) {
    throw new InvalidBuildTag(
      text,
      `${hostLabel(tag)} is longer than the ${LONGEST_LABEL} characters of a cluster's name`,
    );
  }
  return tag;
}

/** Whether a text is a release tag, `v1.2.3`. */
export const isReleaseTag = (text: string): boolean => read(RELEASE_TAG, text) !== undefined;

/** Reads `v1.2.3`: SemVer 2.0 with a leading `v`, no pre-release, no build. @throws {UserError} with the form that is wanted. */
export function parseReleaseTag(text: string): Release {
  const release = read(RELEASE_TAG, text);
  if (release) return { major: release.major, minor: release.minor, patch: release.patch };
  throw new UserError(`${shown(text)} is not a release tag: write it as v1.2.3 (version without a build)`, 2);
}

/** Reads a stack's name, `1_2_3_1`; undefined when it is not that of a build tag. The inverse of {@link stackName}. */
export function fromStackName(name: string): BuildTag | undefined {
  const tag = read(STACK_NAME, name);
  return tag && hostLabel(tag).length <= LONGEST_LABEL ? tag : undefined;
}

/** `v1.2.3+1`: the git tag. The inverse of {@link parseBuildTag}. */
export const buildTag = ({ major, minor, patch, build }: BuildTag): string => `v${major}.${minor}.${patch}+${build}`;

/** `v1.2.3`: the release tag of the same version. */
export const releaseTag = ({ major, minor, patch }: Release): string => `v${major}.${minor}.${patch}`;

/** `1_2_3_1`: the name of the stack and the DNS label of the network, since Pulumi refuses `+` in a stack's name. */
export const stackName = ({ major, minor, patch, build }: BuildTag): string => `${major}_${minor}_${patch}_${build}`;

/** `v1-2-3-1`: for clusters (GKE wants a letter first), Kubernetes names and hosts that carry a certificate. */
export const hostLabel = ({ major, minor, patch, build }: BuildTag): string => `v${major}-${minor}-${patch}-${build}`;

/** `v1.2.3-b1`: for images, whose tags may not hold `+`. */
export const imageTag = ({ major, minor, patch, build }: BuildTag): string => `v${major}.${minor}.${patch}-b${build}`;

/** Order of releases: by SemVer precedence, then by build number (SemVer itself gives builds no precedence). */
export const compareBuildTags = (a: BuildTag, b: BuildTag): number =>
  compareBuild(new SemVer(buildTag(a)), new SemVer(buildTag(b)));

function read(form: RegExp, text: string): BuildTag | undefined {
  const numbers = form.exec(text)?.slice(1).map(Number);
  if (!numbers?.every(Number.isSafeInteger)) return undefined;
  const [major, minor, patch, build] = numbers as [number, number, number, number]; // a release has no build
  return { major, minor, patch, build };
}
