/** A call of `gcloud container clusters`. */
export interface Call {
  readonly command: Command;
  /** Name of the cluster; absent for `list`. */
  readonly name?: string;
  readonly project: string;
  /** Region or zone; for `list`, absent means all. */
  readonly location?: string;
  readonly format: "json" | "yaml";
  readonly quiet: boolean;
}

export const COMMANDS = ["delete", "describe", "get-credentials", "list"] as const;

export type Command = (typeof COMMANDS)[number];

/** An error of gcloud with its exit status: 2 for a wrong command line, 1 for a failure. */
export class GcloudError extends Error {
  constructor(
    readonly command: string,
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message);
    this.name = "GcloudError";
  }

  /** The line that gcloud prints on standard error. */
  get line(): string {
    return `ERROR: (gcloud${this.command}) ${this.message}`;
  }
}

const FLAGS: Readonly<Record<string, "value" | "switch">> = {
  "--location": "value",
  "--region": "value",
  "--zone": "value",
  "--project": "value",
  "--format": "value",
  "--quiet": "switch",
  "-q": "switch",
};

/**
 * Parses a command line.
 * @param env may name the project in CLOUDSDK_CORE_PROJECT
 * @throws {GcloudError} with gcloud's text
 */
export function parseCall(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Call {
  const { words, flags, unknown } = split(argv);
  const command = commandOf(words);
  const where = `.container.clusters.${command}`;
  const [name, ...more] = words.slice(3);
  const unrecognized = [...unknown, ...(command === "list" ? words.slice(3) : more)];
  if (unrecognized.length > 0) throw new GcloudError(where, `unrecognized arguments: ${unrecognized.join(" ")}`, 2);
  if (command !== "list" && !name) {
    throw new GcloudError(where, "argument NAME: Must be specified.", 2);
  }
  const project = flags.get("--project") ?? env.CLOUDSDK_CORE_PROJECT;
  if (!project) {
    throw new GcloudError(where, "The required property [project] is not currently set.", 1);
  }
  const location = flags.get("--location") ?? flags.get("--region") ?? flags.get("--zone");
  if (!location && command !== "list") {
    throw new GcloudError(where, "One of [--location, --zone, --region] must be supplied.", 1);
  }
  return {
    command,
    ...(name ? { name } : {}),
    project,
    ...(location ? { location } : {}),
    format: flags.get("--format") === "json" ? "json" : "yaml",
    quiet: flags.has("--quiet") || flags.has("-q"),
  };
}

/** Follows the command groups as far as they are supported. */
function commandOf(words: readonly string[]): Command {
  const groups = ["container", "clusters"];
  for (const [depth, choices] of [[groups[0]], [groups[1]], COMMANDS].entries()) {
    const word = words[depth];
    const above = groups
      .slice(0, depth)
      .map((group) => `.${group}`)
      .join("");
    if (word === undefined) throw new GcloudError(above, "Command name argument expected.", 2);
    if (!(choices as readonly string[]).includes(word)) throw new GcloudError(above, `Invalid choice: '${word}'.`, 2);
  }
  return words[2] as Command;
}

function split(argv: readonly string[]) {
  const words: string[] = [];
  const unknown: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const [flag = "", value] = word.startsWith("--") ? splitAt(word, "=") : [word];
    if (!word.startsWith("-")) words.push(word);
    else if (!FLAGS[flag]) unknown.push(word);
    else flags.set(flag, FLAGS[flag] === "switch" ? "" : (value ?? argv[++i] ?? ""));
  }
  return { words, flags, unknown };
}

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
