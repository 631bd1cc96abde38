import { collectCluster } from "../../../infra/archive/collect";
import { Patience } from "../../../infra/archive/patience";
import { syncNetwork } from "../../../infra/archive/sync";
import { syncRecords } from "../../../infra/archive/sync-record";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { type Outcome, outcomeOf } from "./check";
import { SimulatedCluster } from "./cluster";
import { Killed, MemoryStore } from "./memory-store";

const NETWORK = { tag: "v1.2.3+1", genesisTime: "2026-11-20T10:00:00Z" };
const FOLDER = "archives/v1.2.3+1/1/";

/** What happened in a world. */
export interface Played extends Outcome {
  readonly cluster: SimulatedCluster;
  readonly said: readonly string[];
  readonly synced: number;
}

/** Plays the life of a network's cluster, from its start to its archive. */
export async function play(seed: number): Promise<Played> {
  const cluster = new SimulatedCluster(seed);
  const store = new MemoryStore();
  const { draw } = cluster;
  const said: string[] = [];
  const run = runWith({ clock: cluster, say: (line) => void said.push(line) });
  const [isCalm, isSynced] = [draw() < 0.3, draw() < 0.7];
  const ticks = 4 + Math.floor(draw() * 50);
  let [synced, nonce] = [0, 0];
  const sync = async () => {
    nonce += 1;
    try {
      const { segments } = await syncNetwork({ network: NETWORK, api: cluster.api, store, nonce: `n${nonce}` }, run);
      synced += segments;
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof Killed)) throw error;
    }
  };
  for (let tick = 0; tick < ticks; tick += 1) {
    cluster.tick(!isCalm && draw() < 0.7);
    if (!isSynced || draw() > 0.15) continue;
    if (draw() < 0.15) store.putsLeft = Math.floor(draw() * 6); // killed on its way
    await (draw() < 0.2 ? Promise.all([sync(), sync()]) : sync());
    store.putsLeft = Number.POSITIVE_INFINITY;
  }
  cluster.tick(false);
  cluster.speak();
  if (!isCalm && draw() < 0.4) cluster.trouble(draw() < 0.5 ? 100 : 10_000);
  const records = await syncRecords(store, NETWORK, run);
  const patience = new Patience(run);
  const { objects, gaps } = await collectCluster({ api: cluster.api, store, folder: FOLDER, records, patience }, run);
  return { ...outcomeOf(store, FOLDER, objects, gaps), cluster, said, synced };
}
