import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./setup/cache.mjs";
import { catalogue } from "./setup/catalogue.mjs";
import { endChildren } from "./setup/children.mjs";
import { isReachable } from "./setup/download.mjs";
import { duration } from "./setup/estimate.mjs";
import { installPackages } from "./setup/npm.mjs";
import { obtain } from "./setup/obtain.mjs";
import { HELP, parseOptions } from "./setup/options.mjs";
import { pinnedOnPath } from "./setup/path-tools.mjs";
import { hasStandIn, needsBuild, plan } from "./setup/plan.mjs";
import { buildRefusal, goVersion, refusal, thisMachine } from "./setup/preconditions.mjs";
import { collect, publish } from "./setup/publish.mjs";

/** @import { Tool } from "./setup/catalogue.mjs" */
/** @import { Options } from "./setup/options.mjs" */
/** @import { Plan, Site } from "./setup/plan.mjs" */
/** @import { Ready } from "./setup/publish.mjs" */

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** @param {string} line goes to stderr, because stdout is for --json */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {Options} options */
async function main(options) {
  const began = Date.now();
  const tools = catalogue(process.arch).filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const cache = cacheFolder(process.env);
  const site = {
    checkout: CHECKOUT,
    toolchain: join(CHECKOUT, "sandbox/toolchain"),
    cache,
    arch: process.arch,
    onPath: pinnedOnPath(tools, join(cache, "answers.json"), pathWithout(cache)),
  };
  const plans = await planned(tools, site, options.offline);
  const steps = plans.length + 1;
  await packages(`[1/${steps}] npm packages`, cache);
  const ready = await obtainAll(plans, site, (index) => `[${index + 2}/${steps}]`);
  const toolchain = await collect(cache, ready, (pid) => say(`waiting for another set-up (process ${pid})`));
  if (options.only.length === 0) publish(CHECKOUT, toolchain);
  const seconds = (Date.now() - began) / 1000;
  say(`ready in ${duration(seconds)}: ${toolchain.bin}`);
  if (options.json) {
    const files = Object.fromEntries(ready.map(({ tool, file }) => [tool.name, file]));
    process.stdout.write(`${JSON.stringify({ ...toolchain, tools: files, seconds })}\n`);
  }
}

/**
 * PATH without our own tools, which a sandbox's shell puts on it.
 *
 * @param {string} cache
 */
function pathWithout(cache) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !folder.startsWith(join(cache, "/"))).join(delimiter);
}

/**
 * @param {readonly Tool[]} tools
 * @param {Site} site
 * @param {boolean} offline
 * @returns {Promise<readonly Plan[]>}
 */
async function planned(tools, site, offline) {
  const here = plan(tools, site, false);
  const missing = here.filter(({ file, tool }) => file === undefined && tool.download && !hasStandIn(tool, site));
  const probe = missing[0]?.tool.download?.url;
  const downloads = probe !== undefined && !offline && (await isReachable(probe));
  const plans = downloads ? plan(tools, site, true) : here;
  const builds = plans.filter(needsBuild).map(({ tool }) => tool.name);
  const reason = downloads
    ? "the publisher provides no checksum"
    : `official downloads are ${offline ? "switched off" : "not reachable"}`;
  const refused = builds.length === 0 ? undefined : buildRefusal(goVersion(), builds, reason);
  if (refused !== undefined) throw new Error(refused);
  if (missing.length > 0 && !downloads) say(`${reason}; missing tools are built from source`);
  return plans;
}

/**
 * @param {string} label
 * @param {string} cache
 */
async function packages(label, cache) {
  const began = Date.now();
  const installed = await installPackages(CHECKOUT, cache, {
    onInstall: () => say(`${label}: npm ci, about 20 s`),
    onWait: (pid) => say(`${label}: waiting for another set-up (process ${pid})`),
  });
  say(`${label}: ${installed ? `installed in ${duration((Date.now() - began) / 1000)}` : "cached"}`);
}

/**
 * @param {readonly Plan[]} plans
 * @param {Site} site
 * @param {(index: number) => string} number
 * @returns {Promise<readonly Ready[]>}
 */
async function obtainAll(plans, site, number) {
  const ready = /** @type {Ready[]} */ ([]);
  const files = /** @type {Map<string, string>} */ (new Map());
  for (const [index, each] of plans.entries()) {
    const { tool } = each;
    const label = `${number(index)} ${tool.name} ${tool.version}`;
    const later = plans.slice(index + 1).filter(needsBuild);
    const { file, how } = await obtain(each, {
      site,
      later: later.map((other) => other.tool.build?.seconds ?? 0),
      ready: files,
      say: (line) => say(`${label}: ${line}`),
      onDownloadFailure: ({ message }) => say(`${label}: download failed (${message})`),
    }).catch((error) => {
      throw new Error(`${tool.name} ${tool.version}: ${error.message}`);
    });
    say(`${label}: ${how}`);
    files.set(tool.name, file);
    ready.push({ tool, file });
  }
  return ready;
}

let interrupted = false;

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])) {
  process.once(signal, async () => {
    interrupted = true;
    await endChildren();
    say("interrupted; run `npm run setup` again to continue");
    process.exit(code); // the next run removes locks and part folders, as after a kill
  });
}

try {
  const options = parseOptions(
    process.argv.slice(2),
    catalogue(process.arch).map(({ name }) => name),
  );
  if (options.help) {
    process.stdout.write(HELP);
  } else {
    const refused = refusal(thisMachine());
    if (refused !== undefined) throw new Error(refused);
    await main(options);
  }
} catch (error) {
  // Steps that the interrupt stopped also fail. Their errors are no news.
  if (!interrupted) say(`setup: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
