import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ContainerContext } from "../../kubernetes/program";
import type { LayerClock } from "../clock";

/** What a node takes from its config file. */
export interface NodeConfig extends LayerClock {
  /** Genesis time as the file writes it, RFC 3339: the genesis id is a hash over this text. */
  readonly genesisText: string;
  /** What tells networks with the same genesis time apart. */
  readonly extraData: string;
  readonly maxTransactionsPerSecond: number;
}

/** What a node takes from its command line. */
export interface NodePorts {
  readonly grpc: number;
  readonly json: number;
  readonly metrics: number;
}

const positive = z.number().int().positive();

/** The keys of go-spacemesh's config file that decide the clock and the identity of a network. */
const Config = z.object({
  main: z.object({
    "genesis-time": z.iso.datetime({ offset: true }),
    "layer-duration-sec": positive,
    "layers-per-epoch": positive,
    "layer-average-size": positive.default(30),
    "txs-per-block": positive.default(100),
  }),
  p2p: z.object({ "network-id": z.number().int() }),
});

/**
 * Reads a node's config file. Pure.
 * @throws one line that names every key that is missing or wrong.
 */
export function parseNodeConfig(text: string): NodeConfig {
  const parsed = Config.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`node config cannot be used: ${wrong.join("; ")}`);
  }
  const { main, p2p } = parsed.data;
  return {
    genesisText: main["genesis-time"],
    genesisTime: Date.parse(main["genesis-time"]),
    layerDuration: main["layer-duration-sec"],
    layersPerEpoch: main["layers-per-epoch"],
    extraData: String(p2p["network-id"]),
    // go-spacemesh api/grpcserver/mesh_service.go, MaxTransactionsPerSecond
    maxTransactionsPerSecond: Math.floor(
      (main["txs-per-block"] * main["layer-average-size"]) / main["layer-duration-sec"],
    ),
  };
}

/** Reads the ports from the command line, which go-spacecraft hands over as one string to a shell. Pure. */
export function parseNodePorts(commandLine: string): NodePorts {
  return {
    grpc: Number(flag(commandLine, "grpc-port") ?? 9092),
    json: Number(flag(commandLine, "json-port") ?? 9093),
    metrics: Number(flag(commandLine, "metrics-port") ?? 1010),
  };
}

/**
 * Reads the config file that the command line names, else the `config.json` of the first mount that has one.
 * @throws when there is none, or as {@link parseNodeConfig}.
 */
export async function readNodeConfig(context: ContainerContext): Promise<NodeConfig> {
  const named = flag(commandLine(context), "config");
  const candidates = named ? [named] : Object.values(context.mounts).map((folder) => join(folder, "config.json"));
  for (const path of candidates) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return parseNodeConfig(text);
  }
  throw new Error(`${context.pod} has no config file (looked for ${candidates.join(", ") || "--config"})`);
}

export const commandLine = ({ command, args }: Pick<ContainerContext, "command" | "args">): string =>
  [...command, ...args].join(" ");

const flag = (line: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)--?${name}[=\\s]\\s*(\\S+)`).exec(line)?.[1];
