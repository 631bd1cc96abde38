import type { z } from "zod";
import { shown, UserError } from "../lib/errors";
import { parsedJson, valueAt } from "../lib/json";

/** An environment variable that must be set. @throws {UserError} naming it */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new UserError("VariableMissing", `${name} is not set.`, "Set it in the environment.", 2);
  return value;
}

/** An environment variable that may be unset; an empty one counts as unset. */
export const optionalVariable = (name: string): string | undefined => process.env[name] || undefined;

/**
 * An environment variable of a form, which decides whether it may be empty or unset.
 * @param form its `description` is what an error says is expected
 * @throws {UserError} with the variable's name, its value and what is expected
 */
export function variableAs<T>(name: string, form: z.ZodType<T>): T {
  const { success, data } = form.safeParse(process.env[name]);
  if (success) return data;
  variable(name);
  throw new UserError(
    "VariableInvalid",
    `${name} is ${shown(process.env[name])}, expected ${form.description}.`,
    "Correct it and run the command again.",
    2,
  );
}

/**
 * The JSON document in an environment variable that must be set.
 * @param form its `description` is what the document is; the messages of its parts are what is expected of each
 * @throws {UserError} with the variable's name, its first part that is wrong, and what is expected
 */
export function jsonVariable<T>(name: string, form: z.ZodType<T>): T {
  const fix = `Pass ${form.description} as JSON.`;
  const document = parsedJson(variable(name));
  if (document === undefined) throw new UserError("VariableNotJson", `${name} is not JSON.`, fix, 2);
  const { success, data, error } = form.safeParse(document);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  const value = valueAt(document, path);
  const state = value === undefined ? "is missing" : `is ${shown(value)}`;
  throw new UserError("VariableInvalid", `${[name, ...path].join(".")} ${state}, expected ${message}.`, fix, 2);
}

/** A value on the command line of a form. @throws {UserError} with its name, the value and what is expected */
export function argumentAs<T>(name: string, value: string | undefined, form: z.ZodType<T>): T {
  const { success, data } = form.safeParse(value);
  if (success) return data;
  throw new UserError(
    "ArgumentInvalid",
    `${name} is ${shown(value)}, expected ${form.description}.`,
    "Correct it and run the command again.",
    2,
  );
}

/** What a step is to do, if it is one of these. @throws {UserError} with all of them */
export function actionOf<T extends string>(given: string | undefined, ...known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found) return found;
  const wrong = given === undefined ? "No action is given." : `${shown(given)} is not an action of this step.`;
  throw new UserError("ActionUnknown", wrong, `Use one of these: ${known.join(", ")}.`, 2);
}

/** A document in a variable must describe the network on the command line. @throws {UserError} naming both */
export function requireSameTag(name: string, found: string, tag: string): void {
  if (found === tag) return;
  const document = name
    .toLowerCase()
    .replaceAll("_", " ")
    .replace(/^network /, "");
  throw new UserError(
    "VariableOfOtherNetwork",
    `${name} describes ${shown(found)}, but this command is for ${tag}.`,
    `Pass the ${document} of ${tag}.`,
    2,
  );
}
