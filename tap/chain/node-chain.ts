import { NodeClient } from "../../infra/base/clients/node/client";
import type { NodeTarget } from "../../infra/base/clients/node/grpc";
import type { Chain } from "./chain";

/** The chain by the gRPC API of a node: v2beta1, or the newest that the node has. */
export const nodeChain = (node: NodeTarget): Chain => new NodeClient(node);
