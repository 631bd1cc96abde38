import { join } from "node:path";
import { promisify } from "node:util";
import {
  status as Code,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { isObject } from "../../infra/base/lib/json";

const PROTOS = join(__dirname, "../../infra/base/clients/node/protos");
const FILES = [
  ...["v1/node", "v1/mesh", "v2alpha1/node", "v2alpha1/network", "v2alpha1/layer"],
  ...["v2beta1/node", "v2beta1/network", "v2beta1/layer"],
].map((name) => `spacemesh/${name}.proto`);

export type Generation = "v1" | "v2alpha1" | "v2beta1";
export const TODAY: readonly Generation[] = ["v1", "v2alpha1", "v2beta1"];

/** What a node knows of itself at one time. */
export interface Knows {
  readonly peers: number;
  readonly isSynced: boolean;
  /** Layer of its clock. */
  readonly top: number;
  readonly latest: number;
  readonly applied: number;
  readonly processed: number;
}

/** A node that is played by its gRPC API alone. */
export interface PlayedNode {
  /** Generations of the API that it has. */
  readonly generations: readonly Generation[];
  readonly genesisId: string;
  knows(): Knows;
  /** Hexadecimal; empty for a layer without a root. */
  root(layer: number): string;
  /** Services that it lacks in spite of its generation. */
  readonly lacks?: readonly string[];
}

export interface ServedNode {
  /** `HOST:PORT`. */
  readonly address: string;
  /** Paths of all calls so far, also of those that it lacks. */
  readonly asked: string[];
  stop(): void;
}

type Answer = (request: Readonly<Record<string, unknown>>) => object;

/** Serves a node. Answers are those of go-spacemesh 1.8.3 (api/grpcserver v1, v2alpha1 and v2beta1). */
export async function serveNode(node: PlayedNode): Promise<ServedNode> {
  const asked: string[] = [];
  const server = new Server();
  const loaded = loadSync(FILES, { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String });
  const services = new Map<string, Map<string, Answer>>();
  for (const [path, answer] of Object.entries(answersOf(node))) {
    const [service = "", method = ""] = path.split("/");
    services.set(service, (services.get(service) ?? new Map()).set(method, answer));
  }
  for (const [service, methods] of services) {
    const generation = service.split(".")[1] ?? "";
    const isThere = node.generations.some((one) => one === generation) && !node.lacks?.includes(service);
    const handlers = [...methods].map(([method, answer]) => {
      const handle = ({ request }: ServerUnaryCall<Record<string, unknown>, object>, done: sendUnaryData<object>) => {
        asked.push(`${service}/${method}`);
        if (isThere) done(null, answer(request));
        else done({ code: Code.UNIMPLEMENTED, details: `unknown service ${service}` });
      };
      return [method, handle] as const;
    });
    server.addService(loaded[service] as ServiceDefinition, Object.fromEntries(handlers));
  }
  const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", ServerCredentials.createInsecure());
  return { address: `127.0.0.1:${port}`, asked, stop: () => server.forceShutdown() };
}

function answersOf(node: PlayedNode): Readonly<Record<string, Answer>> {
  const hash = (text: string) => Buffer.from(text, "hex");
  const v2 = (generation: Generation): Record<string, Answer> => ({
    [`spacemesh.${generation}.NodeService/Status`]: () => {
      const { peers, isSynced, top, latest, applied, processed } = node.knows();
      return {
        connected_peers: peers,
        status: isSynced ? "SYNC_STATUS_SYNCED" : "SYNC_STATUS_SYNCING",
        latest_layer: latest,
        applied_layer: applied,
        processed_layer: processed,
        current_layer: top,
      };
    },
    [`spacemesh.${generation}.NetworkService/Info`]: () => ({ genesis_id: hash(node.genesisId) }),
    // Layers by number up to the limit, without those that the database lacks.
    [`spacemesh.${generation}.LayerService/List`]: ({ start_layer, end_layer }) => {
      const number = Number(start_layer);
      if (number !== end_layer || number > node.knows().latest) return { layers: [] };
      return { layers: [{ number, state_hash: hash(node.root(number)), cumulative_state_hash: Buffer.alloc(32, 1) }] };
    },
  });
  return {
    "spacemesh.v1.NodeService/Version": () => ({ version_string: { value: "v1.2.3+1" } }),
    "spacemesh.v1.NodeService/Build": () => ({ build_string: { value: "local" } }),
    "spacemesh.v1.NodeService/Status": () => {
      const { peers, isSynced, top, latest, applied } = node.knows();
      return {
        status: {
          connected_peers: peers,
          is_synced: isSynced,
          synced_layer: { number: latest },
          top_layer: { number: top },
          verified_layer: { number: applied },
        },
      };
    },
    "spacemesh.v1.MeshService/GenesisID": () => ({ genesis_id: hash(node.genesisId) }),
    "spacemesh.v1.MeshService/LayersQuery": ({ start_layer }) => {
      const number = isObject(start_layer) ? Number(start_layer.number) : 0;
      const root = number > node.knows().latest ? "" : node.root(number);
      return { layer: [{ number: { number }, ...(root && { root_state_hash: hash(root) }) }] };
    },
    ...v2("v2alpha1"),
    ...v2("v2beta1"),
  };
}

/** A network of today's nodes, by a clock that a test moves. Blocks begin at layer 2N, or at 3N without a beacon. */
export class TodaysChain {
  /** Seconds since genesis; negative before. */
  time = 0;
  hasBeacon = true;
  /** Layer of which the state stands still for good, like a node's that missed one (go-spacemesh mesh/mesh.go). */
  frozen: number | undefined;
  peers = 3;
  /** Layers without a block. */
  readonly empty = new Set<number>();

  constructor(
    readonly layerDuration: number,
    readonly layersPerEpoch: number,
  ) {}

  node(genesisId: string, generations = TODAY, more: Partial<PlayedNode> = {}): PlayedNode {
    return { generations, genesisId, knows: () => this.knows(), root: (layer) => this.root(layer), ...more };
  }

  /** A node that missed a layer: it follows, but never says synced again. */
  frozenAt(processed: number): Knows {
    const { top, ...others } = this.knows();
    return { ...others, top, ...(top > processed && { isSynced: false, processed }) };
  }

  knows(): Knows {
    const { layersPerEpoch, hasBeacon, peers } = this;
    const top = Math.max(0, Math.floor(this.time / this.layerDuration));
    const lastEmpty = 2 * layersPerEpoch - 1;
    const from = hasBeacon ? lastEmpty + 3 : 3 * layersPerEpoch + 4;
    const applied = top < from ? lastEmpty : top - 1;
    return { peers, isSynced: true, top, latest: Math.max(top, lastEmpty), applied, processed: applied };
  }

  /** Zeros until the first block, as the state of nothing. */
  private root(layer: number): string {
    const first = (this.hasBeacon ? 2 : 3) * this.layersPerEpoch;
    if (layer < first) return "00".repeat(32);
    return this.empty.has(layer) ? "" : layer.toString(16).padStart(64, "a");
  }
}
