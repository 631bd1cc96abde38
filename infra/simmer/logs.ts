import { UserError } from "../base/lib/errors";
import type { Store } from "../base/store/contract";
import { SimmerLog } from "./log";

/** Where the logs of all simmers are. */
const ROOT = "simmer/";

/** The logs of simmers in a store, by build tag and genesis. @param tag of one network; all by default */
export async function logsOf(store: Store, tag?: string): Promise<SimmerLog[]> {
  const found = new Map<string, { tag: string; genesis: string }>();
  for (const key of await store.list(tag === undefined ? ROOT : `${ROOT}${tag}/`)) {
    const [, ofTag, genesis, object] = key.split("/");
    if (ofTag && genesis && object) found.set(`${ofTag}/${genesis}`, { tag: ofTag, genesis });
  }
  return [...found.values()].map((log) => new SimmerLog(store, log.tag, log.genesis));
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
