import { join } from "node:path";
import { loadSync, type MethodDefinition, type PackageDefinition, type ServiceDefinition } from "@grpc/proto-loader";

const INCLUDE = join(__dirname, "../../infra/base/clients/node/protos");

const FILES = [
  "spacemesh/v1/node.proto",
  "spacemesh/v1/mesh.proto",
  "spacemesh/v1/global_state.proto",
  "spacemesh/v1/smesher.proto",
  "spacemesh/v1/tx.proto",
  "spacemesh/v2alpha1/network.proto",
  "spacemesh/v2alpha1/node.proto",
];

/** A message as plain data: field names as in the .proto files, bytes as Buffers, enums by name. */
export type Message = { readonly [field: string]: unknown };

export type Method = MethodDefinition<Message, Message>;

let loaded: PackageDefinition | undefined;

/** The node's API by full name (`spacemesh.v1.NodeService`, `spacemesh.v1.NodeStatus`), parsed once per process. */
export function protos(): PackageDefinition {
  loaded ??= loadSync(FILES, { includeDirs: [INCLUDE], keepCase: true, longs: String, enums: String });
  return loaded;
}

/** All services by full name, each with its methods by name. */
export function services(): ReadonlyMap<string, Readonly<Record<string, Method>>> {
  const all = Object.entries(protos()).filter(([, definition]) => !("format" in definition));
  return new Map(all.map(([name, definition]) => [name, definition as ServiceDefinition as Record<string, Method>]));
}

/**
 * Finds a method by its path, e.g. `spacemesh.v1.NodeService/Status`.
 * @throws when infra/base/clients/node/protos has no such method
 */
export function method(path: string): Method {
  const [service = "", name = ""] = path.split("/");
  const found = services().get(service)?.[name];
  if (!found) throw new Error(`infra/base/clients/node/protos has no method ${path}`);
  return found;
}
