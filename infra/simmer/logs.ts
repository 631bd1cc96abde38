import { atOnce } from "../base/lib/at-once";
import { UserError } from "../base/lib/errors";
import type { Store } from "../base/store/contract";
import { SimmerLog } from "./log";

/** Where the logs of all simmers are. */
const ROOT = "simmer/";

/** Logs that are opened at the same time. */
const AT_ONCE = 8;

/**
 * The logs of simmers in a store, by build tag and genesis, each with an entry or a certificate at least. Whoever may add
 * objects can make folders, but no log.
 * @param tag of one network; all by default
 * @throws {UserError} when the store cannot be read
 */
export async function logsOf(store: Store, tag?: string): Promise<SimmerLog[]> {
  const found = new Map<string, { tag: string; genesis: string; certified: boolean }>();
  for (const key of await store.list(tag === undefined ? ROOT : `${ROOT}${tag}/`)) {
    const [, ofTag, genesis, object] = key.split("/");
    if (!ofTag || !genesis || !object) continue;
    const name = `${ofTag}/${genesis}`;
    // A list holds only proven records, and entries that may be anybody's.
    const certified = !/^\d+\.json$/.test(object) || found.get(name)?.certified === true;
    found.set(name, { tag: ofTag, genesis, certified });
  }
  const logs = await atOnce([...found.values()], AT_ONCE, async (one) => {
    const log = new SimmerLog(store, one.tag, one.genesis);
    return one.certified || (await isLog(log)) ? [log] : [];
  });
  return logs.flat();
}

async function isLog(log: SimmerLog): Promise<boolean> {
  try {
    await log.open();
    return log.last !== undefined;
  } catch (error) {
    if (error instanceof UserError && error.code === "SimmerEntryInvalid") return true; // whoever reads it says so
    throw error;
  }
}

/** The log of a network's last life. @throws {UserError} when it was never watched */
export async function lastLogOf(store: Store, tag: string): Promise<SimmerLog> {
  const logs = await logsOf(store, tag);
  let last: SimmerLog | undefined;
  for (const log of logs) {
    await log.open();
    if (!last || timeOf(log) > timeOf(last)) last = log;
  }
  if (last) return last;
  throw new UserError(
    "SimmerLogMissing",
    `${tag} was never watched.`,
    `Watch it with \`smeshnet simmer watch ${tag}\`.`,
  );
}

/** Genesis of a log's network plus the time that it was watched to, in milliseconds since 1970. */
const timeOf = (log: SimmerLog): number => Math.max(0, ...Object.values(log.state.memory.watchers).map(({ at }) => at));
