import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf, provide } from "./cache.mjs";
import { NOTES } from "./npm.mjs";

/** @import { Tool } from "./catalogue.mjs" */

/**
 * A tool that is ready to use.
 *
 * @typedef {object} Ready
 * @property {Tool} tool
 * @property {string} file absolute path of its executable
 */

/**
 * A checkout's tools.
 *
 * @typedef {object} Toolchain
 * @property {string} bin     folder of the commands, which goes first on PATH
 * @property {string} plugins folder laid out as PULUMI_HOME/plugins; the engine would warn about a plugin on PATH
 * @property {Record<string, string>} versions versions of the tools, by tool name
 */

/**
 * Collects tools in one folder of links. A set never changes once it exists, so a running sandbox keeps its tools while
 * another checkout sets up newer ones.
 *
 * @param {string} cache
 * @param {readonly Ready[]} ready
 * @param {(pid: number) => void} onWait
 * @returns {Promise<Toolchain>}
 */
export async function collect(cache, ready, onWait) {
  const folder = join(cache, "sets", keyOf(ready.map(({ tool, file }) => `${tool.name} ${tool.version} ${file}`)));
  await provide(
    folder,
    async (part) => {
      mkdirSync(join(part, "bin"));
      mkdirSync(join(part, "plugins"));
      for (const { tool, file } of ready) {
        // The engine skips links to folders when it lists plugins, so each plugin has a real folder.
        const target = tool.place === "bin" ? join(part, "bin") : join(part, "plugins", pluginFolder(tool));
        mkdirSync(target, { recursive: true });
        link(cache, file, join(target, tool.name));
      }
    },
    onWait,
  );
  const versions = Object.fromEntries(ready.map(({ tool }) => [tool.name, tool.version]));
  return { bin: join(folder, "bin"), plugins: join(folder, "plugins"), versions };
}

/**
 * Records which tools a checkout uses.
 *
 * @param {string} checkout
 * @param {Toolchain} toolchain
 */
export function publish(checkout, toolchain) {
  const file = join(checkout, NOTES, "toolchain.json");
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(toolchain, null, 2)}\n`);
  renameSync(draft, file);
}

/**
 * Links a tool, by a hard link when the file is ours. With a symbolic link, the engine would find itself in another
 * folder than its language host and warn about it in every run (sdk/go/common/workspace/plugins.go of Pulumi).
 *
 * @param {string} cache
 * @param {string} file
 * @param {string} target
 */
function link(cache, file, target) {
  if (file.startsWith(join(cache, "/"))) linkSync(file, target);
  else symlinkSync(file, target);
}

/** @param {Tool} tool */
function pluginFolder(tool) {
  return `${tool.name.replace(/^pulumi-/, "")}-v${tool.version}`;
}
