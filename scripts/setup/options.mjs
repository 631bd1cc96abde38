/**
 * What a caller may ask of set-up.
 *
 * @typedef {object} Options
 * @property {boolean} help    print the help text and do nothing
 * @property {boolean} json    print one JSON document on stdout at the end
 * @property {boolean} offline never try an official download
 * @property {readonly string[]} only names of the tools to set up; empty means all
 */

export const HELP = `Usage: npm run setup -- [--only NAME,...] [--offline] [--json] [--help]

Installs all that smeshnet needs: npm packages, the Pulumi engine and its plugins, a Kubernetes control plane,
Caddy and poet. Each tool is taken from PATH when it is there in the pinned version, else from the cache, else from
its publisher (checksum verified), else it is built from the Go modules pinned in sandbox/toolchain/.

  --only NAME,...  only these tools, into the cache; which tools this checkout uses stays as it is
  --offline        download nothing but Go modules and npm packages
  --json           the last line of stdout is one JSON document: bin, plugins, tools, versions, seconds
  --help           this text

Cache: $SMESHNET_CACHE, else $XDG_CACHE_HOME/smeshnet, else ~/.cache/smeshnet. It may be deleted at any time.
Interrupt it as you like: the next run goes on where this one ended.
`;

/**
 * Reads the command line.
 *
 * @param {readonly string[]} args what follows the script's name
 * @param {readonly string[]} known names of all tools
 * @returns {Options}
 * @throws {Error} one line on an unknown option or tool
 */
export function parseOptions(args, known) {
  const options = { help: false, json: false, offline: false, only: /** @type {string[]} */ ([]) };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const [flag, inline] = arg.split("=", 2);
    if (arg === "--help" || arg === "-h") options.help = true;
    else if (arg === "--json") options.json = true;
    else if (arg === "--offline") options.offline = true;
    else if (flag === "--only") options.only.push(...names(inline ?? args[++index], known));
    else throw new Error(`unknown option ${arg}: see npm run setup -- --help`);
  }
  return options;
}

/**
 * @param {string | undefined} list
 * @param {readonly string[]} known
 */
function names(list, known) {
  const wanted = (list ?? "").split(",").filter((name) => name !== "");
  if (wanted.length === 0) throw new Error(`--only needs names of tools: ${known.join(", ")}`);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only: no tool is called ${unknown}; there are ${known.join(", ")}`);
  return wanted;
}
