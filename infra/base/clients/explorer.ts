import { isObject } from "../lib/json";
import { type HttpAnswer, jsonObject, numberIn, unexpected } from "./http";

/** The network of an explorer (spacemeshos/explorer-backend v0.0.21, GET /network-info). */
export interface ExplorerNetwork {
  /** Hexadecimal. */
  readonly genesisId: string;
  /** Start of layer 0, in seconds since 1970. */
  readonly genesis: number;
  /** Newest layer it has collected; 0 before the first. */
  readonly layer: number;
}

/** Reads the answer of `/network-info`. @throws {UserError} when it is anything else */
export function readNetworkInfo(answer: Pick<HttpAnswer, "status" | "body">): ExplorerNetwork {
  const { network } = jsonObject("the explorer", answer);
  const genesis = isObject(network) ? numberIn(network.genesis) : undefined;
  if (!isObject(network) || typeof network.genesisid !== "string" || genesis === undefined) {
    throw unexpected("a network", "the explorer", answer.body);
  }
  return {
    genesisId: network.genesisid.replace(/^0x/, ""),
    genesis,
    layer: numberIn(network.lastlayer) ?? 0,
  };
}
