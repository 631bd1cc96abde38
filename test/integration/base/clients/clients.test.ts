import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { Server as GrpcServer, ServerCredentials, type ServerUnaryCall, type ServiceDefinition } from "@grpc/grpc-js";
import { WebSocketServer } from "ws";
import { firstDashboardMessage } from "../../../../infra/base/clients/dashboard";
import { addressesOf, request, textsOf } from "../../../../infra/base/clients/dns";
import { httpCall } from "../../../../infra/base/clients/http";
import { askNode } from "../../../../infra/base/clients/node/client";
import { KeptClients } from "../../../../infra/base/clients/node/kept";
import { poetInfo } from "../../../../infra/base/clients/poet";
import { services } from "../../../../sandbox/chain/protos";
import { newRecord } from "../../../../sandbox/cloudflare/api/dns-records";
import { type DnsServer, startDnsServer } from "../../../../sandbox/cloudflare/dns/server";
import { recordFields } from "../../../../sandbox/cloudflare/records";
import { refusesLater } from "../../../support/errors";

/** Stops what one test started. */
const running: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

/** Starts an HTTP server for one test. */
async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

describe("httpCall", () => {
  it("names the public host in a request to a known address", async () => {
    const { port } = await serve((asked, response) => response.end(`${asked.method} ${asked.headers.host}`));
    const url = `http://api.example.org:${port}/`;
    strictEqual((await httpCall(url, { address: "127.0.0.1", timeout: 2000 })).body, `GET api.example.org:${port}`);
    const posted = await httpCall(url, { address: "127.0.0.1", body: "{}", timeout: 2000 });
    strictEqual(posted.body, `POST api.example.org:${port}`);
  });

  it("gives up on an endless answer", async () => {
    const { port } = await serve((_, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    const url = `http://127.0.0.1:${port}/`;
    await refusesLater(httpCall(url, { timeout: 150 }), "ServiceSilent", { names: [url, "no answer in 150 ms"] });
  });

  it("names the URL and the address when nobody listens", async () => {
    const call = httpCall("http://api.example.org:9/", { address: "127.0.0.1", timeout: 2000 });
    const names = ["http://api.example.org:9/ at 127.0.0.1", "ECONNREFUSED"];
    await refusesLater(call, "ServiceSilent", { names });
  });

  it("shows the answer of a poet with another status, in one line", async () => {
    const { port } = await serve((_, response) => response.writeHead(502).end("<html>Bad\nGateway</html>"));
    const names = [`poet 127.0.0.1:${port}`, "502", "<html>Bad Gateway"];
    await refusesLater(poetInfo(`127.0.0.1:${port}`), "AnswerUnexpected", { names });
  });
});

describe("addressesOf and textsOf", () => {
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

  it("ask the zone's own servers", async () => {
    deepStrictEqual(await addressesOf("1_2_3_1.net.example.org", names()), ["127.0.0.1"]);
    deepStrictEqual(await textsOf("_smeshnet.1_2_3_1.net.example.org", names()), ["build-tag=v1.2.3+1"]);
  });

  it("follow an alias to a host outside the zone", async () => {
    deepStrictEqual(await addressesOf("away.net.example.org", names()), ["127.0.0.1"]);
    const lost = addressesOf("nowhere.net.example.org", names());
    await refusesLater(lost, "NameUnresolved", { names: ["nowhere.net.example.org", "alias of host.invalid"] });
  });

  it("name a missing host with the servers that were asked", async () => {
    const missing = addressesOf("missing.net.example.org", names());
    const server = `127.0.0.1:${dns.port}`;
    await refusesLater(missing, "NameUnresolved", { names: ["missing.net.example.org", `ENOTFOUND at ${server}`] });
    const textless = textsOf("1_2_3_1.net.example.org", names());
    await refusesLater(textless, "TextRecordMissing", { names: ["1_2_3_1.net.example.org", `ENODATA at ${server}`] });
  });

  it("find the address for a request by name", async () => {
    const { port } = await serve((asked, response) => response.end(asked.headers.host));
    const answer = await request(`http://1_2_3_1.net.example.org:${port}/`, names());
    strictEqual(answer.body, `1_2_3_1.net.example.org:${port}`);
  });
});

describe("firstDashboardMessage", () => {
  async function dashboard(greet: (socket: import("ws").WebSocket) => void): Promise<string> {
    const { server, port } = await serve((_, response) => response.end());
    new WebSocketServer({ server }).on("connection", greet);
    return `ws://dash.example.org:${port}/ws`;
  }

  it("returns the first message", async () => {
    const url = await dashboard((socket) => socket.send('{"network":"9eeb","genesis":1700000000}'));
    deepStrictEqual(await firstDashboardMessage(url, "127.0.0.1"), { network: "9eeb", genesis: 1_700_000_000 });
  });

  it("reports a wrong message, a closed connection, silence, and that nobody listens", async () => {
    const wrong = await dashboard((socket) => socket.send("<html>"));
    const unexpected = { names: ["the dashboard", "<html>"] };
    await refusesLater(firstDashboardMessage(wrong, "127.0.0.1"), "AnswerUnexpected", unexpected);
    const closing = await dashboard((socket) => socket.close(1013));
    await refusesLater(firstDashboardMessage(closing, "127.0.0.1"), "ServiceSilent", { names: [closing, "1013"] });
    const silent = await dashboard(() => undefined);
    await refusesLater(firstDashboardMessage(silent, "127.0.0.1", 100), "ServiceSilent", { names: ["100 ms"] });
    const absent = firstDashboardMessage("ws://dash.example.org:9/ws", "127.0.0.1");
    const nobody = { names: ["ws://dash.example.org:9/ws at 127.0.0.1", "ECONNREFUSED"] };
    await refusesLater(absent, "ServiceSilent", nobody);
  });
});

type Answers = { readonly [method: string]: (call: ServerUnaryCall<object, object>) => object | undefined };

/** Starts a server with some services of a node. A method that returns nothing never answers. */
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
  const bound = await promisify(server.bindAsync.bind(server))(`127.0.0.1:${port}`, ServerCredentials.createInsecure());
  running.push(() => server.forceShutdown());
  return `127.0.0.1:${bound}`;
}

describe("askNode", () => {
  it("uses v2alpha1 when the node has no v1", async () => {
    const address = await node({
      "spacemesh.v2alpha1.NodeService": {
        Status: () => ({ status: "SYNC_STATUS_SYNCED", connected_peers: 2, current_layer: 9, applied_layer: 7 }),
      },
      "spacemesh.v2alpha1.NetworkService": { Info: () => ({ genesis_id: Buffer.from("9eeb", "hex") }) },
    });
    const said = await askNode({ address }, (client) => Promise.all([client.status(), client.genesisId()]));
    const status = { connectedPeers: 2, isSynced: true, syncedLayer: 0, topLayer: 9, verifiedLayer: 7 };
    deepStrictEqual(said, [status, "9eeb"]);
    const version = askNode({ address }, (client) => client.version());
    await refusesLater(version, "NodeSilent", { names: [address, "Version", "UNIMPLEMENTED"] });
  });

  it("names the public authority at the address of a gateway", async () => {
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

  it("reports the time limit when a node does not answer in time", async () => {
    const address = await node({ "spacemesh.v1.NodeService": { Status: () => undefined } });
    const asked = askNode({ address, timeout: 100 }, (client) => client.status());
    const names = [address, "Status", "DEADLINE_EXCEEDED", "no answer in 100 ms"];
    await refusesLater(asked, "NodeSilent", { names });
  });

  it("reaches a node as soon as it listens, however often it did not", async () => {
    const { server, port } = await serve(() => undefined);
    server.close();
    await once(server, "close");
    const address = `127.0.0.1:${port}`;
    const version = () => askNode({ address }, (client) => client.version());
    for (const _ of [1, 2, 3])
      await refusesLater(version(), "NodeSilent", { names: ["Version", "UNAVAILABLE", "ECONNREFUSED"] });
    await node({ "spacemesh.v1.NodeService": { Version: () => ({ version_string: { value: "v1" } }) } }, port);
    match(await version(), /^v1$/);
  });
});

describe("KeptClients", () => {
  const kept = new KeptClients(300);
  afterEach(() => kept.close());
  const version = (address: string) => kept.ask(address, (client) => client.version());

  it("asks a node by one connection", async () => {
    const peers = new Set<string>();
    const address = await node({
      "spacemesh.v1.NodeService": {
        Version: (call) => {
          peers.add(call.getPeer());
          return { version_string: { value: "v1" } };
        },
      },
    });
    for (const _ of [1, 2, 3]) await version(address);
    strictEqual(peers.size, 1);
  });

  it("reaches a node that has started again, at once", async () => {
    const Version = () => ({ version_string: { value: "v1" } });
    const address = await node({ "spacemesh.v1.NodeService": { Version } });
    await version(address);
    for (const stop of running.splice(0)) stop();
    for (const _ of [1, 2, 3]) await refusesLater(version(address), "NodeSilent", { names: ["UNAVAILABLE"] });
    await node({ "spacemesh.v1.NodeService": { Version } }, Number(address.split(":")[1]));
    match(await version(address), /^v1$/);
  });

  it("asks by a new connection after a node was silent", async () => {
    const peers: string[] = [];
    const address = await node({
      "spacemesh.v1.NodeService": {
        Version: (call) => {
          peers.push(call.getPeer());
          return peers.length === 2 ? undefined : { version_string: { value: "v1" } };
        },
      },
    });
    await version(address);
    await refusesLater(version(address), "NodeSilent", { names: ["DEADLINE_EXCEEDED"] });
    await version(address);
    strictEqual(peers[0], peers[1]);
    notStrictEqual(peers[1], peers[2]);
  });
});
