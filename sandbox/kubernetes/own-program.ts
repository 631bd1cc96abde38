import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { copyFile, link, mkdir, rename, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { PassThrough } from "node:stream";
import { type OwnProgram, readWorld } from "../home";
import { homeOf, networkFolder } from "./cluster-record";
import { deploymentOf } from "./command-line";
import { type Faults, watchFaults } from "./faults";
import { withAddress } from "./names";
import { ownArguments } from "./own-arguments";
import type { ContainerContext, Program, RunningProgram } from "./program";
import { folderOf, nameOf, type RealProcess, startProcess } from "./real-process";
import { SlowDisk } from "./slow-disk";

/** Milliseconds that the program gets to end outside of a pod. */
const GRACE = 30_000;

/** The program for an image repository that the user brought (`sandbox up --program`); undefined without one. */
export function ownProgram(home: string, repository: string): Program | undefined {
  const own = readWorld(home)?.programs?.[repository];
  return own && ((context) => run(own, repository, context));
}

/**
 * Runs the user's executable for a container, with its listeners at the pod's address. Its faults come from outside:
 * `stopped` halts its processes, `cutOff` ends them and keeps them down, `slowDisk` slows their disk.
 */
async function run(own: OwnProgram, repository: string, given: ContainerContext): Promise<RunningProgram> {
  const env = Object.fromEntries(Object.entries(given.env).map(([name, value]) => [name, withAddress(given, value)]));
  const context = { ...given, env };
  const output = new PassThrough();
  const tool = own.postService ? await besidePostService(homeOf(context.clusterFolder), own) : own.path;
  const args = await ownArguments(repository, context, folderOf(context));
  const libraries: Record<string, string> = own.library ? { LD_LIBRARY_PATH: own.library } : {};
  const start = () =>
    startProcess(context, { tool, args, env: libraries, output, grace: context.grace ?? GRACE, isGroup: true });

  let process: RealProcess | undefined;
  let isEnding = false;
  let settle: (exit: { exitCode: number; reason: string }) => void = () => undefined;
  const ended = new Promise<{ exitCode: number; reason: string }>((resolve) => {
    settle = resolve;
  });
  const disk = new SlowDisk(context.clusterFolder, nameOf(context));
  const down = async () => {
    const ending = process;
    process = undefined;
    ending?.signal("SIGCONT"); // a halted process would not see the next signal
    await ending?.stop();
  };
  const upAgain = async () => {
    const started = await start();
    process = started;
    void started.ended.then((exit) => process === started && settle(exit));
  };
  const play = async ({ cutOff = [], stopped = [], slowDisk = [] }: Faults) => {
    const name = deploymentOf(context.pod);
    const isDown = isEnding || cutOff.includes(name);
    // Before its end: a process that waits for a slow disk does not end.
    if (isDown || !slowDisk.includes(name)) await disk.restore().catch((error: Error) => context.log(error.message));
    if (isDown) return down();
    if (!process) await upAgain();
    process?.signal(stopped.includes(name) ? "SIGSTOP" : "SIGCONT");
    if (process && slowDisk.includes(name)) disk.slow(process.pid);
  };
  let changing = Promise.resolve();
  const change = (faults: Faults) => {
    changing = changing.then(() => play(faults)).catch((error: Error) => context.log(error.message));
  };
  const stopWatching = watchFaults(networkFolder(context.clusterFolder, context.namespace), change);
  await changing;
  return {
    ready: () => process !== undefined,
    ended,
    output,
    async stop() {
      stopWatching();
      isEnding = true;
      change({});
      await changing;
      output.end();
    },
  };
}

/**
 * A go-spacemesh node starts the `post-service` that is beside its executable, and takes no other path
 * (go-spacemesh activation/post_supervisor.go, DefaultPostServiceConfig). So both get a folder of the sandbox.
 */
async function besidePostService(home: string, { path, postService = "" }: OwnProgram): Promise<string> {
  const { ino, size, mtimeMs } = statSync(path);
  const key = createHash("sha256")
    .update([path, postService, ino, size, mtimeMs].join("\n"))
    .digest("hex")
    .slice(0, 16);
  const folder = join(home, "programs", key);
  const file = join(folder, basename(path));
  if (existsSync(file)) return file;
  // Several pods start at once: each prepares a folder of its own, and one of them becomes the folder.
  const own = `${folder}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await mkdir(own, { recursive: true });
  await symlink(postService, join(own, "post-service"));
  // Linked where the file system allows it: a node has 100 MB and more. A link has the executable's own folder, as a
  // symbolic link would not.
  await link(path, join(own, basename(path))).catch(() => copyFile(path, join(own, basename(path))));
  await rename(own, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  return file;
}
