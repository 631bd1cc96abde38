import { z } from "zod";
import { type ClusterApi, statusOf } from "../base/clients/kubernetes/client";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import { isSuspect, type ReadRun, startGaps } from "./evidence";
import type { MadeGap } from "./gaps";
import { LogReading, Unread } from "./reading";

/** What can be asked about a suspicion. */
export interface Inquiry {
  readonly api: Pick<ClusterApi, "log" | "namespace" | "statsOf">;
  /** The node of the pod. */
  readonly node: string | undefined;
  /** Whether this is the last try: what is not told then stays a suspicion. */
  readonly isLast: boolean;
  readonly signal: AbortSignal;
}

/**
 * The gaps at the starts of a container's runs. The node is asked for the space of the logs only on suspicion, and what was
 * read is then read again: the logs grow meanwhile.
 * @throws {Unread} when it is to be tried again
 */
export async function startsOf(inquiry: Inquiry, runs: readonly ReadRun[]): Promise<MadeGap[]> {
  if (!runs.some(isSuspect)) return [];
  const { isLast, signal } = inquiry;
  try {
    const used = await spaceOf(inquiry, runs[0] as ReadRun);
    return startGaps(used === undefined ? runs : await Promise.all(runs.map((run) => again(inquiry, run))), used);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Unread) || !isLast) throw error;
    return startGaps(runs, undefined);
  }
}

async function again({ api }: Inquiry, run: ReadRun): Promise<ReadRun> {
  if (!run.live) return run;
  const reading = new LogReading(api, run.live);
  for await (const _ of reading.content());
  return { ...run, onDisk: reading.onDisk };
}

/** Bytes of all log files of a container on its node; undefined when the node does not tell us. */
async function spaceOf({ api, node }: Inquiry, { pod, container }: ReadRun): Promise<number | undefined> {
  if (node === undefined) return undefined;
  try {
    return spaceIn(await api.statsOf(node), { namespace: api.namespace, pod, container });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const status = statusOf(error);
    // The account may not ask, the node has no such answer, or the API server does not pass the question on.
    if (status !== undefined && status >= 400 && status < 500) return undefined;
    throw new Unread(`node ${node} does not tell the size of its logs (${lastLine((error as Error).message)})`, status);
  }
}

const Stats = z.object({
  pods: z.array(
    z.object({
      podRef: z.object({ name: z.string(), namespace: z.string() }),
      containers: z
        .array(z.object({ name: z.string(), logs: z.object({ usedBytes: z.number().optional() }).optional() }))
        .optional(),
    }),
  ),
});

type Place = Readonly<Record<"namespace" | "pod" | "container", string>>;

function spaceIn(stats: object, { namespace, pod, container }: Place): number | undefined {
  const { data } = Stats.safeParse(stats);
  const own = data?.pods.find(({ podRef }) => podRef.name === pod && podRef.namespace === namespace);
  return own?.containers?.find(({ name }) => name === container)?.logs?.usedBytes;
}
