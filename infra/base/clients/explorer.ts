import { isObject } from "../lib/json";
import { type HttpAnswer, jsonObject, unexpected } from "./http";

/** The network of an explorer (spacemeshos/explorer-backend v0.0.21, GET /network-info). */
export interface ExplorerNetwork {
  /** Hexadecimal. */
  readonly genesisId: string;
  /** Start of layer 0, in seconds since 1970. */
  readonly genesis: number;
  /** Newest layer it has collected. */
  readonly layer: number;
}

/** Reads the answer of `/network-info`. @throws {UserError} when it is anything else */
export function readNetworkInfo(answer: Pick<HttpAnswer, "status" | "body">): ExplorerNetwork {
  const { network } = jsonObject("the explorer", answer);
  if (!isObject(network) || typeof network.genesisid !== "string" || typeof network.genesis !== "number") {
    throw unexpected("a network", "the explorer", answer.body);
  }
  return {
    genesisId: network.genesisid.replace(/^0x/, ""),
    genesis: network.genesis,
    layer: typeof network.lastlayer === "number" ? network.lastlayer : 0,
  };
}
