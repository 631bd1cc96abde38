import type { Cloudflare } from "../../infra/base/clients/cloudflare";
import { edgeKeys } from "../../infra/base/model/edge";
import type { HistoryRecord } from "../../infra/base/model/history-record";
import type { RecapWorld } from "../../infra/recap/draft";
import { SimulatedStore } from "../simulation/simmer/media";
import { settingsWith } from "./settings";

/** The record of a network that was retired since it stalled. */
export const STALLED: HistoryRecord = {
  schema: 1,
  tag: "v1.2.3+1",
  openedAt: "2026-11-22T07:40:00.000Z",
  retiredAt: "2026-11-25T09:00:00.000Z",
  verdict: "stalled",
  why: "stalled for 30 layers",
};

/** Key of the link to the story of that network. */
export const LINK = edgeKeys.recap("1_2_3_1", STALLED.openedAt);

/** A store and an edge in memory. */
export function recapWorld(changes: Record<string, unknown> = {}, records: readonly HistoryRecord[] = [STALLED]) {
  const store = new SimulatedStore();
  const values = new Map<string, string>();
  for (const record of records) {
    const stack = record.tag.slice(1).replace(/[.+]/g, "_");
    values.set(edgeKeys.history(stack, record.openedAt), JSON.stringify(record));
  }
  const cloudflare: Pick<Cloudflare, "getKv" | "putKv" | "listKv"> = {
    getKv: async (_, key) => values.get(key),
    putKv: async (_, key, value) => void values.set(key, value),
    listKv: async (_, prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
  const world: RecapWorld = {
    settings: settingsWith({ channels: [], ...changes }),
    store,
    cloudflare,
    namespaceId: "n",
  };
  /** The link that the edge has now. */
  const link = (): unknown => JSON.parse(values.get(LINK) ?? "null");
  return { world, store, values, link };
}
