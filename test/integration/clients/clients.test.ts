import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { Server as GrpcServer, ServerCredentials, type ServerUnaryCall, type ServiceDefinition } from "@grpc/grpc-js";
import { WebSocketServer } from "ws";
import { firstDashboardMessage } from "../../../infra/base/clients/dashboard";
import { addressesOf, request, textsOf } from "../../../infra/base/clients/dns";
import { httpCall } from "../../../infra/base/clients/http";
import { askNode } from "../../../infra/base/clients/node/client";
import { poetInfo } from "../../../infra/base/clients/poet";
import { UserError } from "../../../infra/base/lib/errors";
import { services } from "../../../sandbox/chain/protos";
import { newRecord } from "../../../sandbox/cloudflare/api/dns-records";
import { type DnsServer, startDnsServer } from "../../../sandbox/cloudflare/dns/server";
import { recordFields } from "../../../sandbox/cloudflare/records";

/** What runs during one test, to be stopped after it. */
const running: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

/** An HTTP server of its own for one test; answers its port. */
async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** What a call is refused with, which must be a message for users in one line. */
const complains = (message: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message) && !error.message.includes("\n");

describe("an HTTP request", () => {
  it("names a public host at an address that was found elsewhere", async () => {
    const { port } = await serve((asked, response) => response.end(`${asked.method} ${asked.headers.host}`));
    const url = `http://api.example.org:${port}/`;
    strictEqual((await httpCall(url, { address: "127.0.0.1", timeout: 2000 })).body, `GET api.example.org:${port}`);
    const posted = await httpCall(url, { address: "127.0.0.1", body: "{}", timeout: 2000 });
    strictEqual(posted.body, `POST api.example.org:${port}`);
  });

  it("gives up on an answer that goes on for ever", async () => {
    const { port } = await serve((_, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    const url = `http://127.0.0.1:${port}/`;
    await rejects(
      httpCall(url, { timeout: 150 }),
      complains(/127\.0\.0\.1:\d+\/ does not answer: no answer in 150 ms/),
    );
  });

  it("tells where nobody listens", async () => {
    const call = httpCall("http://api.example.org:9/", { address: "127.0.0.1", timeout: 2000 });
    await rejects(call, complains(/^http:\/\/api\.example\.org:9\/ at 127\.0\.0\.1 does not answer: .*ECONNREFUSED/));
  });

  it("tells what a poet answers that is none", async () => {
    const { port } = await serve((_, response) => response.writeHead(502).end("<html>Bad\nGateway</html>"));
    await rejects(poetInfo(`127.0.0.1:${port}`), complains(/^poet 127\.0\.0\.1:\d+ answers 502: <html>Bad Gateway/));
  });
});

describe("a public name", () => {
  const ZONE = { id: "zone1", name: "example.org" };
  const record = (type: string, name: string, content: string) =>
    newRecord(recordFields({ type, name, content }, ZONE), ZONE);
  let dns: DnsServer;
  const names = () => ({ servers: [`127.0.0.1:${dns.port}`], zone: ZONE.name });

  before(async () => {
    const records = [
      record("A", "1_2_3_1.net", "127.0.0.1"),
      record("TXT", "_smeshnet.1_2_3_1.net", '"build-tag=v1.2.3+1"'),
      record("CNAME", "away.net", "localhost"),
      record("CNAME", "nowhere.net", "host.invalid"),
    ];
    dns = await startDnsServer("127.0.0.1", 0, () => ({ zones: [ZONE], records, edgeAddress: "127.250.1.1" }));
  });
  after(() => dns.close());

  it("is what the zone's own servers say", async () => {
    deepStrictEqual(await addressesOf("1_2_3_1.net.example.org", names()), ["127.0.0.1"]);
    deepStrictEqual(await textsOf("_smeshnet.1_2_3_1.net.example.org", names()), ["build-tag=v1.2.3+1"]);
  });

  it("may be an alias that leads out of the zone", async () => {
    deepStrictEqual(await addressesOf("away.net.example.org", names()), ["127.0.0.1"]);
    const lost = addressesOf("nowhere.net.example.org", names());
    await rejects(lost, complains(/nowhere\.net\.example\.org is an alias of host\.invalid, which does not resolve/));
  });

  it("that is missing is told with the servers that were asked", async () => {
    const missing = addressesOf("missing.net.example.org", names());
    await rejects(
      missing,
      complains(/^missing\.net\.example\.org does not resolve \(ENOTFOUND at 127\.0\.0\.1:\d+\)$/),
    );
    await rejects(textsOf("1_2_3_1.net.example.org", names()), complains(/has no TXT record \(ENODATA at 127/));
  });

  it("leads requests to where it points", async () => {
    const { port } = await serve((asked, response) => response.end(asked.headers.host));
    const answer = await request(`http://1_2_3_1.net.example.org:${port}/`, names());
    strictEqual(answer.body, `1_2_3_1.net.example.org:${port}`);
  });
});

describe("the dashboard's WebSocket", () => {
  async function dashboard(greet: (socket: import("ws").WebSocket) => void): Promise<string> {
    const { server, port } = await serve((_, response) => response.end());
    new WebSocketServer({ server }).on("connection", greet);
    return `ws://dash.example.org:${port}/ws`;
  }

  it("gives its first message", async () => {
    const url = await dashboard((socket) => socket.send('{"network":"9eeb","genesis":1700000000}'));
    deepStrictEqual(await firstDashboardMessage(url, "127.0.0.1"), { network: "9eeb", genesis: 1_700_000_000 });
  });

  it("may send what is no message, close, stay silent or not be there", async () => {
    const wrong = await dashboard((socket) => socket.send("<html>"));
    await rejects(firstDashboardMessage(wrong, "127.0.0.1"), complains(/not answer with a JSON object: <html>/));
    const closing = await dashboard((socket) => socket.close(1013));
    await rejects(firstDashboardMessage(closing, "127.0.0.1"), complains(/closes with 1013 before a message/));
    const silent = await dashboard(() => undefined);
    await rejects(firstDashboardMessage(silent, "127.0.0.1", 100), complains(/sends no message in 100 ms/));
    const absent = firstDashboardMessage("ws://dash.example.org:9/ws", "127.0.0.1");
    await rejects(
      absent,
      complains(/^ws:\/\/dash\.example\.org:9\/ws at 127\.0\.0\.1 does not answer: .*ECONNREFUSED/),
    );
  });
});

describe("a node's gRPC API", () => {
  type Answers = { readonly [method: string]: (call: ServerUnaryCall<object, object>) => object | undefined };

  /** A server with some services of a node; a method that gives nothing never answers. */
  async function node(answers: Readonly<Record<string, Answers>>, port = 0): Promise<string> {
    const server = new GrpcServer();
    for (const [service, methods] of Object.entries(answers)) {
      const handlers = Object.entries(methods).map(([name, answer]) => [
        name,
        (call: ServerUnaryCall<object, object>, done: (error: null, answer: object) => void) => {
          const given = answer(call);
          if (given) done(null, given);
        },
      ]);
      // Both packages describe the same shape; proto-loader's lacks the index signature.
      server.addService(services().get(service) as ServiceDefinition, Object.fromEntries(handlers));
    }
    const bound = await promisify(server.bindAsync.bind(server))(
      `127.0.0.1:${port}`,
      ServerCredentials.createInsecure(),
    );
    running.push(() => server.forceShutdown());
    return `127.0.0.1:${bound}`;
  }

  it("is asked in v2alpha1 where the node has dropped v1", async () => {
    const address = await node({
      "spacemesh.v2alpha1.NodeService": {
        Status: () => ({ status: "SYNC_STATUS_SYNCED", connected_peers: 2, current_layer: 9, applied_layer: 7 }),
      },
      "spacemesh.v2alpha1.NetworkService": { Info: () => ({ genesis_id: Buffer.from("9eeb", "hex") }) },
    });
    const said = await askNode({ address }, (client) => Promise.all([client.status(), client.genesisId()]));
    const status = { connectedPeers: 2, isSynced: true, syncedLayer: 0, topLayer: 9, verifiedLayer: 7 };
    deepStrictEqual(said, [status, "9eeb"]);
    await rejects(
      askNode({ address }, (client) => client.version()),
      complains(/ does not answer Version: UNIMPLEMENTED/),
    );
  });

  it("is named by its public authority at the address of a gateway", async () => {
    let authority: string | undefined;
    const address = await node({
      "spacemesh.v1.NodeService": {
        Version: (call) => {
          authority = call.getHost();
          return { version_string: { value: "v1.2.3+1" } };
        },
      },
    });
    const target = { address, authority: "api-v1-2-3-1.net.example.org:8080" };
    strictEqual(await askNode(target, (client) => client.version()), "v1.2.3+1");
    strictEqual(authority, "api-v1-2-3-1.net.example.org:8080");
  });

  it("has a deadline, which the error tells", async () => {
    const address = await node({ "spacemesh.v1.NodeService": { Status: () => undefined } });
    const asked = askNode({ address, timeout: 100 }, (client) => client.status());
    await rejects(
      asked,
      complains(/^127\.0\.0\.1:\d+ does not answer Status: DEADLINE_EXCEEDED \(no answer in 100 ms\)$/),
    );
  });

  it("is reached as soon as it listens, however often it was not", async () => {
    const { server, port } = await serve(() => undefined);
    server.close();
    await once(server, "close");
    const address = `127.0.0.1:${port}`;
    const version = () => askNode({ address }, (client) => client.version());
    for (const _ of [1, 2, 3])
      await rejects(version(), complains(/does not answer Version: UNAVAILABLE .*ECONNREFUSED/));
    await node({ "spacemesh.v1.NodeService": { Version: () => ({ version_string: { value: "v1" } }) } }, port);
    match(await version(), /^v1$/);
  });
});
