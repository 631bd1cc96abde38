import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { UserError } from "../lib/errors";
import { NAMESPACE, readSettings, type Settings, withEnvironment } from "../model/settings";

/** The file of the project, in the working directory. */
const FILE = "Pulumi.yaml";

/**
 * The settings of this project as verbs see them: `config:` of Pulumi.yaml in the working directory, overruled by the
 * environment.
 * @throws {InvalidSettings} naming every mistake
 * @throws {UserError} when the file is not there, or is not that of a project
 */
export async function settingsOfProject(): Promise<Settings> {
  const config = configOf(await read());
  const entryOf = (key: string): unknown => {
    const entry = config[`${NAMESPACE}:${key}`];
    return isObject(entry) && "value" in entry ? entry.value : entry;
  };
  return readSettings(withEnvironment(entryOf, process.env));
}

async function read(): Promise<string> {
  try {
    return await readFile(FILE, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new UserError(`${FILE} cannot be read in ${process.cwd()} (${why}): run this in the project's folder`, 2);
  }
}

/** What stands below `config:`, which may be missing. */
function configOf(text: string): Record<string, unknown> {
  const project = parsed(text);
  const config = isObject(project) ? (project.config ?? {}) : undefined;
  if (isObject(config)) return config;
  throw new UserError(`${FILE} holds no settings: write them below config:, as smeshnet:key: value`, 2);
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [why] = (error as Error).message.split("\n");
    throw new UserError(`${FILE} is not YAML: mend it (${why})`, 2);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
