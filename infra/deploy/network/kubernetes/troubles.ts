import type { V1ContainerStatus, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { beginningOf } from "../../../base/lib/cut";
import { grouped } from "../../../base/lib/grouped";
import { onOneLine } from "../../../base/lib/text";

/** How much of a reason is shown, in characters. */
const LONGEST = 160;

/** Reasons of a container that waits without any trouble. */
const USUAL = ["ContainerCreating", "PodInitializing"];

/**
 * Why pods do not run, a phrase for each reason: `CrashLoopBackOff of miner-3 and 2 more (exit code 1)`.
 * @param deployments tell why there are no pods at all: a cluster may refuse them
 */
export function troublesOf(pods: readonly V1Pod[], deployments: readonly V1Deployment[] = []): string[] {
  const all = [
    ...deployments.map((one) => ({ reason: refusalOf(one), name: one.metadata?.name ?? "" })),
    ...pods.map((pod) => ({
      reason: troubleOf(pod),
      name: pod.metadata?.labels?.name ?? pod.metadata?.name ?? "",
    })),
  ].flatMap(({ reason, name }) => (reason === undefined ? [] : [{ reason, name }]));
  return [...grouped(all, ({ reason }) => reason)].map(([reason, same]) => {
    const names = same.map(({ name }) => name).sort();
    return `${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ""}: ${reason}`;
  });
}

/** What the API server said to a pod that it refused. The pod's name, which is made up, is left out. */
function refusalOf({ status }: V1Deployment): string | undefined {
  const refused = status?.conditions?.find(({ type, status: is }) => type === "ReplicaFailure" && is === "True");
  return refused && short((refused.message ?? refused.reason ?? "no reason given").replace(/^pods "[^"]*" is /, ""));
}

function troubleOf({ status, metadata }: V1Pod): string | undefined {
  if (metadata?.deletionTimestamp) return undefined;
  const unplaced = status?.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  if (unplaced) return short(`no machine has room (${unplaced.message ?? unplaced.reason ?? "no reason given"})`);
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = containers.find(({ state }) => state?.waiting?.reason && !USUAL.includes(state.waiting.reason));
  if (!waiting) return undefined;
  const isOnly = status?.containerStatuses?.length === 1 && status.containerStatuses.includes(waiting);
  const where = isOnly ? "" : `container ${waiting.name}: `;
  return short(`${where}${waitingWords(waiting)}`);
}

function waitingWords({ state, lastState }: V1ContainerStatus): string {
  const { reason = "", message = "" } = state?.waiting ?? {};
  const ended = lastState?.terminated;
  if (ended) return `${reason} (exit code ${ended.exitCode}${ended.message ? `, ${ended.message}` : ""})`;
  return message ? `${reason} (${message})` : reason;
}

const short = (text: string): string => beginningOf(onOneLine(text), LONGEST);
