import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { keyOf, publish } from "./cache.mjs";
import { processMark } from "./processes.mjs";

/**
 * The tools of a checkout, as a sandbox takes them.
 * @typedef {object} ToolSet
 * @property {string} bin folder of the executables
 * @property {string} plugins folder of Pulumi's plugins, laid out as PULUMI_HOME/plugins
 * @property {Readonly<Record<string, string>>} versions by tool
 */

/**
 * Where a tool has been found or put.
 * @typedef {object} Found
 * @property {string} path
 * @property {import("./resolution.mjs").Source} from
 */

/**
 * Puts the tools together in one folder of the cache. A set never changes: other tools make another set, so a sandbox
 * that runs keeps what it was started with.
 * @param {string} cache
 * @param {ReadonlyMap<import("./tool.mjs").Tool, Found>} tools
 * @returns {Promise<ToolSet>}
 */
export async function makeToolSet(cache, tools) {
  const parts = [...tools].flatMap(([{ name, version }, { path, from }]) => [name, version, path, from]);
  const folder = join(cache, "sets", keyOf(parts));
  await publish(folder, (unfinished) => {
    for (const [tool, found] of tools) {
      const file = join(unfinished, placeOf(tool), tool.name);
      mkdirSync(dirname(file), { recursive: true });
      put(cache, found.path, file);
    }
  });
  const versions = Object.fromEntries([...tools.keys()].map(({ name, version }) => [name, version]));
  return { bin: join(folder, "bin"), plugins: join(folder, "plugins"), versions };
}

/** @param {import("./tool.mjs").Tool} tool */
const placeOf = ({ plugin, version }) => (plugin ? `plugins/resource-${plugin}-v${version}` : "bin");

/**
 * The engine looks for its language host in the folder where its own executable really is, so a tool of the cache is put
 * into the set as itself and not by a symbolic link. One on PATH stays where it is, beside its own companions.
 * @param {string} cache
 * @param {string} path
 * @param {string} file
 */
function put(cache, path, file) {
  if (!path.startsWith(`${cache}/`)) return symlinkSync(path, file);
  try {
    linkSync(path, file);
  } catch {
    // A file system without hard links.
    copyFileSync(path, file, constants.COPYFILE_FICLONE);
  }
}

/**
 * Makes a set the one that the checkout's sandbox and tests use.
 * @param {string} checkout
 * @param {ToolSet} set
 */
export function activate(checkout, set) {
  const file = join(checkout, "node_modules/.cache/smeshnet/toolchain.json");
  const content = `${JSON.stringify(set, undefined, 2)}\n`;
  if (content === contentOf(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${processMark()}`, content);
  renameSync(`${file}.${processMark()}`, file);
}

/** @param {string} file */
function contentOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
