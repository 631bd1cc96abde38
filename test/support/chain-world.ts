import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ContainerContext, RunningProgram } from "../../sandbox/kubernetes/program";
import { programs } from "../../sandbox/kubernetes/programs";

/** A simulated node that runs. */
export interface StartedNode extends RunningProgram {
  readonly address: string;
  readonly log: string[];
}

/** Layers of a second, two an epoch: layer 3 is the last of genesis. */
const CONFIG = { "layer-duration-sec": 1, "layers-per-epoch": 2 };

/** A folder like a cluster's, and containers beside it on 127.240.N.0/24, where N belongs to this world alone. */
export class ChainWorld {
  private readonly running: RunningProgram[] = [];
  private addresses = 0;

  private constructor(
    readonly folder: string,
    /** Milliseconds since 1970. */
    readonly genesisTime: number,
    private readonly claim: Claim,
  ) {}

  /** @param age seconds since genesis. */
  static async make(age: number): Promise<ChainWorld> {
    const claim = await claimNetwork();
    const folder = await mkdtemp(join(tmpdir(), "chain-"));
    const genesisTime = Math.floor(Date.now() / 1000 - age) * 1000;
    const main = { ...CONFIG, "genesis-time": new Date(genesisTime).toISOString() };
    await writeFile(join(folder, "config.json"), JSON.stringify({ main, p2p: { "network-id": 7 } }));
    return new ChainWorld(folder, genesisTime, claim);
  }

  /** Starts `miner-N`, as go-spacecraft would. */
  async node(number: number): Promise<StartedNode> {
    const log: string[] = [];
    const line = `/bin/go-spacemesh --config=${this.folder}/config.json --json-port=7000 --grpc-port=6000 ; sleep 1`;
    const context = this.context("spacemeshos/go-spacemesh:v1.2.3-b1", `miner-${number}-5d9c7b6f4-x2x9k`);
    const started = await this.start({
      ...context,
      command: ["/bin/sh", "-c"],
      args: [line],
      log: (text) => log.push(text),
    });
    return { ...started, address: context.address, log };
  }

  /** Starts another simulator, at an address of its own or at a reserved one; answers its address. */
  async program(
    image: string,
    env: Readonly<Record<string, string>> = {},
    address = this.reserve(),
  ): Promise<{ address: string } & RunningProgram> {
    const context = this.context(image, `${image.replace(/\W/g, "-")}-5d9c7b6f4-x2x9k`, address);
    return { ...(await this.start({ ...context, env })), address };
  }

  /** An address at which nothing listens yet. */
  reserve(): string {
    this.addresses += 1;
    return `127.240.${this.claim.network}.${this.addresses}`;
  }

  /** Stops everything and removes the folder. */
  async end(): Promise<void> {
    await Promise.all(this.running.map((program) => program.stop()));
    this.claim.server.close();
    await rm(this.folder, { recursive: true });
  }

  /** Starts the program of a context's image, which ends with the world. */
  async start(context: ContainerContext): Promise<RunningProgram> {
    const program = programs[context.image.replace(/:.*/, "")];
    if (!program) throw new Error(`nothing plays ${context.image}`);
    const started = await program(context);
    this.running.push(started);
    return started;
  }

  /** A container's context, as the runner makes it. */
  context(image: string, pod: string, address = this.reserve()): ContainerContext {
    return {
      cluster: "v1-2-3-1",
      clusterFolder: this.folder,
      networkFolder: this.folder,
      pod,
      namespace: "default",
      container: "main",
      image,
      address,
      command: [],
      args: [],
      env: {},
      mounts: {},
      log: () => undefined,
    };
  }
}

/** A third octet of 127.240.0.0/16, and the socket that reserves the octet on this machine. */
interface Claim {
  readonly network: number;
  readonly server: Server;
}

/** Reserves a network, since other test processes make worlds at the same time. */
async function claimNetwork(): Promise<Claim> {
  for (let network = 1; network < 255; network++) {
    const server = createServer().listen(1024, `127.240.${network}.254`);
    const listens = await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
    });
    if (listens) return { network, server };
  }
  throw new Error("all networks of 127.240.0.0/16 are in use");
}

/** Asks until the answer is one, for five seconds at most. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const limit = Date.now() + 5000;
  while (Date.now() < limit) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await pause(50);
  }
  throw new Error(`${what} did not come true within five seconds`);
}
