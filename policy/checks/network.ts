import { isObject, parsedObject } from "../../infra/base/lib/json";

/** Inputs of a command whose change does not run the command again in a harmful way. */
const HARMLESS = ["delete", "logging", "addPreviousOutputInEnv"];

/**
 * What would run the step that creates a network again, with other input than it had. A trigger replaces the network.
 * Any other input runs `network up`, which makes a network that does not answer anew, and another cluster for another
 * name (infra/deploy/network/spacecraft/plan.ts).
 * @returns names of inputs, `NETWORK_SPEC.layerDuration`
 */
export function changesOf(
  stored: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  return differences(stored, given).filter((name) => !HARMLESS.includes(name));
}

function differences(old: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [before, after] = [partsOf(old[name]), partsOf(now[name])];
    if (before && after) return differences(before, after).map((part) => labelled(name, part));
    return same(old[name], now[name]) ? [] : [name];
  });
}

/** The parts of an object, or of a JSON text that holds one. */
const partsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  isObject(value) ? value : typeof value === "string" ? parsedObject(value) : undefined;

/** A variable is known by its own name. */
const labelled = (name: string, part: string): string => (name === "environment" ? part : `${name}.${part}`);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
