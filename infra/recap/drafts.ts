import { ObjectExists, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import type { RecapFacts } from "./facts";

/** What the keys of a tag's drafts begin with. */
const ROOT = "recap/";

/**
 * What the keys of the drafts of one life of a network begin with: `recap/v1.2.3+1/GENESIS/`, as the log of its simmer.
 * A network that was never watched has the time of its beginning in place of the genesis.
 */
export function draftFolder({ tag, simmer, openedAt, failure, archive }: RecapFacts): string {
  const genesis = simmer?.log.prefix.split("/").filter(Boolean).at(-1);
  const began = (openedAt ?? failure?.at ?? archive?.closedAt ?? "").replace(/[^0-9TZ]/g, "");
  return `${ROOT}${tag}/${genesis ?? began}/`;
}

/**
 * Keeps a draft in the store under the next number of its folder. The same text as before is not kept again.
 * @returns its key
 * @throws {UserError} when the store cannot be read or written
 */
export async function keepDraft(store: Store, folder: string, text: string): Promise<string> {
  for (;;) {
    const newest = Math.max(0, ...(await store.list(folder)).flatMap((key) => numberOf(folder, key) ?? []));
    if (newest > 0 && (await textOf(store.get(keyOf(folder, newest)))) === text) return keyOf(folder, newest);
    const key = keyOf(folder, newest + 1);
    try {
      await store.put(key, text);
      return key;
    } catch (error) {
      if (!(error instanceof ObjectExists)) throw error; // another watcher was faster, and may have kept the same text
    }
  }
}

const keyOf = (folder: string, number: number): string => `${folder}${number}.md`;

function numberOf(folder: string, key: string): number | undefined {
  const digits = /^([1-9]\d*)\.md$/.exec(key.slice(folder.length))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
