import { join } from "node:path";
import { PassThrough } from "node:stream";
import { CHECKOUT } from "../home";
import type { Program } from "./program";
import { answersHttp } from "./readiness";
import { startProcess } from "./real-process";

/** Milliseconds within which a ready tap answers. */
const TIMEOUT = 1_000;

/** The path of a process's own folder is short: the tap locks its folder with a socket, and a socket's path has 107 bytes. */
const OWN_FOLDER = "/proc/self/cwd";

const portOf = (listen: string): string => listen.slice(listen.lastIndexOf(":") + 1);

/** Runs the tap of this checkout, which listens at the pod's address alone. */
export const tap: Program = async (context) => {
  const { TAP_DATA_FOLDER: cwd, TAP_LISTEN: listen = "", TAP_METRICS_LISTEN: metrics } = context.env;
  const port = portOf(listen);
  const env = {
    ...context.env,
    TAP_DATA_FOLDER: OWN_FOLDER,
    TAP_LISTEN: `${context.address}:${port}`,
    ...(metrics && { TAP_METRICS_LISTEN: `${context.address}:${portOf(metrics)}` }),
  };
  const output = new PassThrough();
  const args = ["-r", join(CHECKOUT, "infra/preload.cjs"), join(CHECKOUT, "tap/main.ts")];
  const started = await startProcess(
    { ...context, env },
    { tool: process.execPath, args, ...(cwd && { cwd }), output },
  );
  return {
    ready: () => answersHttp(context.address, Number(port), "/healthz", {}, TIMEOUT),
    ended: started.ended.finally(() => output.end()),
    stop: () => started.stop(),
    output,
  };
};
