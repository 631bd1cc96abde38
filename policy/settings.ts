import { parsedObject } from "../infra/base/lib/json";
import { NAMESPACE, readSettings, type Settings, withEnvironment } from "../infra/base/model/settings";

/**
 * The settings of the stack that the engine works on. The engine passes them as it passes them to the program.
 * @throws {InvalidSettings} naming every mistake
 */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  const config = parsedObject(environment.PULUMI_CONFIG ?? "{}") ?? {};
  return readSettings(withEnvironment((key) => config[`${NAMESPACE}:${key}`], environment));
}
