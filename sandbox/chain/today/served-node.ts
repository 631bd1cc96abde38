import { status } from "@grpc/grpc-js";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";
import type { NodeConfig } from "./node-config";
import type { NodeState } from "./node-state";

/** A node at the time of a call. */
export interface NodeView {
  readonly config: NodeConfig;
  readonly state: NodeState;
  readonly peers: number;
  /** Peer id, e.g. `12D3KooW...`. */
  readonly peerId: string;
  /** Version as the node reports it, e.g. `v1.2.3+1`. */
  readonly version: string;
}

/** The node as the API reads and changes it. */
export interface ServedNode {
  view(): NodeView;
  shutdown(): void;
}

/** A unary method of a node. */
export type Call = (node: ServedNode, request: Message) => Message;

/**
 * Answers a transaction that is not empty. The simulated chain holds no spawned accounts, so none is valid.
 * @throws {ApiError} always
 */
export function refuseTransaction({ state }: NodeView): never {
  if (!state.isSynced)
    throw new ApiError(
      status.FAILED_PRECONDITION,
      "Cannot submit transaction, node is not in sync yet, try again later",
    );
  throw new ApiError(status.INVALID_ARGUMENT, "Failed to verify transaction: malformed tx");
}
