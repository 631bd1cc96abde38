import { UserError } from "../user-error";
import type { HttpAnswer } from "./public-name";

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
export function readNetworkInfo({ status, body }: HttpAnswer): ExplorerNetwork {
  if (status !== 200) throw new UserError(`the explorer answers ${status}: ${body.slice(0, 120)}`);
  const { network } = JSON.parse(body) as { network?: Record<string, unknown> };
  if (!network) throw new UserError(`the explorer's network-info names no network: ${body.slice(0, 120)}`);
  return {
    genesisId: String(network.genesisid ?? "").replace(/^0x/, ""),
    genesis: Number(network.genesis),
    layer: Number(network.lastlayer ?? 0),
  };
}
