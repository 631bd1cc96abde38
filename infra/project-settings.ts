import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { NAMESPACE, readSettings, type Settings, withEnvironment } from "./config";

/**
 * The settings of this project as verbs see them: `config:` of Pulumi.yaml in the working directory, overruled by the
 * environment. @throws {InvalidSettings} naming every mistake.
 */
export async function settingsOfProject(): Promise<Settings> {
  const project = parse(await readFile("Pulumi.yaml", "utf8")) as { config: Record<string, unknown> };
  const entryOf = (key: string): unknown => {
    const entry = project.config[`${NAMESPACE}:${key}`];
    return typeof entry === "object" && entry !== null && "value" in entry ? entry.value : entry;
  };
  return readSettings(withEnvironment(entryOf, process.env));
}
