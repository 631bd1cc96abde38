import type { V1ContainerStatus } from "@kubernetes/client-node";

/** A line that a container wrote. */
export interface Line {
  /** RFC 3339, as the runtime writes it. */
  readonly at: string;
  readonly text: string;
}

/** One run of a container, with the files in which the node keeps its log. */
export interface SimulatedRun {
  readonly number: number;
  readonly id: string;
  readonly startedAt: string;
  endedAt?: string;
  /** All that it ever wrote: the truth. */
  readonly written: Line[];
  /** The files that are left, oldest first; the last one is served. Empty once they were removed. */
  files: Line[][];
}

/** Size at which the kubelet begins another file, and how many it keeps. */
const [LARGEST, MOST_FILES] = [64 * 1024, 5];

/** A line as the API serves it, and the bytes that it takes on the disk of the node. */
export const served = ({ at, text }: Line): string => `${at} ${text}\n`;
const onDisk = (line: Line): number => served(line).length + "stdout F ".length;
const sizeOf = (file: readonly Line[]): number => file.reduce((sum, line) => sum + onDisk(line), 0);

/** A container on a simulated node, as the kubelet treats it. */
export class SimulatedContainer {
  readonly runs: SimulatedRun[] = [];
  isWaiting = false;

  constructor(
    readonly pod: string,
    readonly name: string,
    /** An init container that ends, a node that writes much, or a server that is silent at first. */
    readonly kind: "init" | "busy" | "silent",
  ) {}

  get current(): SimulatedRun | undefined {
    return this.runs.at(-1);
  }

  start(at: string): void {
    const number = this.runs.length;
    const id = `containerd://${this.pod}-${this.name}-${number}`;
    this.runs.push({ number, id, startedAt: at, written: [], files: [[]] });
    this.isWaiting = false;
    for (const old of this.runs.slice(0, -2)) old.files = [];
  }

  write(at: string, size: number): void {
    const run = this.current;
    if (!run || run.endedAt !== undefined) return;
    const line = {
      at,
      text: JSON.stringify({
        n: `${this.pod}/${this.name}/${run.number}/${run.written.length}`,
        pad: "x".repeat(size),
      }),
    };
    run.written.push(line);
    run.files.at(-1)?.push(line);
  }

  /** What the kubelet does every ten seconds. */
  rotate(): void {
    const { files = [], endedAt } = this.current ?? {};
    if (endedAt !== undefined || sizeOf(files.at(-1) ?? []) < LARGEST) return;
    files.push([]);
    files.splice(0, files.length - MOST_FILES);
  }

  end(at: string): void {
    if (this.current) this.current.endedAt = at;
    for (const old of this.runs.slice(0, -1)) old.files = []; // it keeps one dead container (MaxPerPodContainer)
  }

  /** Bytes of all files on the node. */
  get space(): number {
    return this.runs.flatMap(({ files }) => files).reduce((sum, file) => sum + sizeOf(file), 0);
  }

  get status(): V1ContainerStatus {
    const [now, before] = [this.runs.at(-1), this.runs.at(-2)];
    const ended = (run: SimulatedRun | undefined) =>
      run?.endedAt === undefined
        ? undefined
        : { terminated: { exitCode: 1, containerID: run.id, startedAt: new Date(run.startedAt) } };
    const waiting = { waiting: { reason: "CrashLoopBackOff" } };
    return {
      name: this.name,
      image: "i",
      imageID: "i",
      ready: true,
      restartCount: Math.max(0, this.runs.length - 1),
      ...(now && { containerID: now.id }),
      ...(this.isWaiting
        ? { state: waiting, lastState: ended(now) }
        : { state: ended(now) ?? { running: { startedAt: new Date(now?.startedAt ?? 0) } }, lastState: ended(before) }),
    };
  }
}
