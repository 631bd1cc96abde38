import { pipeline } from "node:stream";
import type { ClusterApi } from "../base/clients/kubernetes/client";
import { bytesIn } from "../base/lib/bounded";
import type { Store } from "../base/store/contract";
import { digestOf, Meter } from "../base/store/digest";
import type { ReadRun } from "./evidence";
import type { MadeGap } from "./gaps";
import type { LogPart } from "./manifest";
import type { ContainerPlan, PodPlan, RunPlan } from "./plan";
import { isSame } from "./read-back";
import { gapOf, isBegun, isFinal, LogReading, onDiskOf, Rotated, Unread } from "./reading";
import type { Mark, Segment } from "./sync-record";
import { unzstd } from "./zstd";

/** What a pod's log is put together from. */
export interface Sources {
  /** Absent when the cluster does not answer. */
  readonly api?: Pick<ClusterApi, "log" | "namespace">;
  readonly store: Pick<Store, "get">;
  /** Whether a log that cannot be read is left out and named. Otherwise it ends everything, to be tried again. */
  readonly isLast: boolean;
  readonly signal: AbortSignal;
  /** Whether the cluster has the pod's node no more. */
  readonly nodeIsGone: boolean;
  /** The gaps at the starts of a container's runs. */
  readonly starts: (runs: readonly ReadRun[]) => Promise<readonly MadeGap[]>;
}

/** All that there is of a pod's logs, container after container, run after run, without loss or duplicates. */
export class PodLog {
  readonly parts: LogPart[] = [];
  readonly gaps: MadeGap[];
  private offset = 0;
  private part: { readonly meter: Meter; readonly of: PartOf } | undefined;
  /** Whether a gap is named in the run that is read now. */
  private isCut = false;

  constructor(
    private readonly plan: PodPlan,
    private readonly sources: Sources,
  ) {
    this.gaps = [...plan.gaps];
  }

  /** @throws {Unread} when a log cannot be read and this is not the last try */
  async *content(): AsyncGenerator<Buffer> {
    for (const container of this.plan.containers) yield* this.ofContainer(container);
  }

  private async *ofContainer({ name, runs }: ContainerPlan): AsyncGenerator<Buffer> {
    const read: ReadRun[] = [];
    for (const [index, run] of runs.entries()) {
      const previous = run.live?.previous ?? index < runs.length - 1;
      this.begin({ container: name, previous, run: run.number });
      yield* this.ofRun(run, name, read);
      this.close();
    }
    if (read.length > 0) this.gaps.push(...(await this.sources.starts(read)));
  }

  private async *ofRun(run: RunPlan, container: string, read: ReadRun[]): AsyncGenerator<Buffer> {
    const place = { pod: this.plan.pod, container, runs: { first: run.number, last: run.number } };
    let before: string | undefined; // time of the last line so far
    let at = 0; // where the records before stand in the kubelet's file
    for (const { segment, cutOff, mark } of run.records) {
      const begin = mark.bytes - (segment?.content.bytes ?? 0);
      if (!cutOff && begin !== at) this.lost({ kind: "damaged", ...place, ...span(before, segment?.from) });
      at = mark.bytes;
      if (cutOff) this.lost({ kind: "rotated", ...place, ...span(before, segment?.from) });
      if (!segment) continue;
      if (await this.isIntact(segment)) yield* this.passed(this.unpacked(segment));
      else this.lost({ kind: "damaged", ...place, from: segment.from, to: segment.to });
      before = segment.to;
    }
    const last = run.records.at(-1);
    if (run.live && !last?.ended) yield* this.ofLive(run, last?.mark, before, read);
    else if (run.live && last) {
      const { pod, number } = run.live;
      read.push({ pod, container, number, onDisk: onDiskOf(last.mark), isContinued: true });
    }
  }

  private async *ofLive(
    { live, number }: RunPlan,
    mark: Mark | undefined,
    before: string | undefined,
    read: ReadRun[],
  ): AsyncGenerator<Buffer> {
    const { api, signal, isLast, nodeIsGone } = this.sources;
    if (!live) return;
    const { pod, container } = live;
    const place = { pod, container, runs: { first: number, last: number } };
    if (!api) {
      this.lost({ kind: "unread", ...place, ...span(before, undefined) });
      return;
    }
    let reading = new LogReading(api, live, mark);
    let isRead = true;
    try {
      try {
        yield* this.passed(reading.content());
      } catch (error) {
        if (!(error instanceof Rotated)) throw error;
        reading = new LogReading(api, live);
        const again = reading.content();
        const first = await again.next(); // which tells where the file begins
        this.lost({ kind: "rotated", ...place, ...span(before, reading.from) });
        if (!first.done) yield* this.passed(following(first.value, again));
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Unread) || !(isLast || isFinal(error))) throw error;
      isRead = false;
      const isFurther = reading.stand.bytes > (mark?.bytes ?? 0);
      this.lost(gapOf(live, error, nodeIsGone, isFurther ? reading.last : before));
    }
    // What was read behind a rotation is no evidence of the start of the run.
    const { live: again, ...evidence } = reading.evidence;
    read.push({ ...evidence, isContinued: isBegun(mark), ...(isRead && { live: again }) });
  }

  private unpacked({ key }: Segment): AsyncGenerator<Buffer> {
    const { store } = this.sources;
    return (async function* () {
      const content = await unzstd();
      pipeline(store.get(key), content, () => undefined); // an error reaches the reader of the stream
      yield* bytesIn(content);
    })();
  }

  /** A segment is read twice, since what was passed on cannot be taken back. */
  private async isIntact({ key, content, bytes, sha256 }: Segment): Promise<boolean> {
    if (!isSame(await digestOf(this.sources.store.get(key)), { bytes, sha256 })) return false;
    return isSame(await digestOf(this.sources.store.get(key), await unzstd()), content);
  }

  /** Counts what passes. */
  private async *passed(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      this.part?.meter.count(chunk);
      yield chunk;
    }
  }

  /** Names a gap, and ends the part: what comes next does not continue its last line. */
  private lost(gap: MadeGap): void {
    this.gaps.push(gap);
    this.isCut = true;
    if (!this.part) return;
    const { of } = this.part;
    this.close();
    this.part = { meter: new Meter(), of };
  }

  private begin(of: PartOf): void {
    this.isCut = false;
    this.part = { meter: new Meter(), of };
  }

  /** A log without a line is a part, unless a gap says why there is nothing. */
  private close(): void {
    if (!this.part) return;
    const { meter, of } = this.part;
    this.part = undefined;
    const digest = meter.digest();
    if (digest.bytes === 0 && this.isCut) return;
    this.parts.push({ ...of, offset: this.offset, ...digest });
    this.offset += digest.bytes;
  }
}

type PartOf = Omit<LogPart, "offset" | "bytes" | "sha256">;

const span = (from: string | undefined, to: string | undefined): { from?: string; to?: string } => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

async function* following(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
