import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** The log of one container instance: a file with one line `TIME TEXT` for each line written. */
export class ContainerLog {
  private readonly handle: number;
  private readonly followers = new Set<(line: string | undefined) => void>();
  private isOpen = true;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.handle = openSync(file, "a");
  }

  /** Writes a line; one that comes after the end is dropped. */
  append(text: string): void {
    if (!this.isOpen) return;
    for (const part of text.split("\n")) {
      const line = `${new Date().toISOString()} ${part}`;
      writeSync(this.handle, `${line}\n`);
      for (const follower of this.followers) follower(line);
    }
  }

  /** The lines so far, each with its time. */
  lines(): string[] {
    const lines = readFileSync(this.file, "utf8").split("\n");
    lines.pop();
    return lines;
  }

  /** Calls back with every line from now on, and with undefined at the end. Returns what stops that. */
  follow(follower: (line: string | undefined) => void): () => void {
    if (!this.isOpen) follower(undefined);
    else this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** No more lines will come. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.handle);
    for (const follower of this.followers) follower(undefined);
    this.followers.clear();
  }

  remove(): void {
    this.end();
    rmSync(this.file, { force: true });
  }
}

/** The logs that the kubelet's API serves of one container. */
export interface ServedLogs {
  /** The instance that runs, or ran last. */
  readonly current?: ContainerLog;
  /** The instance before it. */
  readonly previous?: ContainerLog;
}

/** The logs of all containers, by {@link logKey}. */
export type LogIndex = Map<string, ServedLogs>;

export const logKey = (namespace: string, pod: string, container: string): string => `${namespace}/${pod}/${container}`;
