import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Log, Provider } from "./provider";
import { resourceProvider } from "./service";

/** The engine's own limit in bytes (pulumi sdk/go/common/util/rpcutil). The state of a big resource is one message. */
const MESSAGE_LIMIT = 400 << 20;

/**
 * Serves a provider to the engine that started this process. The first argument is the engine's address; without it an
 * engine attaches itself and tells its address. The first line of output is our port (pulumi
 * sdk/go/common/resource/plugin). Returns once it listens, and ends with whoever started it.
 * @throws when no port is available on 127.0.0.1
 */
export async function servePlugin(makeProvider: (log: Log) => Provider): Promise<void> {
  const engine = new Engine(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
  const provider = makeProvider((urn, line) => engine.log(urn, line));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(
    ResourceProviderService,
    resourceProvider(provider, (address) => engine.attach(address)),
  );
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  process.stdout.write(`${port}\n`);
  endWithEngine(provider);
}

/** The engine keeps our standard input open. Its end means that the engine is gone, even after kill -9. */
function endWithEngine(provider: Provider): void {
  const end = (): void => {
    provider.cancel().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.stdin.once("end", end).once("error", end).resume();
  process.once("SIGTERM", end).once("SIGINT", end);
}

/** The engine that uses this plugin. */
class Engine {
  private client: EngineClient | undefined;

  constructor(address: string | undefined) {
    if (address !== undefined) this.attach(address);
  }

  attach(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Shows a line. That is optional: an engine that is shutting down must not fail the operation. */
  async log(urn: string, line: string): Promise<void> {
    const { client } = this;
    if (!client) return;
    const request = new rpc.LogRequest();
    request.setSeverity(rpc.LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(line);
    request.setEphemeral(true);
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }
}
