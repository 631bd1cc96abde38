import { ObjectExists, type Store, textOf } from "../store";

/**
 * Before a cluster is made, the intent is written to the archive store. A cluster that appears afterwards without our
 * marker (we were killed before we could set it) is then known to be ours, and one that was there before is known not
 * to be.
 */
export async function recordIntent(store: Store, cluster: string, tag: string, at: Date): Promise<void> {
  const number = (await store.list(folder(cluster))).length + 1;
  try {
    await store.put(`${folder(cluster)}${number}.json`, JSON.stringify({ tag, at: at.toISOString() }));
  } catch (error) {
    // Another run has just written the same intent.
    if (!(error instanceof ObjectExists)) throw error;
  }
}

/** When it was written down that this cluster was to be made: RFC 3339, newest last. */
export async function intentsOf(store: Store, cluster: string): Promise<string[]> {
  const keys = await store.list(folder(cluster));
  const intents = await Promise.all(
    keys.map(async (key) => JSON.parse(await textOf(store.get(key))) as { at: string }),
  );
  return intents.map(({ at }) => at).sort();
}

const folder = (cluster: string): string => `intents/${cluster}/`;
