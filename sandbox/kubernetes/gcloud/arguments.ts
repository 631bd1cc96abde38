/** The groups of commands that are supported, with their commands. */
export const GROUPS = {
  "container.clusters": ["delete", "describe", "get-credentials", "list"],
  "compute.disks": ["delete", "list"],
  "compute.forwarding-rules": ["delete", "list"],
  "compute.target-pools": ["delete", "list"],
  "compute.addresses": ["delete", "list"],
} as const;

export type Group = keyof typeof GROUPS;
export type Command = (typeof GROUPS)[Group][number];

/** A call of one of the groups. */
export interface Call {
  readonly group: Group;
  readonly command: Command;
  /** Name of the object; absent for `list`. */
  readonly name?: string;
  readonly project: string;
  /** Region or zone; for `list`, absent means all. */
  readonly location?: string;
  readonly format: "json" | "yaml";
  readonly quiet: boolean;
}

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
  "--global": "switch",
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
  const { group, command } = commandOf(words);
  const where = `.${group}.${command}`;
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
  const isGlobal = flags.has("--global") ? "global" : undefined;
  const location = flags.get("--location") ?? flags.get("--region") ?? flags.get("--zone") ?? isGlobal;
  if (!location && command !== "list") {
    throw new GcloudError(where, "One of [--location, --zone, --region] must be supplied.", 1);
  }
  return {
    group,
    command,
    ...(name ? { name } : {}),
    project,
    ...(location ? { location } : {}),
    format: flags.get("--format") === "json" ? "json" : "yaml",
    quiet: flags.has("--quiet") || flags.has("-q"),
  };
}

/** Follows the command groups as far as they are supported. */
function commandOf(words: readonly string[]): { readonly group: Group; readonly command: Command } {
  for (let depth = 0; depth < 3; depth++) {
    const above = words
      .slice(0, depth)
      .map((word) => `.${word}`)
      .join("");
    const word = words[depth];
    if (word === undefined) throw new GcloudError(above, "Command name argument expected.", 2);
    if (!PATHS.some((path) => path.startsWith(`${above}.${word}.`)))
      throw new GcloudError(above, `Invalid choice: '${word}'.`, 2);
  }
  const [first, second, command] = words;
  return { group: `${first}.${second}` as Group, command: command as Command };
}

/** `.container.clusters.list.` and so on. */
const PATHS = Object.entries(GROUPS).flatMap(([group, commands]) => commands.map((command) => `.${group}.${command}.`));

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
