import { publishedFailures } from "../base/clients/failures";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { DeploymentFailure } from "../base/model/deployment-failure";
import { publicUrl } from "../base/model/endpoints";
import { failureLines, failureWords } from "../base/model/failure-words";
import type { Settings } from "../base/model/settings";
import type { PublicCheck } from "../base/observe/public-view";

/**
 * How the last deployment of a network failed, as the edge shows it to everybody; undefined when it did not. Also
 * undefined when the edge does not answer: progress says why.
 */
export async function failureOf(tag: BuildTag, settings: Settings, run: Run): Promise<DeploymentFailure | undefined> {
  const { discoveryHost, dnsServers: servers, zone } = settings;
  try {
    return (await publishedFailures(publicUrl(discoveryHost, settings), { servers, zone })).get(buildTag(tag));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`failures not read: ${error.what.replace(/\.$/, "")}`);
    return undefined;
  }
}

/** A failure as a line of a network's status. Scripts get all of it. */
export function failureCheck(failure: DeploymentFailure): PublicCheck & { readonly failure: DeploymentFailure } {
  const { where, saw } = failureWords(failure);
  return { what: "deployment", ok: false, saw: `failed at ${where}: ${saw}`, failure };
}

/** The error of a status that shows a failed deployment, with what comes next as further lines. */
export class DeploymentUnfinished extends UserError {
  override readonly lines: readonly string[];

  constructor(failure: DeploymentFailure) {
    super(
      "DeploymentUnfinished",
      `The deployment of ${failure.tag} failed at ${failure.cause.step}.`,
      "The lines below say what comes next.",
    );
    this.lines = failureLines(failure);
  }
}
