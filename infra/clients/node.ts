import { join } from "node:path";
import { type ChannelOptions, Client, status as Code, credentials, type ServiceError } from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { UserError } from "../user-error";
import { bytes, type Message, type NodeStatus, simpleString, statusV1, statusV2 } from "./node-messages";

export interface NodeTarget {
  /** `HOST:PORT` to dial. */
  readonly address: string;
  /** Public host to name as authority, when the address is that of a gateway. */
  readonly authority?: string;
  /** Whether to use TLS; the certificate must be that of the authority. */
  readonly tls?: boolean;
  /** Longest wait for one answer, in milliseconds; 3000 unless told. */
  readonly timeout?: number;
}

const PROTOS = join(__dirname, "../protos");
const FILES = ["node", "mesh"].map((name) => `spacemesh/v1/${name}.proto`);
const FILES_V2 = ["node", "network"].map((name) => `spacemesh/v2alpha1/${name}.proto`);

let loaded: PackageDefinition | undefined;

/** The public gRPC API of a node: v1, and v2alpha1 where a newer node has dropped v1. */
export class NodeClient {
  private readonly client: Client;
  private readonly timeout: number;

  constructor(private readonly target: NodeTarget) {
    const { address, authority, tls = false, timeout = 3000 } = target;
    const options: ChannelOptions = authority
      ? { "grpc.default_authority": authority, "grpc.ssl_target_name_override": authority.split(":")[0] }
      : {};
    this.client = new Client(address, tls ? credentials.createSsl() : credentials.createInsecure(), options);
    this.timeout = timeout;
  }

  /** @throws {UserError} when the node does not answer. */
  status(): Promise<NodeStatus> {
    return this.either(
      async () => statusV1(await this.call("spacemesh.v1.NodeService/Status")),
      async () => statusV2(await this.call("spacemesh.v2alpha1.NodeService/Status")),
    );
  }

  /** The version as the node was built, e.g. `v1.2.3+1`. */
  async version(): Promise<string> {
    return simpleString(await this.call("spacemesh.v1.NodeService/Version"), "version_string");
  }

  /** In hexadecimal; nodes with another one are in another network. */
  genesisId(): Promise<string> {
    return this.either(
      async () => bytes(await this.call("spacemesh.v1.MeshService/GenesisID"), "genesis_id"),
      async () => bytes(await this.call("spacemesh.v2alpha1.NetworkService/Info"), "genesis_id"),
    );
  }

  /** Root of the state after a layer, in hexadecimal; empty when the node has not applied it. */
  async stateRoot(layer: number): Promise<string> {
    const range = { start_layer: { number: layer }, end_layer: { number: layer } };
    const { layer: layers } = await this.call("spacemesh.v1.MeshService/LayersQuery", range);
    const [found] = (layers ?? []) as Message[];
    return found ? bytes(found, "root_state_hash") : "";
  }

  close(): void {
    this.client.close();
  }

  private async either<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
    try {
      return await first();
    } catch (error) {
      if ((error as { code?: Code }).code !== Code.UNIMPLEMENTED) throw error;
      return second();
    }
  }

  private call(path: string, argument: Message = {}): Promise<Message> {
    const method = methodOf(path);
    const { address, authority } = this.target;
    return new Promise((resolve, reject) => {
      const answered = (error: ServiceError | null, answer?: Message) => {
        if (error) reject(new CallError(`${authority ?? address} (${address})`, path, error));
        else resolve(answer as Message);
      };
      const options = { deadline: Date.now() + this.timeout };
      const { requestSerialize, responseDeserialize } = method;
      this.client.makeUnaryRequest(`/${path}`, requestSerialize, responseDeserialize, argument, options, answered);
    });
  }
}

/** Asks a node and closes the connection, whatever it answers. */
export async function askNode<T>(target: NodeTarget, ask: (node: NodeClient) => Promise<T>): Promise<T> {
  const node = new NodeClient(target);
  try {
    return await ask(node);
  } finally {
    node.close();
  }
}

class CallError extends UserError {
  readonly code: Code;

  constructor(where: string, path: string, { code, details }: ServiceError) {
    super(`${where} does not answer ${path.split("/")[1]}: ${Code[code]} ${details.split("\n")[0]}`);
    this.code = code;
  }
}

function methodOf(path: string) {
  loaded ??= loadSync([...FILES, ...FILES_V2], { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String });
  const [service = "", name = ""] = path.split("/");
  const methods = loaded[service] as Record<
    string,
    { requestSerialize(m: object): Buffer; responseDeserialize(b: Buffer): Message }
  >;
  const method = methods?.[name];
  if (!method) throw new Error(`infra/protos holds no ${path}`);
  return method;
}
