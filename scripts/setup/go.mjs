import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { onPath } from "./on-path.mjs";
import { run } from "./processes.mjs";
import { atLeast, LEAST_GO } from "./requirements.mjs";
import { LDFLAGS, moduleFolder } from "./tool.mjs";

/** What the pinned modules are written for. */
const NEEDED = [1, 26];
/** The toolchain that an older Go fetches as a module, or that is downloaded where there is none. */
export const GO_VERSION = "1.26.7";

/**
 * A Go that can build the tools.
 * @typedef {object} Go
 * @property {string} command
 * @property {string} toolchain value of GOTOOLCHAIN
 */

/**
 * Go's own archive, for machines with internet but without Go. It holds a folder named go.
 * @param {string} arch as `process.arch`
 * @returns {import("./download.mjs").Download}
 */
export function goDownload(arch) {
  const url = `https://dl.google.com/go/go${GO_VERSION}.linux-${arch === "x64" ? "amd64" : arch}.tar.gz`;
  return { url, sums: `${url}.sha256`, members: { go: "go" } };
}

/**
 * Version of the Go on PATH, e.g. "1.26.8".
 * @returns {Promise<string | undefined>}
 */
export async function goVersion() {
  const command = onPath("go");
  if (!command) return undefined;
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  const { stdout } = await promisify(execFile)(command, ["version"], { env, cwd: "/" });
  return /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
}

/**
 * The Go on PATH, if it is good enough to build the tools or to fetch one that is.
 * @param {string | undefined} version
 * @returns {Go | undefined}
 */
export function usableGo(version) {
  if (version === undefined || !atLeast(version, LEAST_GO)) return undefined;
  return { command: "go", toolchain: atLeast(version, NEEDED) ? "local" : `go${GO_VERSION}` };
}

/**
 * How far Go's garbage collector lets memory grow, in per cent: memory saves time (a fifth of it, measured), but a
 * build that does not fit in memory takes for ever.
 * @param {number} needed gigabytes, at 100 %
 * @param {number} free gigabytes
 */
export const gogc = (needed, free) => (free > 2.5 * needed ? 400 : 100);

/**
 * Builds a tool from its pinned modules.
 * @param {import("./tool.mjs").GoBuild} build
 * @param {string} output file
 * @param {object} options
 * @param {Go} options.go
 * @param {string} options.checkout
 * @param {AbortSignal} options.signal
 * @param {(text: string) => void} options.onProgress
 */
export async function goBuild(build, output, { go, checkout, signal, onProgress }) {
  const folder = moduleFolder(build, checkout);
  const env = environment(go, gogc(build.gigabytes, process.availableMemory() / 1e9));
  const modules = counter(/^go: downloading /, (count) => onProgress(`fetching modules, ${count} so far`));
  const fetching = { cwd: folder, env, signal, onLine: modules };
  const overlay = await overlayArguments(build, output, go, fetching);
  const common = ["-trimpath", "-buildvcs=false", ...overlay];
  const packages = await run(go.command, ["list", "-deps", ...common, build.package], fetching);
  const all = packages.trim().split("\n").length;
  // With -v Go names each package that it compiles; those it has compiled before are not named.
  const compiled = counter(/^[\w./~+-]+$/, (count) => onProgress(`${count} of at most ${all} packages`));
  const flags = [LDFLAGS, ...(build.variables ?? []).map((variable) => `-X ${variable}`)].join(" ");
  const args = ["build", "-v", ...common, "-ldflags", flags, "-o", output, build.package];
  await run(go.command, args, { cwd: folder, env, signal, onLine: compiled });
  rmSync(overlayFile(output), { force: true });
}

/** @param {Go} go @param {number} percent */
function environment({ toolchain }, percent) {
  // A user's own flags, workspace or target would change what is built.
  const { GOOS: _os, GOARCH: _arch, ...inherited } = process.env;
  return {
    ...inherited,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GOTOOLCHAIN: toolchain,
    GOGC: `${percent}`,
  };
}

/**
 * Lets the build find files of a dependency in our folder, without a copy of them.
 * @param {import("./tool.mjs").GoBuild} build
 * @param {string} output
 * @param {Go} go
 * @param {Parameters<typeof run>[2]} options
 */
async function overlayArguments({ overlay }, output, go, options) {
  if (!overlay) return [];
  const { Dir } = JSON.parse(await run(go.command, ["mod", "download", "-json", overlay.module], options));
  const replaced = overlay.files.map((file) => [join(`${options.cwd}`, file), join(Dir, overlay.folder, file)]);
  writeFileSync(overlayFile(output), JSON.stringify({ Replace: Object.fromEntries(replaced) }));
  return ["-overlay", overlayFile(output)];
}

/** @param {string} output */
const overlayFile = (output) => join(dirname(output), "overlay.json");

/**
 * Counts the lines that match; the others are left to explain a failure.
 * @param {RegExp} pattern
 * @param {(count: number) => void} onCount
 */
function counter(pattern, onCount) {
  let count = 0;
  return (/** @type {string} */ line) => {
    if (!pattern.test(line)) return true;
    onCount(++count);
    return false;
  };
}
