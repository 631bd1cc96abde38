import type { Message } from "../protos";
import type { Books } from "./ledger/ledger";
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
  /** The accounts and transactions that it knows. */
  books(): Books;
  /**
   * Takes a transaction, which all nodes of the network have then. Answers its id, 32 bytes in hexadecimal.
   * @throws {Refused} in the node's words
   */
  submit(transaction: Buffer): string;
  shutdown(): void;
}

/** A unary method of a node. */
export type Call = (node: ServedNode, request: Message) => Message;
