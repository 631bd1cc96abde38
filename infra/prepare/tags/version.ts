import { git } from "../../base/clients/git";
import { UserError } from "../../base/lib/errors";
import { isReleaseTag } from "../../base/model/build-tag";
import { LONGEST_CHANGELOG } from "../../base/model/changelog/limits";
import { readChangelogText } from "../../base/model/changelog/read";
import { asked, CHANGELOG, type Checkout } from "../checkout";

/** Also as a merge bot or a squashed pull request writes it, as the rules of tags allow. */
const RELEASING = /^(?:\[Merged by Bors\] - )?Releasing (v\d+\.\d+\.\d+)(?: \(#\d+\))?$/;

/**
 * The version that the checked-out commit is of, as `v1.2.3`: its newest commit `Releasing v1.2.3` names it, or else the
 * newest section of its changelog.
 * @throws {UserError} when both name different versions, or nothing names one
 */
export async function versionAt(checkout: Pick<Checkout, "folder" | "head">): Promise<string> {
  const [committed, written] = await Promise.all([newestReleasing(checkout), newestSection(checkout)]);
  if (committed !== undefined && written !== undefined && committed !== written) {
    throw new UserError(
      "VersionUnclear",
      `The last commit that releases names ${committed}, and the changelog's newest section is ${written.slice(1)}.`,
      "Name the version with `smeshnet prepare`, or correct the changelog.",
      2,
    );
  }
  const version = committed ?? written;
  if (version !== undefined) return version;
  throw new UserError(
    "VersionUnnamed",
    "No commit `Releasing v1.2.3` and no section of the changelog names a version.",
    "Name it with `smeshnet prepare`.",
    2,
  );
}

async function newestReleasing({ folder, head }: Pick<Checkout, "folder" | "head">): Promise<string | undefined> {
  const printed = await asked(folder, "log", "--topo-order", "--no-show-signature", "--format=%s", head, "--");
  return printed.split("\n").flatMap((subject) => RELEASING.exec(subject)?.[1] ?? [])[0];
}

async function newestSection({ folder, head }: Pick<Checkout, "folder" | "head">): Promise<string | undefined> {
  const { exitCode, stdout } = await git(["cat-file", "blob", `${head}:${CHANGELOG}`], folder, {
    limit: LONGEST_CHANGELOG,
  });
  if (exitCode !== 0) return undefined;
  return readChangelogText(stdout).sections.flatMap(({ version }) =>
    version !== undefined && isReleaseTag(`v${version}`) ? `v${version}` : [],
  )[0];
}
