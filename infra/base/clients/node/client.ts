import { status as Code } from "@grpc/grpc-js";
import { isObject } from "../../lib/json";
import type { NodeStatus } from "../../model/sample";
import { CallError, NodeConnection, type NodeTarget } from "./grpc";
import { bytes, simpleString, statusV1, statusV2 } from "./messages";

/**
 * The public gRPC API of a node: v1, or v2alpha1 where a newer node has no v1. Each call throws {@link CallError} when
 * there is no answer, and UnexpectedMessage when the answer is not what the API promises. Both are user errors.
 */
export class NodeClient {
  private readonly api: NodeConnection;

  constructor(target: NodeTarget) {
    this.api = new NodeConnection(target);
  }

  status(): Promise<NodeStatus> {
    return this.either(
      async () => statusV1(await this.api.call("spacemesh.v1.NodeService/Status")),
      async () => statusV2(await this.api.call("spacemesh.v2alpha1.NodeService/Status")),
    );
  }

  /** The version that the node was built as, e.g. `v1.2.3+1`. */
  async version(): Promise<string> {
    return simpleString(await this.api.call("spacemesh.v1.NodeService/Version"), "version_string");
  }

  /**
   * What the program was built from: a commit (go-spacemesh, `-X main.commit`), or a word such as `local`. Undefined
   * when the node does not tell.
   */
  async build(): Promise<string | undefined> {
    try {
      return simpleString(await this.api.call("spacemesh.v1.NodeService/Build"), "build_string") || undefined;
    } catch (error) {
      if (error instanceof CallError && error.status === Code.UNIMPLEMENTED) return undefined;
      throw error;
    }
  }

  /** In hexadecimal. Each network has its own. */
  genesisId(): Promise<string> {
    return this.either(
      async () => bytes(await this.api.call("spacemesh.v1.MeshService/GenesisID"), "genesis_id"),
      async () => bytes(await this.api.call("spacemesh.v2alpha1.NetworkService/Info"), "genesis_id"),
    );
  }

  /** Root of the state after a layer, in hexadecimal; empty when the node has not applied that layer. */
  async stateRoot(layer: number): Promise<string> {
    const range = { start_layer: { number: layer }, end_layer: { number: layer } };
    const { layer: layers } = await this.api.call("spacemesh.v1.MeshService/LayersQuery", range);
    const found: unknown = Array.isArray(layers) ? layers[0] : undefined;
    return isObject(found) ? bytes({ root_state_hash: Buffer.alloc(0), ...found }, "root_state_hash") : "";
  }

  close(): void {
    this.api.close();
  }

  private async either<T>(v1: () => Promise<T>, v2alpha1: () => Promise<T>): Promise<T> {
    try {
      return await v1();
    } catch (error) {
      if (error instanceof CallError && error.status === Code.UNIMPLEMENTED) return v2alpha1();
      throw error;
    }
  }
}

/** Lends a client of a node, and closes its connection afterwards. */
export async function askNode<T>(target: NodeTarget, ask: (node: NodeClient) => Promise<T>): Promise<T> {
  const node = new NodeClient(target);
  try {
    return await ask(node);
  } finally {
    node.close();
  }
}
