import type { Readable } from "node:stream";

/** One container of a pod, as the runner passes it to the program for its image. */
export interface ContainerContext {
  /** Cluster the pod belongs to, e.g. `v1-2-3-1`. */
  readonly cluster: string;
  /** Folder of the cluster in the sandbox, with `faults.json` and data that its simulators share. */
  readonly clusterFolder: string;
  /**
   * Folder of the network: the cluster's own for namespace `default`, else one for each namespace. The nodes in it are
   * one network, with its own faults.
   */
  readonly networkFolder: string;
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  /** Image with tag, e.g. `spacemeshos/go-spacemesh:v1.2.3-b1`. */
  readonly image: string;
  /** Loopback address at which the program listens: the pod's address with 127 as its first octet. */
  readonly address: string;
  /** Entry point from the pod's spec, with `$(VAR)` expanded and mount paths replaced by real folders. */
  readonly command: readonly string[];
  /** Arguments, expanded and replaced in the same way. */
  readonly args: readonly string[];
  /** Environment of the container with service variables, expanded and replaced in the same way. */
  readonly env: Readonly<Record<string, string>>;
  /** Real folder behind each mount path. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Milliseconds that the pod gives its programs to end; unset outside of a pod. */
  readonly grace?: number;
  /** Loopback address of a Service by the name that a pod would ask DNS for (names.ts); unset outside of a cluster. */
  readonly resolve?: (name: string) => string | undefined;
  /** Writes one line to the container's log. */
  log(line: string): void;
}

/** A running program. */
export interface RunningProgram {
  /** Whether the program can serve now. The runner asks until it can, and every second after that. */
  ready(): boolean | Promise<boolean>;
  /** Resolves with the container's exit when the program ends by itself. */
  readonly ended: Promise<{ exitCode: number; reason: string }>;
  /** Ends the program. Resolves when its ports are free. */
  stop(): Promise<void>;
  /** Standard output and error of a real process. The runner copies them into the log. */
  readonly output?: Readable;
}

/** Starts the program of an image: a real program, or a simulator inside the runner's process. */
export type Program = (context: ContainerContext) => Promise<RunningProgram>;

/** Programs by image repository without tag, e.g. `spacemeshos/poet`. */
export type Programs = Readonly<Record<string, Program>>;
