import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HttpListening, sendJson, sendText, serveHttp, urlOf } from "../../sandbox/chain/serve-http";
import { genesisId } from "../../sandbox/chain/today/genesis";
import { SMESHERS } from "../../sandbox/chain/today/network";
import { newKey, peerKeyOf, privateKeyHex } from "../../sandbox/chain/today/node-keys";
import { networkFolder } from "../../sandbox/kubernetes/cluster-record";
import type { ContainerContext, RunningProgram } from "../../sandbox/kubernetes/program";
import { ChainWorld, until } from "./chain-world";

/** A simulated node of today that runs, or has refused to. */
export interface TodayNode extends RunningProgram {
  readonly address: string;
  readonly log: string[];
  /** Folder of its data. */
  readonly data: string;
  /** POSTs to its JSON API. */
  ask(path: string, body?: string): Promise<{ status: number; body: unknown }>;
  /** The message `NodeStatus` of v1, with its layers as numbers. */
  status(): Promise<Status>;
}

export interface Status {
  readonly peers: number;
  readonly isSynced: boolean;
  readonly synced: number;
  readonly top: number;
  readonly verified: number;
}

/** What a test's node has besides the usual. */
export interface Wish {
  /** Sections over those of the world's config. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly namespace?: string;
  /** Number of the node that is its bootnode. */
  readonly bootnode?: number;
  /** Whether nodes have smeshed in its network since genesis; true unless told. */
  readonly isSmeshed?: boolean;
}

/** Ports of a node's JSON API, public and private gRPC API, and metrics. */
export const JSON_PORT = 9095;
export const PUBLIC_PORT = 9092;
export const METRICS_PORT = 9216;

interface RawStatus {
  readonly status: {
    readonly connectedPeers: string;
    readonly isSynced: boolean;
    readonly syncedLayer: { readonly number: number };
    readonly topLayer: { readonly number: number };
    readonly verifiedLayer: { readonly number: number };
  };
}

/** A cluster's folder with nodes of today: layers of a second, two an epoch, so that layer 3 is the last without blocks. */
export class TodayWorld {
  private readonly ids = new Map<string, string>();
  private readonly servers: HttpListening[] = [];

  private constructor(readonly world: ChainWorld) {}

  /** @param age seconds since genesis; negative before it */
  static async make(age: number): Promise<TodayWorld> {
    return new TodayWorld(await ChainWorld.make(age));
  }

  get genesisTime(): number {
    return this.world.genesisTime;
  }

  /** Folder of the network of a namespace. */
  network(namespace = "default"): string {
    return networkFolder(this.world.folder, namespace);
  }

  /** The container of `miner-N`, with its files. */
  container(number: number, wish: Wish = {}): ContainerContext & { readonly data: string } {
    const { namespace = "default", bootnode = 1, flags = [] } = wish;
    const data = join(this.world.folder, "data", namespace, `miner-${number}`);
    const config = {
      preset: "fastnet",
      genesis: { "genesis-time": new Date(this.genesisTime).toISOString(), "genesis-extra-data": "v1.2.3+1" },
      main: { "layer-duration": "1s", "layers-per-epoch": 2 },
      hare3: { "preround-delay": "100ms", "round-duration": "50ms" },
      p2p: { bootnodes: [`/dns4/miner-${bootnode}/tcp/7513/p2p/${this.peerId(bootnode, namespace)}`] },
      logging: { "log-encoder": "json" },
      ...wish.config,
    };
    this.peerId(number, namespace);
    mkdirSync(this.network(namespace), { recursive: true });
    if (wish.isSmeshed !== false) {
      const id = genesisId(this.genesisTime, "v1.2.3+1").toString("hex");
      writeFileSync(join(this.network(namespace), SMESHERS), JSON.stringify({ [id]: this.genesisTime }));
    }
    const file = join(data, "config.json");
    writeFileSync(file, JSON.stringify(config));
    const listeners = [`--grpc-json-listener=0.0.0.0:${JSON_PORT}`, "--metrics", `--metrics-port=${METRICS_PORT}`];
    const context = this.world.context("spacemeshos/go-spacemesh:v1.2.3-b1", `miner-${number}-5d9c7b6f4-x2x9k`);
    return {
      ...context,
      namespace,
      networkFolder: this.network(namespace),
      mounts: { "/data": data },
      command: ["/bin/go-spacemesh"],
      args: ["-c", file, "-d", data, ...listeners, ...flags],
      data,
    };
  }

  /** Starts `miner-N` without waiting for it. */
  async begin(number: number, wish: Wish = {}): Promise<TodayNode> {
    const log: string[] = [];
    const { data, ...context } = this.container(number, wish);
    const started = await this.world.start({ ...context, log: (line) => log.push(line) });
    const { address } = context;
    const ask = (path: string, body?: string) => answer(address, path, { method: "POST", body });
    return { ...started, address, log, data, ask, status: async () => statusOf((await ask("/v1/node/status")).body) };
  }

  /** Starts `miner-N` and waits until it listens. */
  async node(number: number, wish: Wish = {}): Promise<TodayNode> {
    const node = await this.begin(number, wish);
    let hasEnded = false;
    void node.ended.then(() => {
      hasEnded = true;
    });
    await until(`miner-${number} listens`, () => {
      if (hasEnded) throw new Error(`miner-${number} ended:\n${node.log.join("\n")}`);
      return node.ready();
    });
    return node;
  }

  /** Serves files and answers 404 for the others. Answers its base URL. */
  async serve(files: Readonly<Record<string, unknown>>): Promise<string> {
    const address = this.world.reserve();
    const server = await serveHttp(address, 0, (request, response) => {
      const file = files[urlOf(request).pathname.slice(1)];
      if (file === undefined) return sendText(response, 404, "not found");
      sendJson(response, 200, file);
    });
    this.servers.push(server);
    return `http://${address}:${server.port}`;
  }

  async end(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
    await this.world.end();
  }

  /** The peer id of `miner-N`, whose keys are written when they are first asked for. */
  private peerId(number: number, namespace: string): string {
    const data = join(this.world.folder, "data", namespace, `miner-${number}`);
    const known = this.ids.get(data);
    if (known !== undefined) return known;
    const peer = JSON.stringify({ Key: newKey().libp2p.toString("base64") });
    for (const folder of ["p2p", "identities"]) mkdirSync(join(data, folder), { recursive: true });
    writeFileSync(join(data, "p2p/p2p.key"), peer);
    writeFileSync(join(data, "identities/local.key"), privateKeyHex(newKey()));
    const { id } = peerKeyOf(peer);
    this.ids.set(data, id);
    return id;
  }
}

/** Asks a node's JSON API. */
export async function answer(address: string, path: string, init: RequestInit) {
  const response = await fetch(`http://${address}:${JSON_PORT}${path}`, init);
  const body: unknown = await response.json();
  return { status: response.status, body };
}

function statusOf(body: unknown): Status {
  const { status } = body as RawStatus;
  return {
    peers: Number(status.connectedPeers),
    isSynced: status.isSynced,
    synced: status.syncedLayer.number,
    top: status.topLayer.number,
    verified: status.verifiedLayer.number,
  };
}
