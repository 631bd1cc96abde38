import { promisify } from "node:util";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { onEveryLayer } from "../clock";
import { type Message, type Method, services } from "../protos";
import type { Listening } from "../serve-http";
import { answer, nodeStatus, type ServedNode } from "./node-api";

/** Serves a node's gRPC API without TLS, as go-spacemesh does. Rejects when the port is not available. */
export async function serveGrpc(address: string, port: number, node: ServedNode): Promise<Listening> {
  const server = new Server();
  for (const [name, methods] of services()) {
    // Both packages describe the same type. The one of proto-loader lacks the index signature.
    server.addService(methods as ServiceDefinition, implementation(name, methods, node));
  }
  await promisify(server.bindAsync.bind(server))(`${address}:${port}`, ServerCredentials.createInsecure());
  const tryShutdown = promisify(server.tryShutdown.bind(server));
  return {
    async close() {
      const closed = tryShutdown();
      server.forceShutdown();
      await closed;
    },
  };
}

function implementation(
  service: string,
  methods: Readonly<Record<string, Method>>,
  node: ServedNode,
): UntypedServiceImplementation {
  const handlers = Object.entries(methods).map(([name, { responseStream }]) => [
    name,
    responseStream ? statusStream(node) : unary((request) => answer(`${service}/${name}`, node, request)),
  ]);
  return Object.fromEntries(handlers);
}

const unary =
  (call: (request: Message) => Message): handleUnaryCall<Message, Message> =>
  ({ request }, callback) => {
    try {
      callback(null, call(request));
    } catch (error) {
      callback(error as Error);
    }
  };

/** `NodeService/StatusStream`, the only stream: sends the status at once and at the start of every layer. */
const statusStream = (node: ServedNode) => (call: ServerWritableStream<Message, Message>) => {
  const sendStatus = () => call.write({ status: nodeStatus(node.view()) });
  sendStatus();
  const stop = onEveryLayer(node.view().config, sendStatus);
  call.on("cancelled", stop);
  call.on("close", stop);
};
