import { join } from "node:path";
import { type ChannelOptions, Client, status as Code, credentials, type ServiceError } from "@grpc/grpc-js";
import { loadSync, type MethodDefinition, type PackageDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import { LIMITS } from "../../lib/bounded";
import type { ServiceProxy } from "../kubernetes/service-proxy";
import { CallError, type Connection } from "./connection";
import type { Message } from "./messages";

/** Time limit of one answer, in milliseconds, where none is given. */
export const PATIENCE = 3000;

/** How to reach a node's API. */
export interface NodeTarget {
  /** `HOST:PORT` to dial. One inside a cluster is asked by the cluster's proxy. */
  readonly address: string;
  /** The way into the cluster; needed for an address inside it. */
  readonly proxy?: ServiceProxy;
  /** `HOST[:PORT]` that clients name, when the address is that of a gateway. */
  readonly authority?: string;
  /** Whether to use TLS. The certificate must be that of the authority. */
  readonly tls?: boolean;
  /** Time limit of one answer, in milliseconds; 3000 by default. */
  readonly timeout?: number;
}

/**
 * The gRPC API behind a gateway, by its public URL.
 * @param url `https://HOST[:PORT]/`, which the gateway knows
 * @param address of that host
 */
export function targetByName(url: string, address: string): NodeTarget {
  const { protocol, host, port } = new URL(url);
  const tls = protocol === "https:";
  return { address: `${address}:${port || (tls ? 443 : 80)}`, authority: host, tls };
}

function callError({ address, authority, timeout }: NodeTarget, path: string, { code, details }: ServiceError) {
  const where = authority ? `${authority} at ${address}` : address;
  return new CallError(where, path, code, code === Code.DEADLINE_EXCEEDED ? `no answer in ${timeout} ms` : details);
}

/** A connection to a node's gRPC API. */
export class NodeConnection implements Connection {
  private readonly client: Client;
  private readonly target: NodeTarget & { readonly timeout: number };

  constructor(target: NodeTarget) {
    const { address, authority, tls = false, timeout = PATIENCE } = target;
    this.target = { ...target, timeout };
    this.client = new Client(address, tls ? credentials.createSsl() : credentials.createInsecure(), options(authority));
  }

  call(path: string, request: Message = {}, signal?: AbortSignal): Promise<Message> {
    const { requestSerialize, responseDeserialize } = methodOf(path);
    return this.underSignal(signal, (resolve, reject) => {
      const answered = (error: ServiceError | null, answer?: Message) => {
        if (error) reject(callError(this.target, path, error));
        else resolve(answer ?? {});
      };
      const options = { deadline: this.deadline() };
      return this.client.makeUnaryRequest(
        `/${path}`,
        requestSerialize,
        responseDeserialize,
        request,
        options,
        answered,
      );
    });
  }

  list(path: string, request: Message, signal?: AbortSignal): Promise<Message[]> {
    const { requestSerialize, responseDeserialize } = methodOf(path);
    return this.underSignal(signal, (resolve, reject) => {
      const options = { deadline: this.deadline() };
      const stream = this.client.makeServerStreamRequest(
        `/${path}`,
        requestSerialize,
        responseDeserialize,
        request,
        options,
      );
      const messages: Message[] = [];
      stream.on("data", (message: Message) => messages.push(message));
      stream.on("error", (error: ServiceError) => reject(callError(this.target, path, error)));
      stream.on("end", () => resolve(messages));
      return stream;
    });
  }

  private deadline(): number {
    return Date.now() + this.target.timeout;
  }

  /** Starts a call and cancels it when the signal says so. */
  private underSignal<T>(
    signal: AbortSignal | undefined,
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => { cancel(): void },
  ): Promise<T> {
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const call = start(
        (value) => {
          signal?.removeEventListener("abort", abort);
          resolve(value);
        },
        (error) => {
          signal?.removeEventListener("abort", abort);
          reject(signal?.aborted ? signal.reason : error);
        },
      );
      const abort = () => call.cancel();
      signal?.addEventListener("abort", abort);
    });
  }

  close(): void {
    this.client.close();
  }
}

function options(authority: string | undefined): ChannelOptions {
  // Its own pool. With a shared one, a new client would have to wait for the back-off of the former one.
  // Without channelz, which would keep a history of each connection that nobody reads.
  const own = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_retries": 0,
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": LIMITS.answer,
  };
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
  "spacemesh/v1/transfer.proto",
  "spacemesh/v2alpha1/account.proto",
  "spacemesh/v2alpha1/tx.proto",
  "spacemesh/v2alpha1/node.proto",
  "spacemesh/v2alpha1/network.proto",
  "spacemesh/v2alpha1/layer.proto",
  "spacemesh/v2beta1/account.proto",
  "spacemesh/v2beta1/tx.proto",
  "spacemesh/v2beta1/node.proto",
  "spacemesh/v2beta1/network.proto",
  "spacemesh/v2beta1/layer.proto",
];

let loaded: PackageDefinition | undefined;

function methodOf(path: string): MethodDefinition<Message, Message> {
  loaded ??= loadSync(FILES, { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String });
  const [service = "", name = ""] = path.split("/");
  const definition = loaded[service];
  const method = definition && isService(definition) ? definition[name] : undefined;
  if (!method) throw new Error(`the protos hold no ${path}`);
  return method as MethodDefinition<Message, Message>;
}

/** The loader puts services and messages under names alike. Only messages have a format. */
const isService = (definition: PackageDefinition[string]): definition is ServiceDefinition => !("format" in definition);
