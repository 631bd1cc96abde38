import { mkdirSync, realpathSync, watch, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { run, start } from "./children.mjs";
import { compiling, fetching } from "./estimate.mjs";
import { withHeartbeat } from "./heartbeat.mjs";

/** @import { Build } from "./catalogue.mjs" */

/** With fewer packages than this between two heartbeats the compiler has no work for all cores. */
const FEW = 5;

/** Lines of the compiler's output in an error. The first one is nearly always the cause. */
const SHOWN = 20;

/**
 * Fetches the Go modules that builds need, so that the compiler never waits for them.
 *
 * @param {string} toolchain folder of the pinned modules
 * @param {string} module
 * @param {readonly Build[]} builds builds of that module
 * @param {(line: string) => void} say
 * @returns {Promise<number>} how many packages the builds have, their own and those of dependencies
 * @throws {Error} with what go said
 */
export async function fetchModules(toolchain, module, builds, say) {
  const options = optionsFor(toolchain, module);
  let fetched = 0;
  const onLine = (/** @type {string} */ line) => {
    if (line.startsWith("go: downloading")) fetched++;
  };
  const list = async () => {
    for (const { embed } of builds) if (embed) await run("go", ["mod", "download", embed.module], options, onLine);
    const packages = builds.map((build) => build.package);
    // Embedded files may be elsewhere. The errors that -e lists do not matter: the compiler repeats those that do.
    return run("go", ["list", "-e", "-deps", ...tagsOf(builds), ...packages], options, onLine);
  };
  const deps = await withHeartbeat(list(), (seconds) => say(fetching({ seconds, fetched })));
  return deps.trim().split("\n").length;
}

/**
 * Builds the executables of one module in one run of the compiler. So it compiles what they share once, and all cores
 * have work until the last executable. The static executables run on any Linux of this architecture.
 *
 * @param {object} request
 * @param {string} request.toolchain folder of the pinned modules
 * @param {string} request.module
 * @param {readonly Build[]} request.builds
 * @param {string} request.folder    an empty folder to build in, on the file system of the cache
 * @param {number} request.packages  how many packages the builds have
 * @param {(line: string) => void} request.say
 * @param {() => void} request.onSlack called, maybe more than once, when another build could use the processor
 * @param {(build: Build, file: string, seconds: number) => void} request.onBuilt takes an executable as soon as it is
 *   complete, with the seconds since the start
 * @throws {Error} with the compiler's output
 */
export async function buildTools({ toolchain, module, builds, folder, packages, say, onSlack, onBuilt }) {
  const output = join(folder, "out");
  const work = join(folder, "work"); // on the same file system, so that go moves what it has linked in one step
  for (const path of [output, work]) mkdirSync(path);
  const options = optionsFor(toolchain, module);
  options.env.GOTMPDIR = work;
  const overlay = await overlayFor(options, builds, folder);
  const flags = builds.flatMap((build) => ["-ldflags", `${build.package}=-s -w ${build.ldflags}`]);
  // The linker drops what debuggers need (-w), so the compiler need not make it: 9 % less processor time.
  const shared = ["-v", "-trimpath", "-gcflags=all=-dwarf=false", ...tagsOf(builds)];
  const args = ["build", ...shared, ...flags, ...overlay, "-o", `${output}/`];
  const began = Date.now();
  const names = new Map(builds.map((build) => [executableName(build, options.cwd), build]));
  const take = (/** @type {string} */ name) => {
    const build = names.get(name);
    if (build === undefined || !names.delete(name)) return;
    onBuilt(build, join(output, name), (Date.now() - began) / 1000);
  };
  /** @type {unknown} */
  let fault;
  const watcher = watch(output, (_, name) => {
    try {
      if (name !== null) take(name);
    } catch (error) {
      fault ??= error;
    }
  });
  try {
    await compile([...args, ...builds.map((build) => build.package)], options, packages, say, onSlack);
  } finally {
    watcher.close();
  }
  if (fault !== undefined) throw fault;
  for (const name of [...names.keys()]) take(name);
}

/**
 * The compiler's option with the build tags of all builds.
 *
 * @param {readonly Build[]} builds
 * @returns {readonly string[]}
 */
function tagsOf(builds) {
  const tags = new Set(builds.flatMap((build) => build.tags ?? []));
  return tags.size === 0 ? [] : ["-tags", [...tags].join(",")];
}

/**
 * @typedef {{cwd: string, env: Record<string, string | undefined>}} Options
 */

/**
 * @param {string} toolchain
 * @param {string} module
 * @returns {Options}
 */
function optionsFor(toolchain, module) {
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOTOOLCHAIN: "auto",
    GOFLAGS: "-buildvcs=false",
    GOWORK: "off",
    GOGC: process.env.GOGC ?? "400", // saves 5 to 19 % of processor time for some more memory
  };
  return { cwd: realpathSync(join(toolchain, module)), env }; // go resolves links, so an overlay needs real paths
}

/**
 * The name that `go build` gives an executable: the last element of the import path that is no major version.
 *
 * @param {Build} build
 * @param {string} folder folder of its module
 */
function executableName(build, folder) {
  if (build.package === ".") return basename(folder);
  const parts = build.package.split("/").filter((part) => !/^v\d+$/.test(part));
  return parts.at(-1) ?? "";
}

/**
 * @param {readonly string[]} args
 * @param {Options} options
 * @param {number} packages
 * @param {(line: string) => void} say
 * @param {() => void} onSlack
 */
async function compile(args, options, packages, say, onSlack) {
  const said = /** @type {string[]} */ ([]);
  let compiled = 0;
  let before = 0;
  const child = start("go", args, options);
  createInterface({ input: child.process.stderr }).on("line", (line) => {
    if (/^[\w.\-/]+$/.test(line)) compiled++;
    else if (!line.startsWith("go: downloading")) said.push(line);
  });
  const code = await withHeartbeat(child.ended, (seconds) => {
    say(compiling({ seconds, compiled, packages }));
    if (compiled - before < FEW) onSlack();
    before = compiled;
  });
  if (code !== 0) throw new Error(`go build failed (${code}):\n${said.slice(0, SHOWN).join("\n")}`);
}

/**
 * Makes the compiler read embedded files from a module, so that this repository needs no copy of a schema of 7 MB.
 *
 * @param {Options} options
 * @param {readonly Build[]} builds
 * @param {string} folder
 * @returns {Promise<readonly string[]>} the compiler's option
 */
async function overlayFor(options, builds, folder) {
  const pairs = [];
  for (const { embed } of builds) {
    if (embed === undefined) continue;
    const source = (await run("go", ["list", "-m", "-f", "{{.Dir}}", embed.module], options)).trim();
    for (const name of embed.files) pairs.push([join(options.cwd, name), join(source, embed.folder, name)]);
  }
  if (pairs.length === 0) return [];
  const file = join(folder, "overlay.json");
  writeFileSync(file, JSON.stringify({ Replace: Object.fromEntries(pairs) }));
  return ["-overlay", file];
}
