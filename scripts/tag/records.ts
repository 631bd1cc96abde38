import { recordedCommit } from "../../infra/base/engine/printed";
import { settingsOfProject } from "../../infra/base/engine/project";
import { exportedStack, rootOutputs } from "../../infra/base/engine/state";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { isBuildTag, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import type { Settings } from "../../infra/base/model/settings";
import type { Store } from "../../infra/base/store/contract";
import { textOf } from "../../infra/base/store/digest";
import type { CertificateFact, DeployedFact, Records, Unseen } from "../../infra/prepare/tags/facts";
import { requireFor, verifyCertificate } from "../../infra/simmer/certificate/verify";
import { logsOf } from "../../infra/simmer/logs";
import { storeOf } from "../store";

/**
 * What state and store have on record of a version tag. What cannot be read is unseen, with the reason: CI of the node
 * repository may have neither.
 * @param builds the build tags on a release's commit, newest first; one of them must have a certificate
 */
export async function recordsOf(tag: string, commit: string, builds: readonly string[], run: Run): Promise<Records> {
  if (isBuildTag(tag)) return { certificate: NOT_ASKED, deployed: await seen(() => deployedOf(tag, run)) };
  const certificate = seen(async () => {
    const settings = await settingsOfProject(process.env);
    return certificateFor(tag, commit, builds, settings, storeOf(settings));
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

async function watchedCommit(tag: string): Promise<DeployedFact> {
  const [log] = await logsOf(storeOf(await settingsOfProject(process.env)), tag);
  const commit = log && (await log.terms()).commit;
  return commit === undefined ? { state: "none" } : { state: "deployed", commit };
}

async function certificateFor(
  release: string,
  commit: string,
  builds: readonly string[],
  { simmerKey, simmerDays, simmerDay }: Pick<Settings, "simmerKey" | "simmerDays" | "simmerDay">,
  store: Store,
): Promise<CertificateFact> {
  let why = `${release} has no simmer certificate`;
  for (const tag of builds) {
    for (const log of await logsOf(store, tag)) {
      const key = `${log.prefix}certificate.json`;
      if (!(await store.list(key)).includes(key)) continue;
      if (simmerKey === "") return { state: "unseen", why: "there is no setting simmerKey to verify it" };
      try {
        requireFor(verifyCertificate(await textOf(store.get(key)), simmerKey), {
          tag,
          commit,
          needed: simmerDays * simmerDay,
        });
        return { state: "certified" };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        why = `${release} has no simmer certificate that counts (${clause(error)})`;
      }
    }
  }
  return { state: "none", why };
}

async function seen<T>(look: () => Promise<T>): Promise<T | Unseen> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: "unseen", why: clause(error) };
  }
}

const clause = ({ what }: UserError): string =>
  what
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
