import { status as Code } from "@grpc/grpc-js";
import { NodeClient } from "../../infra/base/clients/node/client";
import { CallError } from "../../infra/base/clients/node/connection";
import type { NodeTarget } from "../../infra/base/clients/node/grpc";
import type { Chain } from "./chain";

/**
 * The chain by the gRPC API of a node: v2beta1, or the newest that the node has. It outlives the node's restarts: a
 * broken connection is replaced, since it would refuse calls until its back-off is over.
 */
export function nodeChain(node: NodeTarget): Chain {
  let client = new NodeClient(node);
  const ask = async <T>(question: (asked: NodeClient) => Promise<T>): Promise<T> => {
    const asked = client;
    try {
      return await question(asked);
    } catch (error) {
      const isBroken = error instanceof CallError && error.status === Code.UNAVAILABLE;
      if (isBroken && asked === client) {
        client = new NodeClient(node);
        asked.close();
      }
      throw error;
    }
  };
  return {
    account: (address, signal) => ask((asked) => asked.account(address, signal)),
    submit: (raw, signal) => ask((asked) => asked.submit(raw, signal)),
    fate: (id, signal) => ask((asked) => asked.fate(id, signal)),
    genesisId: () => ask((asked) => asked.genesisId()),
    close: () => client.close(),
  };
}
