import type { z } from "zod";
import { shown, UserError } from "../lib/errors";

/** An environment variable that must be set. @throws {UserError} naming it. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new UserError(`${name} is not set: --help tells what to set it to`, 2);
  return value;
}

/**
 * An environment variable of a form, which decides whether it may be empty or left out.
 * @param form its `description` is what an error says is wanted
 * @throws {UserError} with the variable's name, what it is and what is wanted.
 */
export function variableAs<T>(name: string, form: z.ZodType<T>): T {
  const { success, data } = form.safeParse(process.env[name]);
  if (success) return data;
  variable(name);
  throw new UserError(`${name} is ${shown(process.env[name])}: wanted ${form.description}`, 2);
}

/**
 * The JSON document in an environment variable that must be set.
 * @param form its `description` is what the document is; the messages of its parts are what is wanted of each
 * @throws {UserError} with the variable's name, its first part that is wrong, and what is wanted.
 */
export function jsonVariable<T>(name: string, form: z.ZodType<T>): T {
  const fix = `give it ${form.description} as JSON`;
  const document = parsed(variable(name));
  if (document === undefined) throw new UserError(`${name} is not JSON: ${fix}`, 2);
  const { success, data, error } = form.safeParse(document);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  const value = path.reduce<unknown>((part, step) => (part as Record<PropertyKey, unknown>)?.[step], document);
  const state = value === undefined ? "is not set" : `is ${shown(value)}`;
  throw new UserError(`${[name, ...path].join(".")} ${state}, wanted ${message}: ${fix}`, 2);
}

/** A positional argument of a form. @throws {UserError} with what it is and what is wanted. */
export function argumentAs<T>(what: string, value: string | undefined, form: z.ZodType<T>): T {
  const { success, data } = form.safeParse(value);
  if (success) return data;
  throw new UserError(`${what} is ${shown(value)}: wanted ${form.description}`, 2);
}

/** What a verb is to do, if it is one of these. @throws {UserError} with all of them. */
export function actionOf<T extends string>(given: string | undefined, ...known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found) return found;
  throw new UserError(`${shown(given)} is not an action: write ${known.join(" or ")}`, 2);
}

/** A document in a variable must be that of the tag on the command line. @throws {UserError} naming both. */
export function requireSameTag(name: string, found: string, tag: string): void {
  if (found !== tag)
    throw new UserError(`${name} is that of ${shown(found)}, not of ${tag}: give it that of ${tag}`, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
