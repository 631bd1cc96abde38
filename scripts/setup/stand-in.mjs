import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Bundles a stand-in plugin into one file, which needs neither the checkout nor its npm packages, and writes the
 * executable that starts it.
 * @param {import("./tool.mjs").Tool} tool
 * @param {import("./tool.mjs").StandIn} standIn
 * @param {object} places
 * @param {string} places.checkout
 * @param {string} places.unfinished folder to put it into
 * @param {string} places.folder what that folder will be called
 */
export async function bundleStandIn({ name }, { sources, entry }, { checkout, unfinished, folder }) {
  // Loaded here and not above: it is one of the packages that set-up installs.
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: checkout,
    entryPoints: [join(sources, entry)],
    outfile: join(unfinished, "plugin.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "silent",
  });
  const start = join(unfinished, name);
  writeFileSync(start, `#!/bin/sh\nexec node '${join(folder, "plugin.cjs").replaceAll("'", "'\\''")}' "$@"\n`);
  chmodSync(start, 0o755);
}
