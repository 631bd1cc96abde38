import { UserError } from "../lib/errors";
import { beginning, type HttpAnswer, jsonObject } from "./http";

/** What the explorer knows of its network (spacemeshos/explorer-backend v0.0.21, GET /network-info). */
export interface ExplorerNetwork {
  /** Hexadecimal. */
  readonly genesisId: string;
  /** Start of layer 0, in seconds since 1970. */
  readonly genesis: number;
  /** Newest layer it has collected. */
  readonly layer: number;
}

/** Reads the answer of `/network-info`. Pure. @throws {UserError} when it is not one. */
export function readNetworkInfo(answer: Pick<HttpAnswer, "status" | "body">): ExplorerNetwork {
  const { network } = jsonObject("the explorer", answer) as { network?: Readonly<Record<string, unknown>> };
  if (typeof network?.genesisid !== "string" || typeof network.genesis !== "number") {
    throw new UserError(`the explorer's network-info names no network: ${beginning(answer.body)}`);
  }
  return {
    genesisId: network.genesisid.replace(/^0x/, ""),
    genesis: network.genesis,
    layer: typeof network.lastlayer === "number" ? network.lastlayer : 0,
  };
}
