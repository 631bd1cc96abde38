import { isDeepStrictEqual } from "node:util";
import { beginning, type HttpAnswer } from "./clients/http";
import type { PoetInfo } from "./clients/poet";
import { sha256Of } from "./sha256";
import type { Look } from "./wait";

/** What the verbs that wait for the public's view make of one answer. All pure. */

type Answer = Pick<HttpAnswer, "status" | "body">;

/** The position of an entry in the public list, once it is there as it was written. */
export function entryInList({ status, body }: Answer, url: string, entry: unknown): Look<number> {
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
export function samePage({ status, body }: Answer, sha256: string): Look<true> {
  if (status !== 200) return { seen: `it answers ${status}` };
  const digest = sha256Of(body);
  return digest === sha256 ? { value: true } : { seen: "it serves another page" };
}

/** A name that has an address among its addresses. */
export const pointsTo = (addresses: readonly string[], address: string): Look<true> =>
  addresses.includes(address) ? { value: true } : { seen: `it points to ${addresses.join(", ")}` };

/** An ownership record among the text records of a name (components/dns.ts). */
export const ownedBy = (texts: readonly string[], tag: string): Look<true> =>
  texts.includes(`build-tag=${tag}`) ? { value: true } : { seen: `it is owned by ${texts.join(", ")}` };

/** A poet with an open round, or with phase shift and cycle gap as configured, in seconds. */
export function poetAsConfigured(
  info: PoetInfo,
  { phaseShift, cycleGap }: { readonly phaseShift: number; readonly cycleGap: number },
): Look<PoetInfo> {
  const other = info.kind === "phases" && (info.phaseShift !== phaseShift || info.cycleGap !== cycleGap);
  return other ? { seen: `phase shift ${info.phaseShift} s and cycle gap ${info.cycleGap} s` } : { value: info };
}
