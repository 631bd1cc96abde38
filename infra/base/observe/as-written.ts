import { isDeepStrictEqual } from "node:util";
import { beginning, type HttpAnswer } from "../clients/http";
import { sha256Of } from "../lib/sha256";
import type { Look } from "../lib/wait";

/** What the verbs that wait for the public's view make of one answer. All pure. */

type PageAnswer = Pick<HttpAnswer, "status" | "body">;

/** The position of an entry in the public list, once it is there as it was written. */
export function entryInList({ status, body }: PageAnswer, url: string, entry: unknown): Look<number> {
  if (status !== 200) return { seen: `${url} answers ${status}` };
  const list = listIn(body);
  if (!list) return { seen: `${url} answers with no list: ${beginning(body)}` };
  const index = list.findIndex((item) => isDeepStrictEqual(item, entry));
  return index >= 0 ? { value: index } : { seen: "the list does not hold it as it was written" };
}

function listIn(body: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A page with a certain SHA-256, in hexadecimal. */
export function samePage({ status, body }: PageAnswer, sha256: string): Look<true> {
  if (status !== 200) return { seen: `it answers ${status}` };
  const digest = sha256Of(body);
  return digest === sha256 ? { value: true } : { seen: "it serves another page" };
}

/** A name that has an address among its addresses. */
export const pointsTo = (addresses: readonly string[], address: string): Look<true> =>
  addresses.includes(address) ? { value: true } : { seen: `it points to ${addresses.join(", ")}` };

/** An ownership record among the text records of a name (components/version/dns.ts). */
export const ownedBy = (texts: readonly string[], tag: string): Look<true> =>
  texts.includes(`build-tag=${tag}`) ? { value: true } : { seen: `it is owned by ${texts.join(", ")}` };
