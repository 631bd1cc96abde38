import { isDeepStrictEqual } from "node:util";
import { beginning, type HttpAnswer } from "../clients/http";
import { parsedJson } from "../lib/json";
import type { Look } from "../lib/wait";
import { ownershipText } from "../model/ownership";

export { samePage } from "./same-page";

// What steps that wait for the public's view conclude from one answer.

type PageAnswer = Pick<HttpAnswer, "status" | "body">;

/** The position of an entry in the network list, once the list shows it as it was written. */
export function entryInList({ status, body }: PageAnswer, url: string, entry: unknown): Look<number> {
  if (status !== 200) return { seen: `${url} answers ${status}` };
  const list = parsedJson(body);
  if (!Array.isArray(list)) return { seen: `${url} does not answer with a list: ${beginning(body)}` };
  const index = list.findIndex((item) => isDeepStrictEqual(item, entry));
  return index >= 0 ? { value: index } : { seen: "the list does not show the entry as it was written" };
}

/**
 * Whether a name has no other addresses than ours. One that leads to a foreign address, too, leads some of the public
 * there.
 * @param ours the address, or all addresses, of what the name is to lead to
 */
export function pointsTo(addresses: readonly string[], ours: string | readonly string[]): Look<true> {
  const own = [ours].flat();
  const foreign = addresses.filter((address) => !own.includes(address));
  if (foreign.length === 0 && addresses.length > 0) return { value: true };
  if (foreign.length === addresses.length) return { seen: `it points to ${addresses.join(", ") || "nothing"}` };
  return { seen: `it also points to ${foreign.join(", ")}, which ${foreign.length > 1 ? "are" : "is"} not ours` };
}

/** Whether a tag owns a name, by the name's text records (components/version/dns.ts). */
export const ownedBy = (texts: readonly string[], tag: string): Look<true> =>
  texts.includes(ownershipText(tag)) ? { value: true } : { seen: `its owner is ${texts.join(", ")}` };
