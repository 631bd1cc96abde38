import type { Readable } from "node:stream";

/** One container of a pod, as the process runner hands it to the program that plays its image. */
export interface ContainerContext {
  /** Cluster the pod belongs to, e.g. `v1-2-3-1`. */
  readonly cluster: string;
  /** Folder of the cluster in the sandbox: `faults.json` and data shared by its simulators lie here. */
  readonly clusterFolder: string;
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  /** Image with tag, e.g. `spacemeshos/go-spacemesh:v1.2.3-b1`. */
  readonly image: string;
  /** Loopback address at which the program listens: the pod's address with its first octet replaced by 127. */
  readonly address: string;
  /** Entry point override of the pod's spec, with `$(VAR)` expanded and mount paths replaced by real folders. */
  readonly command: readonly string[];
  /** Arguments, expanded and rewritten likewise. */
  readonly args: readonly string[];
  /** Environment of the container, service variables included, expanded and rewritten likewise. */
  readonly env: Readonly<Record<string, string>>;
  /** Real folder behind each mount path. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Writes one line to the container's log. */
  log(line: string): void;
}

/** A program that runs. */
export interface RunningProgram {
  /** Answers whether the program could serve now; the runner asks until it does and every second after. */
  ready(): boolean | Promise<boolean>;
  /** Resolves when the program ends by itself, with what a container's exit would say. */
  readonly ended: Promise<{ exitCode: number; reason: string }>;
  /** Ends the program and frees its ports; resolves when they are free. */
  stop(): Promise<void>;
  /** Standard output and error of a real process, which the runner copies into the log. */
  readonly output?: Readable;
}

/** Starts what an image holds: a real program, or a simulator inside the runner's own process. */
export type Program = (context: ContainerContext) => Promise<RunningProgram>;

/** Image repository without tag, e.g. `spacemeshos/poet`, to what plays it. */
export type Programs = Readonly<Record<string, Program>>;
