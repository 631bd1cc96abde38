import { setTimeout as pause } from "node:timers/promises";
import type { Program } from "../../kubernetes/program";
import type { Message } from "../protos";
import { type Database, type DatabaseClient, databaseClient } from "./mongo";
import { type NodeClient, nodeClient } from "./node-client";
import { epochRecord, layerRecord, type NetworkParameters, type NodeProgress, networkInfo } from "./records";

/** Milliseconds from losing the node to the next attempt (explorer-backend collector/collector.go, Run). */
const BEGIN_ANEW = 1000;

/**
 * Stands in for `spacemeshos/explorer-collector`: follows the node at SPACEMESH_NODE and stores network info, epochs
 * and
 * layers in the database.
 */
export const explorerCollector: Program = async ({ env, log }) => {
  const target = env.SPACEMESH_NODE;
  if (!target) throw new Error("SPACEMESH_NODE is not set, expected HOST:PORT");
  const database = databaseClient(env);
  const stopping = new AbortController();
  let isCollecting = false;

  const run = async () => {
    while (!stopping.signal.aborted) {
      log(`dial node ${target}`);
      const node = nodeClient(target);
      await collect(node, database, stopping.signal, () => {
        isCollecting = true;
      }).catch((error: Error) => {
        if (!stopping.signal.aborted) log(`collecting failed: ${error.message}`);
      });
      isCollecting = false;
      node.close();
      await pause(BEGIN_ANEW, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const finished = run();

  return {
    ready: () => isCollecting,
    ended: new Promise(() => undefined),
    async stop() {
      stopping.abort();
      await finished;
      database.close();
    },
  };
};

/** Follows the node until its stream ends. Rejects when the node or the database is lost. */
async function collect(node: NodeClient, client: DatabaseClient, stop: AbortSignal, stored: () => void): Promise<void> {
  const parameters = await readParameters(node);
  const stream = node.statusStream();
  stop.addEventListener("abort", () => stream.cancel(), { once: true });
  for await (const { status } of stream as AsyncIterable<Message>) {
    const database = client.database();
    if (!database) throw new Error("the database is not reachable");
    await store(database, parameters, progressOf(status as Message), node);
    stored();
  }
}

async function store(
  database: Database,
  parameters: NetworkParameters,
  progress: NodeProgress,
  node: NodeClient,
): Promise<void> {
  const confirmed = database.networkInfo?.lastconfirmedlayer;
  const first = confirmed === undefined ? 0 : Math.min(confirmed + 1, progress.toplayer);
  const { layer } = await node.call("spacemesh.v1.MeshService/LayersQuery", {
    start_layer: { number: first },
    end_layer: { number: progress.toplayer },
  });
  for (const { number, status, hash } of (layer ?? []) as WireLayer[]) {
    const record = layerRecord(parameters, { number: number.number ?? 0, status: status ?? "", hash });
    database.layers.set(record.number, record);
    database.epochs.set(record.epoch, epochRecord(parameters, record.epoch));
  }
  database.networkInfo = networkInfo(parameters, progress);
}

/** spacemesh.v1.Layer as received, with zero values absent. */
interface WireLayer {
  readonly number: { readonly number?: number };
  readonly status?: string;
  readonly hash: Buffer;
}

async function readParameters(node: NodeClient): Promise<NetworkParameters> {
  const ask = async (name: string, field: string) => (await node.call(`spacemesh.v1.MeshService/${name}`))[field];
  return {
    genesisid: ((await ask("GenesisID", "genesis_id")) as Buffer).toString("hex"),
    genesis: numberIn(await ask("GenesisTime", "unixtime")),
    layers: numberIn(await ask("EpochNumLayers", "numlayers")),
    maxtx: numberIn(await ask("MaxTransactionsPerSecond", "max_txs_per_second")),
    duration: numberIn(await ask("LayerDuration", "duration")),
  };
}

const progressOf = (status: Message): NodeProgress => ({
  connectedpeers: Number(status.connected_peers ?? 0),
  issynced: status.is_synced === true,
  syncedlayer: numberIn(status.synced_layer),
  toplayer: numberIn(status.top_layer),
  verifiedlayer: numberIn(status.verified_layer),
});

/** The number of a SimpleInt, LayerNumber or similar message. */
function numberIn(message: unknown): number {
  const { value, number } = (message ?? {}) as { value?: string; number?: number };
  return Number(value ?? number ?? 0);
}
