import { promisify } from "node:util";
import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
} from "@grpc/grpc-js";
import type { Message } from "../../sandbox/chain/protos";
import { services } from "../../sandbox/chain/today/protos";

/** A front before a node that passes v1 alone, as a node from before v2 would answer. */
export interface V1Front {
  /** `HOST:PORT`. */
  readonly address: string;
  stop(): void;
}

/** @param node `HOST:PORT` */
export async function v1Front(node: string): Promise<V1Front> {
  const client = new Client(node, credentials.createInsecure());
  const server = new Server();
  for (const { methods } of services().filter(({ name }) => name.startsWith("spacemesh.v1."))) {
    const handlers = Object.entries(methods).map(([name, method]) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const unary: handleUnaryCall<Message, Message> = ({ request }, callback) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, callback);
      };
      const stream: handleServerStreamingCall<Message, Message> = (call) => {
        client
          .makeServerStreamRequest(path, requestSerialize, responseDeserialize, call.request)
          .on("error", (error) => call.destroy(error))
          .on("data", (message: Message) => call.write(message))
          .on("end", () => call.end());
      };
      return [name, method.responseStream ? stream : unary];
    });
    server.addService({ ...methods }, Object.fromEntries(handlers));
  }
  const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", ServerCredentials.createInsecure());
  return {
    address: `127.0.0.1:${port}`,
    stop() {
      server.forceShutdown();
      client.close();
    },
  };
}
