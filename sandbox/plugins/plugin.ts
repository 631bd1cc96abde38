import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Log, Provider } from "./provider";
import { resourceProvider } from "./service";

/** The engine's own limit in bytes (pulumi sdk/go/common/util/rpcutil). The state of a big resource is one message. */
const MESSAGE_LIMIT = 400 << 20;

/**
 * Serves a provider to the engine that started this process. The first argument is the engine's address; the first line
 * of
 * output is our port (pulumi sdk/go/common/resource/plugin). Returns once it listens, and ends with the engine.
 * @throws when no port is available on 127.0.0.1
 */
export async function servePlugin(makeProvider: (log: Log) => Provider): Promise<void> {
  const address = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const provider = makeProvider(address === undefined ? async () => {} : engineLog(address));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(ResourceProviderService, resourceProvider(provider));
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

function engineLog(address: string): Log {
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  return (urn, line) => {
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(line);
    request.setEphemeral(true);
    // Showing lines is optional: an engine that is shutting down must not fail the operation.
    return new Promise((resolve) => client.log(request, () => resolve()));
  };
}
