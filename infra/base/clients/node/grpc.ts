import { join } from "node:path";
import { type ChannelOptions, Client, status as Code, credentials, type ServiceError } from "@grpc/grpc-js";
import { loadSync, type MethodDefinition, type PackageDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import { UserError } from "../../lib/errors";
import type { Message } from "./messages";

/** Where a node's gRPC API is. */
export interface NodeTarget {
  /** `HOST:PORT` to dial. */
  readonly address: string;
  /** `HOST[:PORT]` by which clients name it, when the address is that of a gateway. */
  readonly authority?: string;
  /** Whether to use TLS; the certificate must be that of the authority. */
  readonly tls?: boolean;
  /** Longest wait for one answer, in milliseconds; 3000 unless told. */
  readonly timeout?: number;
}

/**
 * The gRPC API of a public URL behind a gateway. Pure.
 * @param url `https://HOST[:PORT]/`, the name by which the gateway knows it
 * @param address where that host is
 */
export function targetByName(url: string, address: string): NodeTarget {
  const { protocol, host, port } = new URL(url);
  const tls = protocol === "https:";
  return { address: `${address}:${port || (tls ? 443 : 80)}`, authority: host, tls };
}

/** The call was not answered, or with an error. */
export class CallError extends UserError {
  /** Status of gRPC. */
  readonly code: Code;

  constructor({ address, authority, timeout }: NodeTarget, path: string, { code, details }: ServiceError) {
    const where = authority ? `${authority} at ${address}` : address;
    const why = code === Code.DEADLINE_EXCEEDED ? `no answer in ${timeout} ms` : (details.split("\n")[0] as string);
    super(`${where} does not answer ${path.split("/")[1]}: ${Code[code]} (${why})`);
    this.name = "CallError";
    this.code = code;
  }
}

/** A connection to a node's gRPC API. */
export class NodeConnection {
  private readonly client: Client;
  private readonly target: NodeTarget & { readonly timeout: number };

  constructor(target: NodeTarget) {
    const { address, authority, tls = false, timeout = 3000 } = target;
    this.target = { ...target, timeout };
    this.client = new Client(address, tls ? credentials.createSsl() : credentials.createInsecure(), options(authority));
  }

  /**
   * Calls a unary method once.
   * @param path e.g. `spacemesh.v1.NodeService/Status`
   * @throws {CallError} when it is not answered in time, or with an error.
   */
  call(path: string, request: Message = {}): Promise<Message> {
    const { requestSerialize, responseDeserialize } = methodOf(path);
    return new Promise((resolve, reject) => {
      const answered = (error: ServiceError | null, answer?: Message) => {
        if (error) reject(new CallError(this.target, path, error));
        else resolve(answer as Message);
      };
      const deadline = Date.now() + this.target.timeout;
      this.client.makeUnaryRequest(`/${path}`, requestSerialize, responseDeserialize, request, { deadline }, answered);
    });
  }

  close(): void {
    this.client.close();
  }
}

function options(authority: string | undefined): ChannelOptions {
  // A pool of its own: a shared one would let a new client wait out the back-off of the one before.
  const own = { "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0 };
  if (authority === undefined) return own;
  return {
    ...own,
    "grpc.default_authority": authority,
    "grpc.ssl_target_name_override": authority.replace(/:\d+$/, ""),
  };
}

const PROTOS = join(__dirname, "protos");
const FILES = [
  "spacemesh/v1/node.proto",
  "spacemesh/v1/mesh.proto",
  "spacemesh/v2alpha1/node.proto",
  "spacemesh/v2alpha1/network.proto",
];

let loaded: PackageDefinition | undefined;

function methodOf(path: string): MethodDefinition<Message, Message> {
  loaded ??= loadSync(FILES, { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String });
  const [service = "", name = ""] = path.split("/");
  // The loader's type leaves open whether a name is that of a service or of a message.
  const method = (loaded[service] as ServiceDefinition | undefined)?.[name];
  if (!method) throw new Error(`infra/protos holds no ${path}`);
  return method as MethodDefinition<Message, Message>;
}
