import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { batchesOf, buildBatch, fetchAhead, secondsOf } from "./setup/batch.mjs";
import { cacheFolder } from "./setup/cache.mjs";
import { catalogue } from "./setup/catalogue.mjs";
import { endChildren } from "./setup/children.mjs";
import { isReachable } from "./setup/download.mjs";
import { duration, estimate } from "./setup/estimate.mjs";
import { withHeartbeat } from "./setup/heartbeat.mjs";
import { installPackages } from "./setup/npm.mjs";
import { obtain } from "./setup/obtain.mjs";
import { HELP, parseOptions } from "./setup/options.mjs";
import { pinnedOnPath } from "./setup/path-tools.mjs";
import { pin } from "./setup/pin.mjs";
import { hasStandIn, needsBuild, plan } from "./setup/plan.mjs";
import { buildRefusal, goVersion, refusal, thisMachine } from "./setup/preconditions.mjs";
import { collect, publish } from "./setup/publish.mjs";

/** @import { Batch } from "./setup/batch.mjs" */
/** @import { Tool } from "./setup/catalogue.mjs" */
/** @import { Obtained } from "./setup/obtain.mjs" */
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
  const plans = (await planned(tools, site, options.offline)).filter((plan) => !(options.demo && isForTests(plan)));
  const steps = new Steps(plans.length + 1);
  const fetched = fetchAhead(batchesOf(plans.filter(needsBuild).map(({ tool }) => tool)), site.toolchain, sayOf);
  await packages(steps, cache);
  const files = await obtainAll(plans, site, fetched, steps);
  const ready = plans.map(({ tool }) => ({ tool, file: /** @type {string} */ (files.get(tool.name)) }));
  const toolchain = await collect(cache, ready, (pid) => say(`waiting for another set-up (process ${pid})`));
  if (options.only.length === 0) publish(CHECKOUT, toolchain);
  const seconds = (Date.now() - began) / 1000;
  say(`ready in ${duration(seconds)}: ${toolchain.bin}`);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...toolchain, tools: Object.fromEntries(files), seconds })}\n`);
  }
}

/** Numbers the lines that tell of something ready: `[3/15] etcd 3.6.8: cached`. */
class Steps {
  #done = 0;
  #all;

  /** @param {number} all */
  constructor(all) {
    this.#all = all;
  }

  /** @param {string} line */
  done(line) {
    this.#done++;
    say(`[${this.#done}/${this.#all}] ${line}`);
  }
}

/**
 * Whether a tool would be made for tests only. One that is there stays in use.
 *
 * @param {Plan} plan
 */
function isForTests({ tool, file }) {
  return tool.tests === true && file === undefined;
}

/**
 * A line about a batch: "pulumi and 9 more: 812 of at most 4,655 packages compiled, 2 min so far".
 *
 * @param {Batch} batch
 * @param {string} line
 */
function sayOf({ tools }, line) {
  const more = tools.length > 1 ? ` and ${tools.length - 1} more` : "";
  say(`  ${tools[0]?.name}${more}: ${line}`);
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
 * @param {Steps} steps
 * @param {string} cache
 */
async function packages(steps, cache) {
  const began = Date.now();
  const installing = installPackages(CHECKOUT, cache, {
    onInstall: () => say("  npm packages: npm ci, about 20 s"),
    onWait: (pid) => say(`  npm packages: waiting for another set-up (process ${pid})`),
  });
  const installed = await withHeartbeat(installing, (seconds) => say(`  npm packages: ${duration(seconds)} so far`));
  steps.done(`npm packages: ${installed ? `installed in ${duration((Date.now() - began) / 1000)}` : "cached"}`);
}

/**
 * @param {readonly Plan[]} plans
 * @param {Site} site
 * @param {(batch: Batch) => Promise<number>} fetched
 * @param {Steps} steps
 * @returns {Promise<ReadonlyMap<string, string>>} executables by tool name
 */
async function obtainAll(plans, site, fetched, steps) {
  const files = /** @type {Map<string, string>} */ (new Map());
  const onObtained = (/** @type {Tool} */ { name, version }, /** @type {Obtained} */ { file, how }) => {
    files.set(name, file);
    steps.done(`${name} ${version}: ${how}`);
  };
  const toBuild = /** @type {Tool[]} */ ([]);
  for (const plan of plans) {
    const { tool } = plan;
    const obtained = await obtain(plan, {
      site,
      ready: files,
      say: (line) => say(`  ${tool.name} ${tool.version}: ${line}`),
      onDownloadFailure: ({ message }) => say(`  ${tool.name} ${tool.version}: download failed (${message})`),
    }).catch((error) => {
      throw new Error(`${tool.name} ${tool.version}: ${error.message}`);
    });
    if (obtained === undefined) toBuild.push(tool);
    else onObtained(tool, obtained);
  }
  const batches = batchesOf(toBuild);
  const running = /** @type {Promise<void>[]} */ ([]);
  for (const [index, batch] of batches.entries()) {
    const line = (/** @type {string} */ text) => sayOf(batch, text);
    const words = estimate(secondsOf(batch), batches.slice(index + 1).map(secondsOf));
    const packages = await fetched(batch);
    // The next batch begins when this one leaves a core idle.
    await new Promise((onSlack) => {
      const run = { site, say: line, estimate: words, onSlack: () => onSlack(undefined), onObtained };
      const building = buildBatch(batch, packages, run);
      running.push(building);
      building.then(onSlack, onSlack);
    });
  }
  await Promise.all(running);
  return files;
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
    if (options.pin) await pin(say);
    else await main(options);
  }
} catch (error) {
  await endChildren(); // a build beside the one that failed
  // Steps that the interrupt stopped also fail. Their errors are no news.
  if (!interrupted) say(`setup: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
