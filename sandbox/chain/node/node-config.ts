import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ContainerContext } from "../../kubernetes/program";
import type { LayerClock } from "../clock";

/** Values that a node reads from its config file. */
export interface NodeConfig extends LayerClock {
  /** Genesis time as written in the file, RFC 3339. The genesis id is a hash of this text. */
  readonly genesisText: string;
  /** Distinguishes networks with the same genesis time. */
  readonly extraData: string;
  readonly maxTransactionsPerSecond: number;
}

/** Values that a node reads from its command line. */
export interface NodePorts {
  readonly grpc: number;
  readonly json: number;
  readonly metrics: number;
}

const positive = z.number().int().positive();

/** The keys of go-spacemesh's config file that decide a network's clock and identity. */
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
 * Parses a node's config file.
 * @throws one line that names every missing or wrong key
 */
export function parseNodeConfig(text: string): NodeConfig {
  const parsed = Config.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`node config is invalid: ${wrong.join("; ")}`);
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

/** Reads the ports from the command line. go-spacecraft passes it to a shell as one string. */
export function parseNodePorts(commandLine: string): NodePorts {
  return {
    grpc: Number(flag(commandLine, "grpc-port") ?? 9092),
    json: Number(flag(commandLine, "json-port") ?? 9093),
    metrics: Number(flag(commandLine, "metrics-port") ?? 1010),
  };
}

/**
 * Reads the config file that the command line names, or `config.json` of the first mount that has one.
 * @throws when no file is found, and like {@link parseNodeConfig}
 */
export async function readNodeConfig(context: ContainerContext): Promise<NodeConfig> {
  const named = flag(commandLine(context), "config");
  const candidates = named ? [named] : Object.values(context.mounts).map((folder) => join(folder, "config.json"));
  for (const path of candidates) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return parseNodeConfig(text);
  }
  throw new Error(`config file of ${context.pod} not found, expected ${candidates.join(" or ") || "--config"}`);
}

export const commandLine = ({ command, args }: Pick<ContainerContext, "command" | "args">): string =>
  [...command, ...args].join(" ");

const flag = (line: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)--?${name}[=\\s]\\s*(\\S+)`).exec(line)?.[1];
