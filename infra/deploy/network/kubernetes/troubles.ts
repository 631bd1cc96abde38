import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { beginningOf } from "../../../base/lib/cut";
import { grouped } from "../../../base/lib/grouped";
import { onOneLine } from "../../../base/lib/text";

/** How much of a reason is shown, in characters. */
const LONGEST = 160;

/** Reasons of a container that waits without any trouble. */
const USUAL = ["ContainerCreating", "PodInitializing"];

/** Why pods do not run, a phrase for each reason: `CrashLoopBackOff of miner-3 and 2 more (exit code 1)`. */
export function troublesOf(pods: readonly V1Pod[]): string[] {
  const all = pods.flatMap((pod) => {
    const reason = troubleOf(pod);
    return reason === undefined ? [] : [{ reason, name: pod.metadata?.labels?.name ?? pod.metadata?.name ?? "" }];
  });
  return [...grouped(all, ({ reason }) => reason)].map(([reason, same]) => {
    const names = same.map(({ name }) => name).sort();
    return `${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ""}: ${reason}`;
  });
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
