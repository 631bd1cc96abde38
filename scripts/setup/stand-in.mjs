import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf, provide, toolFolder } from "./cache.mjs";

/** @import { Tool } from "./catalogue.mjs" */

const BUNDLE = "plugin.cjs";

/**
 * Bundles our stand-in for a plugin into one file in the cache, under the hash of its code. A changed source is another
 * plugin, so checkouts do not disturb each other. Needs the npm packages.
 *
 * @param {string} checkout
 * @param {string} cache
 * @param {Tool} tool
 * @param {(pid: number) => void} onWait
 * @returns {Promise<{file: string, made: boolean}>} the executable, and whether this call made it
 */
export async function bundleStandIn(checkout, cache, tool, onWait) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: checkout,
    bundle: true,
    entryPoints: [tool.standIn ?? ""],
    format: "cjs",
    logLevel: "silent", // its error has the same text
    platform: "node",
    target: "node20",
    write: false,
  });
  const code = outputFiles[0]?.text ?? "";
  const folder = toolFolder(cache, tool, keyOf([code]));
  const made = await provide(
    folder,
    async (part) => {
      writeFileSync(join(part, BUNDLE), code);
      const script = join(part, tool.name);
      writeFileSync(script, `#!/bin/sh\nexec node "${join(folder, BUNDLE)}" "$@"\n`);
      chmodSync(script, 0o755);
    },
    onWait,
  );
  return { file: join(folder, tool.name), made };
}
