/**
 * Options of set-up.
 *
 * @typedef {object} Options
 * @property {boolean} help    print the help text and do nothing
 * @property {boolean} json    print one JSON document on stdout at the end
 * @property {boolean} offline never try an official download
 * @property {boolean} demo    leave out tools that only tests need
 * @property {boolean} pin     pin the checksums of all official downloads and do nothing else
 * @property {readonly string[]} only names of the tools to set up; empty means all
 */

export const HELP = `Usage: npm run setup -- [--only NAME,...] [--demo] [--offline] [--pin] [--json] [--help]

Installs everything that smeshnet needs: npm packages, the Pulumi engine and its plugins, a Kubernetes control plane,
Caddy and poet. Each tool comes from the first place that has the pinned version: PATH, the cache, its publisher
(checksum verified), or a build from the Go modules pinned in sandbox/toolchain/. A file with another checksum than
pinned in scripts/setup/checksums.json, or else published, stops set-up.

  --only NAME,...  set up only these tools in the cache; the tools that this checkout uses stay the same
  --demo           leave out tools that only tests need
  --offline        download only Go modules and npm packages
  --pin            write the published checksums of all official downloads to scripts/setup/checksums.json
  --json           print one JSON document as the last line of stdout: bin, plugins, tools, versions, seconds
  --help           print this text

Cache: $SMESHNET_CACHE, else $XDG_CACHE_HOME/smeshnet, else ~/.cache/smeshnet. You may delete it at any time.
You may interrupt set-up at any time. The next run continues where this one ended.
`;

/**
 * Reads the command line.
 *
 * @param {readonly string[]} args arguments after the script's name
 * @param {readonly string[]} known names of all tools
 * @returns {Options}
 * @throws {Error} one line that names an unknown option or tool
 */
export function parseOptions(args, known) {
  const only = /** @type {string[]} */ ([]);
  const options = { help: false, json: false, offline: false, demo: false, pin: false, only };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const [flag, inline] = arg.split("=", 2);
    if (arg === "--help" || arg === "-h") options.help = true;
    else if (arg === "--json") options.json = true;
    else if (arg === "--offline") options.offline = true;
    else if (arg === "--demo") options.demo = true;
    else if (arg === "--pin") options.pin = true;
    else if (flag === "--only") options.only.push(...names(inline ?? args[++index], known));
    else throw new Error(`Option ${arg} is unknown. Run \`npm run setup -- --help\`.`);
  }
  return options;
}

/**
 * @param {string | undefined} list
 * @param {readonly string[]} known
 */
function names(list, known) {
  const wanted = (list ?? "").split(",").filter((name) => name !== "");
  if (wanted.length === 0) throw new Error(`--only is empty, expected tools from ${known.join(", ")}.`);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only names ${unknown}, expected tools from ${known.join(", ")}.`);
  return wanted;
}
