import { join } from "node:path";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { services } from "../../sandbox/chain/today/protos";

/** The result of a call; `code` is the gRPC status. */
export interface Called {
  readonly code: status;
  readonly answer?: unknown;
}

/** Calls a unary method of a node without arguments, e.g. `spacemesh.v1.NodeService/Status`. */
export function callNode(address: string, path: string): Promise<Called> {
  const [service = "", name = ""] = path.split("/");
  const method = services().find((one) => one.name === service)?.methods[name];
  if (!method) throw new Error(`no method ${path}`);
  const client = new Client(address, credentials.createInsecure());
  return new Promise<Called>((resolve) => {
    client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, {}, (error, answer) =>
      resolve(error ? { code: (error as ServiceError).code } : { code: status.OK, answer }),
    );
  }).finally(() => client.close());
}

const REFLECTION = join(require.resolve("@grpc/reflection"), "../../proto/grpc/reflection/v1/reflection.proto");

/** The services that a server names by reflection, without reflection itself, sorted. */
export async function listServices(address: string): Promise<string[]> {
  const definition = loadSync(REFLECTION, { keepCase: true })["grpc.reflection.v1.ServerReflection"];
  if (!definition || "format" in definition) throw new Error("no reflection service");
  const method = definition.ServerReflectionInfo;
  if (!method) throw new Error("no reflection method");
  const client = new Client(address, credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(method.path, method.requestSerialize, method.responseDeserialize);
  stream.write({ list_services: "" });
  stream.end();
  for await (const message of stream) {
    client.close();
    const { list_services_response: list } = message as { list_services_response: { service: { name: string }[] } };
    return list.service
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("grpc."))
      .sort();
  }
  throw new Error("no answer");
}
