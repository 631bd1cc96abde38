import { parsedObject } from "../infra/base/lib/json";
import { NAMESPACE, variableOf } from "../infra/base/model/invalid-settings";
import type { OurNames } from "./checks/names";

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting of the stack, as the engine passes it to the program too: from the environment or from `config:`. */
const source = (environment: Environment) => {
  const config = parsedObject(environment.PULUMI_CONFIG ?? "{}") ?? {};
  return (key: string): unknown => environment[variableOf(key)] ?? config[`${NAMESPACE}:${key}`];
};

/**
 * The settings that say which names are ours. The program checks their formats before it asks for any resource, so
 * here they need no library. @throws {Error} when one is not set
 */
export function namesOf(environment: Environment): OurNames {
  const setting = source(environment);
  const text = (key: keyof OurNames): string => {
    const value = setting(key);
    if (typeof value === "string" && value !== "") return value;
    throw new Error(`The setting ${key} is not set. Set ${variableOf(key)}, or ${NAMESPACE}:${key} in Pulumi.yaml.`);
  };
  return {
    zone: text("zone"),
    subdomain: text("subdomain"),
    zoneId: text("zoneId"),
    discoveryHost: text("discoveryHost"),
  };
}

/** The channels that may point to a network. @throws {InvalidSettings} naming every mistake in the settings */
export async function channelsOf(environment: Environment): Promise<readonly string[]> {
  const { readSettings } = await import("../infra/base/model/settings.js");
  return readSettings(source(environment)).channels;
}
