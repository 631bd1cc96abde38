import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readWorld } from "../home";
import { homeOf } from "./cluster-record";
import { commandLine, deploymentOf, flagOf } from "./command-line";
import { realPaths } from "./expansion";
import { watchFaults } from "./faults";
import { poetMetrics } from "./poet-metrics";
import type { ContainerContext, Program, Programs, RunningProgram } from "./program";
import { answersHttp } from "./readiness";
import { folderOf, type RealProcess, startProcess } from "./real-process";
import { tap } from "./tap";

/** Milliseconds within which a ready poet answers. */
const TIMEOUT = 1_000;

/** Ports at which poet listens besides the configured one (spacemeshos/poet config/config.go). */
const POET_RPC = 50_002;
const POET_CONFIG_RPC = 50_001;

/** Port of Caddy's admin API (caddyserver.com, "API"). */
const CADDY_ADMIN = 2_019;

/**
 * Arguments that keep all listeners of poet at the pod's address and all its data in one folder.
 * @param folder folder for its data
 * @param hasMetrics whether it serves metrics, which it can do at all addresses only: at a port that the system chooses,
 * since another poet or node has the usual one
 */
export function poetArguments(args: readonly string[], address: string, folder: string, hasMetrics = false): string[] {
  const own = ["restlisten", "rpclisten", "config-rpclisten", "poetdir", "metrics-port"];
  const others = args.filter((arg) => !own.some((name) => arg.startsWith(`--${name}=`)));
  return [
    ...others,
    `--restlisten=${address}:${restPort(args)}`,
    `--rpclisten=${address}:${POET_RPC}`,
    `--config-rpclisten=${address}:${POET_CONFIG_RPC}`,
    `--poetdir=${folder}`,
    ...(hasMetrics ? ["--metrics-port=0"] : []),
  ];
}

/** The folder of poet's data when it is in a volume: `--poetdir`, or the image's own. */
function poetFolder(args: readonly string[], { mounts }: ContainerContext): string | undefined {
  const named = flagOf(args, "poetdir");
  const own = realPaths("/root/.poet", mounts);
  if (named === undefined) return own === "/root/.poet" ? undefined : own;
  return Object.values(mounts).some((folder) => named === folder || named.startsWith(`${folder}/`)) ? named : undefined;
}

const restPort = (args: readonly string[]): number =>
  Number(/:(\d+)$/.exec(flagOf(args, "restlisten") ?? "")?.[1] ?? 8080);

/**
 * Runs the real poet. The fault `deadPoet` ends its process. The shell around it keeps sleeping, so the pod stays. Poet
 * saves its round on SIGINT only: of five that SIGTERM ends, one does not start again ("base layer cannot be empty").
 */
const poet: Program = async (context) => {
  const { args, sleepsAfterwards } = commandLine(context);
  const data = poetFolder(args, context) ?? folderOf(context);
  const output = new PassThrough();
  const hasMetrics = flagOf(args, "metrics-port") !== undefined && isWatched(context);
  const own = poetArguments(args, context.address, data, hasMetrics);
  const start = () => startProcess(context, { tool: "poet", args: own, output });
  const metrics = hasMetrics
    ? await poetMetrics(context.address, Number(flagOf(args, "metrics-port")), output)
    : undefined;

  let process: RealProcess | undefined = await start();
  let changing = Promise.resolve();
  let isStopped = false;
  const alternate = async (isDead: boolean) => {
    if (isDead || isStopped) {
      const stopping = process;
      process = undefined;
      await stopping?.stop("SIGINT");
    } else process ??= await start();
  };
  const change = (isDead: boolean) => {
    changing = changing.then(() => alternate(isDead)).catch((error: Error) => context.log(error.message));
    return changing;
  };
  const stopWatching = watchFaults(context.networkFolder, ({ deadPoet = [] }) =>
    change(deadPoet.includes(deploymentOf(context.pod))),
  );
  return {
    ready: () => process !== undefined && answersHttp(context.address, restPort(args), "/v1/info", {}, TIMEOUT),
    ended: sleepsAfterwards ? new Promise(() => undefined) : process.ended,
    output,
    async stop() {
      stopWatching();
      isStopped = true;
      await Promise.all([change(true), metrics?.close()]);
      output.end();
    },
  };
};

/** Whether networks of this sandbox have monitoring. */
const isWatched = ({ clusterFolder }: ContainerContext): boolean =>
  readWorld(homeOf(clusterFolder))?.monitoring === true;

/** Lines that Caddy logs when it listens, as `run` and as `file-server` (caddy cmd/commandfuncs.go, fileserver). */
const CADDY_SERVES = ["serving initial configuration", "Caddy serving static files"];

/** Runs the real Caddy. Its data and its admin API stay inside the pod. */
const caddy: Program = async (context): Promise<RunningProgram> => {
  const folder = folderOf(context);
  const output = new PassThrough();
  let serves = false;
  output.on("data", (chunk: Buffer) => {
    serves ||= CADDY_SERVES.some((line) => chunk.toString().includes(line));
  });
  const { ended, stop } = await startProcess(context, {
    tool: "caddy",
    args: caddyArguments(context),
    env: {
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: join(folder, "data"),
      CADDY_ADMIN: `${context.address}:${CADDY_ADMIN}`,
      CERTIFICATE_ADDRESS: context.address, // all pods share this machine's 127.0.0.1
    },
    cwd: workingFolder(context, folder),
    output,
  });
  const closed = ended.finally(() => output.end());
  return { ready: () => serves, ended: closed, stop, output };
};

/** The container's arguments, or the official image's. */
function caddyArguments({ command, args, mounts }: ContainerContext): readonly string[] {
  const given = commandLine({ command, args }).args;
  // The official image has no entry point, so its first argument is the program itself.
  const own = command.length === 0 && given[0] === "caddy" ? given.slice(1) : given;
  if (own.length > 0) return own;
  return ["run", "--config", realPaths("/etc/caddy/Caddyfile", mounts), "--adapter", "caddyfile"];
}

/** The official image's working directory is /srv. */
const workingFolder = ({ mounts }: ContainerContext, folder: string): string => mounts["/srv"] ?? folder;

/** Images that run their real programs. */
export const realPrograms: Programs = { "spacemeshos/poet": poet, "spacemeshos/smeshnet-tap": tap, caddy };
