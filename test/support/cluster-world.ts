import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { KubernetesApi } from "../../sandbox/kubernetes/api";
import {
  type Cluster,
  type CreateOptions,
  createCluster,
  credentialsOf,
  deleteCluster,
  listClusters,
} from "../../sandbox/kubernetes/cluster";
import { toolchain } from "./toolchain";

/** Result of a command. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Its own sandbox in a temporary folder, with the real tools. */
export class ClusterWorld {
  private constructor(readonly home: string) {}

  static async make(): Promise<ClusterWorld> {
    const home = await mkdtemp(join(tmpdir(), "clusters-"));
    await symlink(toolchain().bin, join(home, "bin"));
    return new ClusterWorld(home);
  }

  /** Creates a cluster. By default, cluster-programs.ts runs its images. */
  create(name: string, options: CreateOptions = {}): Promise<Cluster> {
    return createCluster(this.home, name, { programs: join(__dirname, "cluster-programs.ts"), ...options });
  }

  api(cluster: Cluster): KubernetesApi {
    return new KubernetesApi(credentialsOf(cluster));
  }

  /** Runs a tool with the sandbox's stand-ins first on PATH. */
  run(tool: string, args: readonly string[], env: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve) => {
      execFile(tool, args, this.options(env), (error, stdout, stderr) => {
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  }

  /** Like {@link run}, but returns the running process with its standard output. */
  start(tool: string, args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
    return spawn(tool, args, { ...this.options({}), stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Command lines of the processes that run from this sandbox's folder. */
  async processes(): Promise<string[]> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    return pids.map(commandOf).filter((command) => command.includes(`${this.home}/`));
  }

  private options(env: Record<string, string>) {
    const path = [join(__dirname, "../../sandbox/bin"), toolchain().bin, process.env.PATH].join(delimiter);
    return { cwd: this.home, env: { ...process.env, SANDBOX_HOME: this.home, PATH: path, ...env } };
  }

  /** Deletes all clusters and the folder. */
  async close(): Promise<void> {
    for (const { name } of listClusters(this.home)) await deleteCluster(this.home, name);
    await rm(this.home, { recursive: true });
  }
}

/** Asks until the answer is defined. The test's time limit applies. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(50);
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
