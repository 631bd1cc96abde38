import { createHash, type Hash } from "node:crypto";
import { type ClusterApi, statusOf } from "../base/clients/kubernetes/client";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import type { ContainerRun } from "./container-runs";
import type { ReadRun } from "./evidence";
import { type MadeGap, quoted } from "./gaps";
import { LogText } from "./lines";
import type { Mark } from "./sync-record";

/** The file that the kubelet gives is not the one that a reader read a part of: it was rotated away. */
export class Rotated extends Error {}

/** A log that was not read to its end. */
export class Unread extends Error {
  constructor(
    message: string,
    /** Status of the API's answer, or 200 for a log that broke off or was followed by the kubelet's error. */
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

/** One reading of the log of a run, from where an earlier one stopped. */
export class LogReading {
  private readonly text: LogText;
  private readonly hash: Hash = createHash("sha256");

  /** @param mark where an earlier reading stopped */
  constructor(
    private readonly api: Pick<ClusterApi, "log" | "namespace">,
    readonly run: ContainerRun,
    private readonly mark?: Mark,
  ) {
    this.text = new LogText(mark?.bytes);
  }

  /** Time of the first line in the kubelet's file. */
  get first(): string | undefined {
    return this.text.first;
  }

  /** Times of the first line that is new, and of the last line. */
  get from(): string | undefined {
    return this.text.from ?? this.text.last;
  }
  get last(): string | undefined {
    return this.text.last;
  }

  /** Size of the kubelet's file, in bytes. */
  get onDisk(): number {
    return onDiskOf(this.stand);
  }

  /** The run as evidence. */
  get evidence(): ReadRun {
    const { pod, container, number, startedAt } = this.run;
    const { first, onDisk } = this;
    const times = { ...(startedAt !== undefined && { startedAt }), ...(first !== undefined && { first }) };
    return { pod, container, number, ...times, onDisk, isContinued: isBegun(this.mark), live: this.run };
  }

  /** Where this reading stands in the kubelet's file. */
  get stand(): Mark {
    return { bytes: this.text.bytes, lines: this.text.lines, sha256: this.hash.copy().digest("hex") };
  }

  /**
   * The bytes of the log that no earlier reading had. The kubelet's file is always read from its beginning, and must begin
   * with what was read before: times alone would not tell, since lines share them and clocks go back.
   * @throws {Rotated} before the first byte, when the file is another one
   * @throws {Unread} when the log cannot be read, or not to its end
   * @throws {UserError} when the reader has no credential
   */
  async *content(): AsyncGenerator<Buffer> {
    let skip = this.mark?.bytes ?? 0;
    const fresh = (bytes: Buffer): Buffer => {
      const old = bytes.subarray(0, skip);
      this.hash.update(old);
      skip -= old.length;
      if (old.length > 0 && skip === 0) this.compare();
      const rest = bytes.subarray(old.length);
      this.hash.update(rest);
      return rest;
    };
    let failure: unknown;
    try {
      for await (const chunk of this.chunks()) {
        for (const bytes of this.text.take(chunk)) {
          const rest = fresh(bytes);
          if (rest.length > 0) yield rest;
        }
      }
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      failure = error; // what came before belongs to the log
    }
    for (const bytes of this.text.end()) {
      const rest = fresh(bytes);
      if (rest.length > 0) yield rest;
    }
    if (failure) throw failure;
    const { foreign } = this.text;
    if (foreign !== undefined) throw new Unread(foreign, 200);
    if (skip > 0) throw new Rotated();
  }

  private compare(): void {
    if (this.hash.copy().digest("hex") !== this.mark?.sha256) throw new Rotated();
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    const { pod, container, previous } = this.run;
    try {
      yield* await this.api.log({ namespace: this.api.namespace, pod, container, previous });
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new Unread(lastLine(error instanceof Error ? error.message : String(error)), statusOf(error));
    }
  }
}

/** What the kubelet's file has between time and text: the name of the stream, and whether the line is complete. */
const STREAM = "stdout F ";

/** Whether a reader had the beginning of the kubelet's file. */
export const isBegun = (mark: Mark | undefined): boolean => mark !== undefined && mark.bytes > 0;

/** Size of a file of the kubelet, in bytes (CRI log format). */
export const onDiskOf = ({ bytes, lines }: Mark): number => bytes + lines * STREAM.length;

/** What the API or the kubelet says of a log that is not there, unlike of one that cannot be read now. */
const GONE = /no such file|not ?found|is terminated|has been removed/i;

/** Whether to try again is of no use, by the answer. The API server refuses what the pod's status does not have. */
export const isFinal = ({ status, message }: Unread): boolean =>
  (status === 400 || status === 404) && GONE.test(message) && !/nodes? "/.test(message);

/**
 * The gap of a log that was not read.
 * @param nodeIsGone whether the cluster has the pod's node no more
 * @param last time of the last line that was read
 */
export function gapOf(
  { pod, container, number, previous, ended }: ContainerRun,
  { status, message }: Unread,
  nodeIsGone: boolean,
  last: string | undefined,
): MadeGap {
  const place = { pod, container, runs: { first: number, last: number }, ...(last !== undefined && { from: last }) };
  const saw = quoted(message);
  if (nodeIsGone) return { kind: "node", ...place, saw };
  // The kubelet says so also of a container that runs, while the runtime does not answer.
  const isUntold = (previous || ended) && status === 200 && /unable to retrieve container logs/i.test(message);
  const isGone = (status === 200 || status === 400 || status === 404) && (isUntold || GONE.test(message));
  if (isGone) return { kind: "lost", ...place, saw };
  return { kind: last === undefined ? "unread" : "broken", ...place, saw };
}
