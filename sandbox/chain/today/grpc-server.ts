import { promisify } from "node:util";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { onEveryLayer } from "../clock";
import type { Message } from "../protos";
import type { Listening } from "../serve-http";
import { answer, nodeStatus } from "./node-api";
import { pastResults } from "./payments-v1";
import { protos, type Service, services } from "./protos";
import type { ServedNode } from "./served-node";

/**
 * Serves one of a node's gRPC listeners without TLS and with reflection. Rejects when the port is not available.
 * @param isPrivate whether it is the private listener; each answers UNIMPLEMENTED for the other's services
 */
export async function serveGrpc(
  address: string,
  port: number,
  isPrivate: boolean,
  node: ServedNode,
): Promise<Listening> {
  const server = new Server();
  const served = services().filter((service) => service.isPrivate === isPrivate);
  for (const service of served) {
    // Both packages describe the same type. The one of proto-loader lacks the index signature.
    server.addService(service.methods as ServiceDefinition, implementation(service, node));
  }
  new ReflectionService(protos(), { services: served.map(({ name }) => name) }).addToServer(server);
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

function implementation({ name: service, methods }: Service, node: ServedNode): UntypedServiceImplementation {
  const handlers = Object.entries(methods).map(([name, { responseStream }]) => [
    name,
    responseStream ? stream(service, name, node) : unary((request) => answer(`${service}/${name}`, node, request)),
  ]);
  return Object.fromEntries(handlers);
}

const unary =
  (call: (request: Message) => Message): handleUnaryCall<Message, Message> =>
  ({ request }, callback) => {
    try {
      callback(null, call(request));
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
    }
  };

/**
 * The status stream of v1 sends at once and at the start of every layer, and that of results what there is. The other
 * streams have nothing to tell.
 */
const stream = (service: string, name: string, node: ServedNode) => (call: ServerWritableStream<Message, Message>) => {
  if (name === "StreamResults") for (const result of pastResults(node, call.request)) call.write(result);
  if (service !== "spacemesh.v1.NodeService") {
    call.end();
    return;
  }
  const sendStatus = () => call.write({ status: nodeStatus(node.view()) });
  sendStatus();
  const stop = onEveryLayer(node.view().config, sendStatus);
  call.on("cancelled", stop);
  call.on("close", stop);
};
