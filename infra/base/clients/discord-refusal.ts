import { beginningOf } from "../lib/cut";
import { isObject } from "../lib/json";
import { type DiscordAnswer, documentOf } from "./discord-call";
import { beginning } from "./http";
import { retryAfterIn } from "./retry-after";

/** Wait after an answer of 429 that names none, in seconds. */
const RETRY_AFTER = 5;

/**
 * Discord's own limits of a webhook last seconds, so a body never asks for as much as this many. A larger number counts
 * milliseconds, as the API did until its version 8.
 */
const MILLISECONDS_FROM = 1000;

/** A network in front of Discord bans for an hour or a day, in seconds. A larger header counts milliseconds. */
const LONGEST_BAN = 86_400;

/** Seconds to wait. The header may be rounded, where the body's `retry_after` has fractions. */
export function retryAfter({ headers, body }: DiscordAnswer): number {
  const { retry_after: inBody } = documentOf(body);
  const header = retryAfterIn(headers["retry-after"], Date.now());
  if (typeof inBody === "number" && inBody >= 0) {
    const exact = inBody >= MILLISECONDS_FROM ? inBody / 1000 : inBody;
    return header !== undefined && header > exact && header < exact + 1 ? header : exact;
  }
  if (header === undefined) return RETRY_AFTER;
  return header > LONGEST_BAN ? header / 1000 : header;
}

/** An answer as a phrase for people. A page, as gateways send it, says nothing more than its status. */
export function phraseOf({ status, body }: DiscordAnswer): string {
  const { message, code, errors } = documentOf(body);
  if (typeof message === "string") {
    const fields = fieldsIn(errors).slice(0, 3).join("; ");
    const known = typeof code === "number" ? ` (code ${code})` : "";
    return `HTTP ${status}: ${beginning(message)}${known}${fields && `, ${fields}`}`;
  }
  if (/^\s*</.test(body)) return `HTTP ${status} with a page`;
  return `HTTP ${status}: ${beginning(body)}`;
}

/** JSON error code of an answer (Discord docs, Opcodes and Status Codes). */
export function codeIn({ body }: DiscordAnswer): number | undefined {
  const { code } = documentOf(body);
  return typeof code === "number" ? code : undefined;
}

/** How deep the errors of a form are followed. A message has five levels. */
const DEEPEST = 10;

/** The fields that a form error names, each with its reason: `embeds[0].fields[2].value: This field is required`. */
function fieldsIn(errors: unknown, path = "", depth = 0): string[] {
  if (!isObject(errors) || depth > DEEPEST) return [];
  const { _errors: own } = errors;
  const reasons = Array.isArray(own) ? own.filter(isObject).map(({ message }) => beginning(String(message))) : [];
  const here = reasons.length > 0 ? [`${path || "the message"}: ${reasons.join(", ")}`] : [];
  const below = Object.entries(errors).flatMap(([key, value]) => {
    const step = /^\d+$/.test(key) ? `[${key}]` : `${path && "."}${beginningOf(key, 40)}`;
    return key === "_errors" ? [] : fieldsIn(value, path + step, depth + 1);
  });
  return [...here, ...below];
}
