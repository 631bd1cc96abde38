import { Client, type ClientReadableStream, credentials } from "@grpc/grpc-js";
import { type Message, method } from "../protos";

/** Client for a node's gRPC API. */
export interface NodeClient {
  /** Calls a unary method, e.g. `spacemesh.v1.MeshService/GenesisTime`, with a time limit of five seconds. */
  call(path: string, request?: Message): Promise<Message>;
  /** `spacemesh.v1.NodeService/StatusStream`. */
  statusStream(): ClientReadableStream<Message>;
  close(): void;
}

const TIME_LIMIT = 5000;

/** @param target `HOST:PORT` of the gRPC API */
export function nodeClient(target: string): NodeClient {
  // A separate pool: with a shared one, a new client would wait for the reconnect pauses of the previous one.
  const client = new Client(target, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  return {
    call: (path, request = {}) =>
      new Promise((resolve, reject) => {
        const { requestSerialize, responseDeserialize } = method(path);
        client.makeUnaryRequest(
          `/${path}`,
          requestSerialize,
          responseDeserialize,
          request,
          { deadline: Date.now() + TIME_LIMIT },
          (error, answer) => (answer ? resolve(answer) : reject(error ?? new Error(`no answer from ${path}`))),
        );
      }),
    statusStream() {
      const { requestSerialize, responseDeserialize } = method("spacemesh.v1.NodeService/StatusStream");
      return client.makeServerStreamRequest(
        "/spacemesh.v1.NodeService/StatusStream",
        requestSerialize,
        responseDeserialize,
        {},
      );
    },
    close: () => client.close(),
  };
}
