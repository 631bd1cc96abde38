import { recordedCommit } from "../../infra/base/engine/printed";
import { settingsOfProject } from "../../infra/base/engine/project";
import { exportedStack, rootOutputs } from "../../infra/base/engine/state";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { onOneLine } from "../../infra/base/lib/text";
import { isBuildTag, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import type { Settings } from "../../infra/base/model/settings";
import type { Store } from "../../infra/base/store/contract";
import type { CertificateFact, DeployedFact, Records, Unseen } from "../../infra/prepare/tags/facts";
import { simmerOf } from "../../infra/promote/candidate";
import { lastLogOf, logsOf } from "../../infra/simmer/logs";
import { storeToRead } from "../store";

/**
 * What state and store have on record of a version tag. What cannot be read is unseen, with the reason: CI of the node
 * repository may have neither.
 * @param builds the build tags on the commit of a release, of which one must have a certificate
 */
export async function recordsOf(tag: string, commit: string, builds: readonly string[], run: Run): Promise<Records> {
  if (isBuildTag(tag)) return { certificate: NOT_ASKED, deployed: await seen(() => deployedOf(tag, run)) };
  const certificate = seen(async () => {
    const settings = await settingsOfProject(process.env);
    return certificateFor(tag, commit, builds, settings, storeToRead(settings));
  });
  return { certificate: await certificate, deployed: { state: "none" } };
}

const NOT_ASKED: Unseen = { state: "unseen", why: "a build needs none" };

/** The stack of a running network tells, and for a retired one the log of its simmer. */
async function deployedOf(tag: string, run: Run): Promise<DeployedFact> {
  const exported = await exportedStack(stackName(parseBuildTag(tag)), run);
  const commit = recordedCommit(exported) ?? (exported && rootOutputs(exported).commit);
  if (typeof commit === "string") return { state: "deployed", commit };
  return exported ? { state: "none" } : watchedCommit(tag);
}

/** A build that was never watched may have been deployed and retired; nothing tells its commit then. */
async function watchedCommit(tag: string): Promise<DeployedFact> {
  const store = storeToRead(await settingsOfProject(process.env));
  if ((await logsOf(store, tag)).length === 0) return { state: "none" };
  const { commit } = await (await lastLogOf(store, tag)).terms();
  return commit === undefined ? { state: "none" } : { state: "deployed", commit };
}

/** Any life of any build on the commit may be certified. */
async function certificateFor(
  release: string,
  commit: string,
  builds: readonly string[],
  settings: Settings,
  store: Store,
): Promise<CertificateFact> {
  const missing = `${release} has no simmer certificate`;
  const why: string[] = [];
  for (const tag of builds) {
    for (const { prefix } of await logsOf(store, tag)) {
      const genesisId = prefix.split("/")[2] ?? "";
      const found = await simmerOf({ tag, commit, release, genesisId }, settings, store);
      if ("certificate" in found) return { state: "certified" };
      why.push(found.without);
    }
  }
  // A certificate that does not count says more than one that is missing.
  return { state: "none", why: why.find((one) => one !== missing) ?? missing };
}

async function seen<T>(look: () => Promise<T>): Promise<T | Unseen> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: "unseen", why: clause(error) };
  }
}

/** What an error says, on one line; of several mistakes the first one, with their number. */
const clause = ({ what, lines: [first] }: UserError): string =>
  [what, first]
    .filter((part) => part !== undefined)
    .map((part) => onOneLine(part))
    .join(" ")
    .replace(/\.$/, "");
