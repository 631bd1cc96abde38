import { parse } from "yaml";
import { boundedTextFile, LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import {
  NAMESPACE,
  readAllowedSignersSetting,
  readableSettings,
  readSettings,
  type Settings,
  type Source,
  withEnvironment,
} from "../model/settings";

/** The file of the project, in the working directory. */
const FILE = "Pulumi.yaml";

/**
 * The settings of the project in the working directory: `config:` of Pulumi.yaml, overridden by the environment.
 * @param environment variables such as `SMESHNET_ZONE_ID`
 * @throws {InvalidSettings} naming every mistake
 * @throws {UserError} when the file is missing or is not a project's
 */
export const settingsOfProject = async (environment: Environment): Promise<Settings> =>
  readSettings(await sourceOf(environment));

/**
 * Those settings of the project that can be read, and all mistakes.
 * @throws {UserError} when the file is missing or is not a project's
 */
export const readableSettingsOfProject = async (
  environment: Environment,
): Promise<ReturnType<typeof readableSettings>> => readableSettings(await sourceOf(environment));

/** The setting `allowedSigners` alone. @throws {UserError} as {@link settingsOfProject} does */
export const allowedSignersOfProject = async (environment: Environment): Promise<string> =>
  readAllowedSignersSetting(await sourceOf(environment));

type Environment = Readonly<Record<string, string | undefined>>;

async function sourceOf(environment: Environment): Promise<Source> {
  const config = configOf(await read());
  const entryOf = (key: string): unknown => {
    const entry = config[`${NAMESPACE}:${key}`];
    return isObject(entry) && "value" in entry ? entry.value : entry;
  };
  return withEnvironment(entryOf, environment);
}

async function read(): Promise<string> {
  try {
    return await boundedTextFile(FILE, LIMITS.small);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UserError(
      "ProjectUnreadable",
      `${FILE} cannot be read in ${process.cwd()} (${reason}).`,
      "Restore the file, and check its permissions.",
      2,
    );
  }
}

/** The entries of `config:`, which may be absent. */
function configOf(text: string): Readonly<Record<string, unknown>> {
  const project = parsed(text);
  const config = isObject(project) ? (project.config ?? {}) : undefined;
  if (isObject(config)) return config;
  throw new UserError(
    "ProjectInvalid",
    `${FILE} has no settings.`,
    "Write them below `config:`, as `smeshnet:KEY: VALUE`.",
    2,
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0]?.replace(/:$/, "");
    throw new UserError(
      "ProjectInvalid",
      `${FILE} is not valid YAML (${reason}).`,
      "Correct that line of the file.",
      2,
    );
  }
}
