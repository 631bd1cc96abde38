import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cacheFolder } from "./cache.mjs";
import { setUp } from "./set-up.mjs";
import { SetupError } from "./setup-error.mjs";

const HELP = `
Usage: npm run setup -- [--only NAME,...] [--offline] [--json]

Installs the npm packages and the sandbox's tools: Pulumi with its plugins, a Kubernetes control plane, Caddy and poet.
A tool is taken from PATH in the pinned version, else from the cache, else downloaded from its publisher and verified,
else built from the Go modules pinned in sandbox/toolchain. Safe to run twice, at once, and after an interruption: it
goes on where the other stopped. Where the internet is closed the first run takes about 20 minutes on 2 cores and 4 GB
of memory; later runs take a second.

  --only NAME,...  prepares these tools only, e.g. --only etcd,kubectl; which tools the checkout uses stays as it is
  --offline        does not try official downloads (npm and Go modules come from their registries as configured)
  --json           prints, as the last line of standard output, where the tools are

Environment: SMESHNET_CACHE is the cache, by default \${XDG_CACHE_HOME:-~/.cache}/smeshnet. Removing it is safe.`;

const CHECKOUT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The command line.
 * @param {string[]} args
 * @returns {Promise<number>} exit code: 0 done, 1 failed, 2 bad arguments, 130 interrupted
 */
export async function main(args) {
  const interrupt = new AbortController();
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(name, () => interrupt.abort());
  try {
    const { values } = readArguments(args);
    if (values.help) {
      process.stdout.write(`${HELP.trim()}\n`);
      return 0;
    }
    const cache = cacheFolder(process.env);
    mkdirSync(cache, { recursive: true });
    const answer = await setUp({
      cache,
      checkout: CHECKOUT,
      only: values.only?.split(",").filter((name) => name !== ""),
      offline: values.offline === true,
      out: process.stderr,
      signal: interrupt.signal,
    });
    if (values.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
    return 0;
  } catch (error) {
    return explain(error, interrupt.signal);
  }
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string" },
        offline: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message} (--help tells more)`, 2);
  }
}

/**
 * @param {unknown} error
 * @param {AbortSignal} signal
 */
function explain(error, signal) {
  if (signal.aborted) {
    process.stderr.write("interrupted: what is done is kept, run it again to go on\n");
    return 130;
  }
  const known = error instanceof SetupError;
  process.stderr.write(known ? `error: ${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`);
  return known ? error.exitCode : 1;
}
