import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Log of one container instance: a file with one line `TIME TEXT` for each line written. */
export class ContainerLog {
  private readonly handle: number;
  private readonly followers = new Set<(line: string | undefined) => void>();
  private isOpen = true;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.handle = openSync(file, "a");
  }

  /** Writes a line. Lines after the end are dropped. */
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

  /** Calls back with every new line, and with undefined at the end. Returns a function that stops the calls. */
  follow(follower: (line: string | undefined) => void): () => void {
    if (!this.isOpen) follower(undefined);
    else this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** Marks the end of the log. */
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

/** The logs of one container that the kubelet's API serves. */
export interface ServedLogs {
  /** Log of the instance that runs, or of the last one. */
  readonly current?: ContainerLog;
  /** Log of the instance before it. */
  readonly previous?: ContainerLog;
}

/** The logs of all containers, by {@link logKey}. */
export type LogIndex = Map<string, ServedLogs>;

export const logKey = (namespace: string, pod: string, container: string): string => `${namespace}/${pod}/${container}`;
