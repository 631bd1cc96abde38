import { join } from "node:path";
import { loadSync, type PackageDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import type { Message, Method } from "../protos";

/** Own files first. `google/rpc/status.proto` is that of the client. */
const INCLUDE = [join(__dirname, "protos"), join(__dirname, "../../../infra/base/clients/node/protos")];

const FILES = ["spacemesh/v1/today.proto", "spacemesh/v2alpha1/today.proto", "spacemesh/v2beta1/today.proto"];

/** A service with its methods by name. */
export interface Service {
  /** Full name, e.g. `spacemesh.v2beta1.NodeService`. */
  readonly name: string;
  readonly methods: Readonly<Record<string, Method>>;
  /** Whether the node serves it on the private listener alone. */
  readonly isPrivate: boolean;
}

/** Services of the private listener (go-spacemesh api/grpcserver/config.go, PrivateServices). */
const PRIVATE = /\.(Admin|Debug|Smesher|\w+Stream)Service$/;

let loaded: PackageDefinition | undefined;

/** The API of today's node by full name, parsed once per process. */
export function protos(): PackageDefinition {
  loaded ??= loadSync(FILES, { includeDirs: INCLUDE, keepCase: true, longs: String, enums: String });
  return loaded;
}

/** The node's services. */
export function services(): Service[] {
  return Object.entries(protos()).flatMap(([name, definition]) =>
    // The package's definition tells a service from a message by the message's format.
    "format" in definition ? [] : [serviceOf(name, definition)],
  );
}

const serviceOf = (name: string, definition: ServiceDefinition): Service => ({
  name,
  methods: Object.fromEntries(Object.entries(definition)) as Record<string, Method>,
  isPrivate: PRIVATE.test(name),
});

/** Full name of the message that a method answers with, e.g. `spacemesh.v1.StatusResponse`. */
export function answerType(service: string, { responseType }: Method): string {
  const { name } = responseType.type as Message;
  return `${service.slice(0, service.lastIndexOf("."))}.${String(name)}`;
}
