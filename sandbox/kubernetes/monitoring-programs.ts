import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { commandLine, flagOf } from "./command-line";
import { realPaths } from "./expansion";
import { withAddresses } from "./names";
import type { ContainerContext, Program, Programs } from "./program";
import { answersHttp } from "./readiness";
import { folderOf, startProcess } from "./real-process";

/** Milliseconds within which a ready program answers. */
const TIMEOUT = 1_000;

/** Configurations, in the part that names files beside them. */
const Config = z.looseObject({ rule_files: z.array(z.string()).optional() });

/**
 * Runs the real Prometheus or Alertmanager, with a copy of its configuration: names of Services are addresses there, and
 * mount paths are real folders. A Service that is made later stays a name that nothing answers at.
 */
const monitoring =
  (tool: "prometheus" | "alertmanager"): Program =>
  async (context) => {
    const args = commandLine(context).args;
    const folder = folderOf(context);
    const output = new PassThrough();
    const own = args.filter((arg) => !arg.startsWith("--config.file="));
    const config = await configHere(context, flagOf(args, "config.file") ?? "", folder);
    const { ended, stop } = await startProcess(context, { tool, args: [...own, `--config.file=${config}`], output });
    const port = Number(/:(\d+)$/.exec(flagOf(args, "web.listen-address") ?? "")?.[1]);
    return {
      ready: () => answersHttp(context.address, port, "/-/ready", {}, TIMEOUT),
      ended: ended.finally(() => output.end()),
      stop,
      output,
    };
  };

/** Writes the copy of a configuration, and answers its path. */
async function configHere(context: ContainerContext, file: string, folder: string): Promise<string> {
  const config = Config.parse(parse(realPaths(await readFile(file, "utf8"), context.mounts)));
  const rules = config.rule_files?.map((name) => resolve(dirname(file), name));
  const copy = join(folder, "config.yml");
  await mkdir(folder, { recursive: true });
  await writeFile(copy, stringify(withAddresses(context, { ...config, ...(rules && { rule_files: rules }) })));
  return copy;
}

/** The images of Prometheus' own project. */
export const monitoringPrograms: Programs = {
  "prom/prometheus": monitoring("prometheus"),
  "prom/alertmanager": monitoring("alertmanager"),
};
