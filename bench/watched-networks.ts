import { once } from "node:events";
import { createServer } from "node:net";
import { WebSocketServer } from "ws";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { type Endpoints, networkEndpoints } from "../infra/base/model/endpoints";
import type { NodeFacts } from "../infra/base/model/network-facts";
import { layerAt } from "../sandbox/chain/clock";
import { genesisId } from "../sandbox/chain/hashes";
import { serveGrpc } from "../sandbox/chain/node/grpc-server";
import type { ServedNode } from "../sandbox/chain/node/node-api";
import type { NodeConfig } from "../sandbox/chain/node/node-config";
import { nodeState } from "../sandbox/chain/node/node-state";
import { sendJson, serveHttp } from "../sandbox/chain/serve-http";
import { startDnsServer } from "../sandbox/cloudflare/dns/server";
import type { DnsRecord } from "../sandbox/cloudflare/state";

/*
 * Serves networks for `bench watch`, in a process of its own: `watched-networks NETWORKS NODES`. The nodes' gRPC API is
 * the sandbox's; explorer and dashboard are stand-ins. All live in virtual time, which the parent sends as milliseconds
 * since 1970. Ends when the parent does.
 */

/** A served network, as a watcher must know it. */
export interface Served {
  readonly tag: string;
  readonly nodes: readonly NodeFacts[];
  readonly endpoints: Endpoints;
  readonly genesisId: string;
  readonly genesisTime: number;
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
}

/** What the process sends first. */
export interface Serving {
  readonly networks: readonly Served[];
  /** Name server that knows all their names, as `address:port`. */
  readonly dns: string;
  readonly zone: string;
}

/** As in production (docs/settings.md, layerDuration and layersPerEpoch). */
const LAYER = 300;
const LAYERS_PER_EPOCH = 288;
const GENESIS = "2026-01-01T00:00:00Z";
const NODE_PORT = 9092;
const PUBLIC_PORT = 8080;
const ZONE = "bench.test";
/** Second byte of the loopback addresses: the first that nobody else has. */
const BASES = { first: 100, last: 199 };

let now = Date.parse(GENESIS);

async function serve(networks: number, nodesEach: number): Promise<Serving> {
  const base = await freeBase();
  const entrance = `127.${base}.0.1`;
  const served: Served[] = [];
  const records: DnsRecord[] = [];
  for (let number = 1; number <= networks; number++) {
    const tag = `v1.2.${number}+1`;
    const config: NodeConfig = {
      genesisText: GENESIS,
      genesisTime: Date.parse(GENESIS),
      layerDuration: LAYER,
      layersPerEpoch: LAYERS_PER_EPOCH,
      extraData: `${number}`,
      maxTransactionsPerSecond: 10,
    };
    const names = { zone: ZONE, subdomain: "net", tls: false, port: PUBLIC_PORT };
    const endpoints = networkEndpoints(parseBuildTag(tag), 1, names);
    const gateway = `127.${base}.${number}.250`;
    const nodes: NodeFacts[] = [];
    for (let i = 1; i <= nodesEach; i++) {
      const address = `127.${base}.${number}.${i}`;
      await serveGrpc(address, NODE_PORT, nodeOf(config, `miner-${i}`, nodesEach, tag));
      nodes.push({ name: `miner-${i}`, grpc: `${address}:${NODE_PORT}`, json: `${address}:9093` });
    }
    await serveGrpc(gateway, PUBLIC_PORT, nodeOf(config, "miner-1", nodesEach, tag));
    records.push(record(endpoints.apiHost, gateway));
    for (const host of [endpoints.explorerHost, endpoints.dashHost]) records.push(record(host, entrance));
    const id = genesisId(GENESIS, config.extraData).toString("hex");
    const { genesisTime, layerDuration, layersPerEpoch } = config;
    served.push({ tag, nodes, endpoints, genesisId: id, genesisTime, layerDuration, layersPerEpoch });
  }
  await serveFrontends(entrance, served);
  const zones = [{ id: ZONE, name: ZONE }];
  const { port } = await startDnsServer(entrance, 0, () => ({ zones, records, edgeAddress: entrance }));
  return { networks: served, dns: `${entrance}:${port}`, zone: ZONE };
}

function nodeOf(config: NodeConfig, name: string, nodes: number, version: string): ServedNode {
  return {
    view: () => ({ config, state: nodeState(config, [], { name, startedAt: 0 }, now), peers: nodes - 1, version }),
    isSmeshing: true,
    shutdown: () => undefined,
  };
}

/** Explorer and dashboard of all networks, told apart by the host that is asked for. */
async function serveFrontends(address: string, networks: readonly Served[]): Promise<void> {
  const byHost = new Map(
    networks.flatMap((network) => [
      [network.endpoints.explorerHost, network] as const,
      [network.endpoints.dashHost, network] as const,
    ]),
  );
  const of = (host: string | undefined) => byHost.get((host ?? "").replace(/:\d+$/, ""));
  const sockets = new WebSocketServer({ noServer: true });
  await serveHttp(
    address,
    PUBLIC_PORT,
    ({ headers }, response) => {
      const network = of(headers.host);
      if (!network) return sendJson(response, 404, {});
      const { genesisTime, genesisId: genesisid } = network;
      sendJson(response, 200, {
        network: { genesisid, genesis: genesisTime / 1000, lastlayer: layerAt(network, now) },
      });
    },
    (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (connection) => {
        const network = of(request.headers.host);
        connection.send(JSON.stringify({ network: network?.genesisId, genesis: (network?.genesisTime ?? 0) / 1000 }));
      }),
  );
}

const record = (name: string, content: string): DnsRecord => ({
  id: name,
  zone_id: ZONE,
  name,
  type: "A",
  content,
  ttl: 60,
  proxied: false,
  proxiable: false,
  comment: null,
  tags: [],
  settings: {},
  meta: {},
  created_on: GENESIS,
  modified_on: GENESIS,
});

async function freeBase(): Promise<number> {
  for (let base = BASES.first; base <= BASES.last; base++) {
    const probe = createServer();
    probe.listen(PUBLIC_PORT, `127.${base}.0.1`);
    const isFree = await Promise.race([
      once(probe, "listening").then(() => true),
      once(probe, "error").then(() => false),
    ]);
    probe.close();
    if (isFree) return base;
  }
  throw new Error("all loopback addresses for the benchmark are in use");
}

if (process.send) {
  process.on("disconnect", () => process.exit());
  process.on("message", (time: number) => {
    now = time;
    process.send?.(time);
  });
  const [networks = 1, nodes = 1] = process.argv.slice(2).map(Number);
  serve(networks, nodes).then(
    (serving) => process.send?.(serving),
    (error: Error) => {
      console.error(error.stack);
      process.exit(1);
    },
  );
}
