import { deepStrictEqual, ok } from "node:assert";
import { Agent, request } from "node:http";
import { type ClientHttp2Session, connect as connectH2 } from "node:http2";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkEndpoints } from "../../../infra/base/model/endpoints";
import { HTTP_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { NODE_GRPC, NODE_JSON } from "../../../infra/deploy/gateway/public-calls";
import { NODE_PATHS, OTHER_PATHS, POET_PATHS } from "../../support/api-paths";
import { ChainWorld } from "../../support/chain-world";
import { Gateway } from "../../support/gateway";
import { spellingsOf } from "../../support/spellings";
import { YesSayer } from "../../support/yes-sayer";

const NAMES = { zone: "example.org", subdomain: "net", tls: false, port: 8080 };
const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, NAMES);
const { apiHost, explorerHost, dashHost, pageHost, poetHosts } = endpoints;
const [poetHost = ""] = poetHosts;

const UNARY_AND_STREAMS = {
  grpc: [...NODE_GRPC.unary, ...NODE_GRPC.streams],
  json: [...NODE_JSON.unary, ...NODE_JSON.streams],
};
/** What a poet's users may do, written again so that a wrong list does not excuse itself. */
const POET_READS = ["/v1/info", "/v1/pow_params", "/v1/proofs/17"];

interface Asked {
  readonly host: string;
  readonly method: string;
  readonly target: string;
}

/** A scan of the real Caddy in front of programs that answer 200 to everything. */
describe("the gateway before programs that refuse nothing", function () {
  this.timeout(90_000);

  let world: ChainWorld;
  let upstream: YesSayer;
  let gateway: Gateway;
  let agent: Agent;
  let session: ClientHttp2Session;

  before(async () => {
    world = await ChainWorld.make(0);
    upstream = await YesSayer.start(world.reserve());
    gateway = await Gateway.start(world.reserve(), world.folder, [endpoints], upstream.services, "page");
    agent = new Agent({ keepAlive: true, maxSockets: 16 });
    session = connectH2(`http://${gateway.address}:${HTTP_PORT}`);
  });
  after(async () => {
    agent?.destroy();
    session?.destroy();
    await gateway?.stop();
    await upstream?.close();
    await world?.end();
  });

  const h1 = ({ host, method, target }: Asked): Promise<number> =>
    new Promise((resolve, reject) => {
      const to = { agent, host: gateway.address, port: HTTP_PORT, method, path: target, headers: { host } };
      const sent = request(to, (answer) => answer.resume().once("end", () => resolve(answer.statusCode ?? 0)));
      sent.once("error", reject);
      sent.end(method === "POST" ? "{}" : undefined);
    });

  const h2 = ({ host, method, target }: Asked, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((resolve) => {
      const pseudo = { ":method": method, ":authority": host, ":path": target };
      const stream = session.request({ ...pseudo, ...headers }, { endStream: false });
      stream.once("response", ({ ":status": status }) => {
        resolve(Number(status));
        stream.close();
      });
      stream.once("error", () => resolve(0)); // refused as a protocol error
      stream.resume();
      stream.once("close", () => resolve(0));
      stream.end(Buffer.alloc(5));
    });

  /** Asks for everything, a hundred at a time; answers what came to the upstream. */
  async function scan(asks: readonly Asked[], send: (asked: Asked) => Promise<number>): Promise<string[]> {
    upstream.seen.length = 0;
    for (let i = 0; i < asks.length; i += 100) await Promise.all(asks.slice(i, i + 100).map(send));
    return upstream.seen.map(({ method, target }) => `${method} ${target}`);
  }

  const spelled = (host: string, methods: readonly string[], paths: readonly string[], declared: string): Asked[] =>
    paths.flatMap((path) =>
      methods.flatMap((method) => spellingsOf(path, declared).map((target) => ({ host, method, target }))),
    );

  /** Which of the requests are declared as they are: the path is one of these, with any query. */
  const among = (asks: readonly Asked[], methods: readonly string[], paths: readonly string[]): string[] =>
    asks
      .filter(({ method, target }) => methods.includes(method) && paths.includes(target.split("?")[0] ?? ""))
      .map(({ method, target }) => `${method} ${target}`);

  it("lets through a node's public JSON calls in their one spelling, and nothing else", async () => {
    const asks = spelled(
      apiHost,
      ["POST", "PUT"],
      [...NODE_PATHS.json, ...OTHER_PATHS, ...POET_PATHS],
      "/v1/node/status",
    );
    const came = await scan(asks, h1);
    ok(came.length > 20);
    deepStrictEqual(came.sort(), among(asks, ["POST"], UNARY_AND_STREAMS.json).sort());
  });

  it("lets through a node's public gRPC calls in their one spelling, and nothing else", async () => {
    const declared = "/spacemesh.v1.NodeService/Status";
    const asks = spelled(apiHost, ["POST"], [...NODE_PATHS.grpc, "/rpc.PoetService/Start"], declared);
    const came = await scan(asks, (asked) => h2(asked, { te: "trailers", "content-type": "application/grpc" }));
    ok(came.length > 20);
    deepStrictEqual(came.sort(), among(asks, ["POST"], UNARY_AND_STREAMS.grpc).sort());
  });

  it("lets through the JSON calls by HTTP/2 in their one spelling, and nothing else", async () => {
    const asks = spelled(
      apiHost,
      ["POST"],
      NODE_PATHS.json.filter((path) => path.startsWith("/v1/")),
      "/v1/node/status",
    );
    const came = await scan(asks, (asked) => h2(asked));
    deepStrictEqual(came.sort(), among(asks, ["POST"], UNARY_AND_STREAMS.json).sort());
  });

  for (const [protocol, send] of [
    ["HTTP/1.1", h1],
    ["HTTP/2", h2],
  ] as const) {
    it(`lets through what a poet's users need by ${protocol}, and none of the rest`, async () => {
      const asks = spelled(poetHost, ["GET", "POST", "DELETE"], [...POET_PATHS, ...OTHER_PATHS], "/v1/proofs/17");
      const came = await scan(asks, (asked) => send(asked));
      const allowed = [...among(asks, ["GET"], POET_READS), ...among(asks, ["POST"], ["/v1/submit"])];
      deepStrictEqual(came.sort(), allowed.sort());
    });
  }

  it("lets through what explorer and dashboard read, and files for the rest", async () => {
    const declared = "/api/layers/7";
    const paths = [...OTHER_PATHS, declared, "/api/network-info", "/api/config", "/ws", "/layers/7"];
    for (const [host, api, frontend, reads] of [
      [explorerHost, "EXPLORER_API", "EXPLORER_FRONTEND", ["/layers/7", "/network-info"]],
      [dashHost, "DASH_API", "DASH_FRONTEND", ["/healthz", "/ws"]],
    ] as const) {
      await scan(spelled(host, ["GET", "POST"], paths, declared), h1);
      deepStrictEqual([...new Set(upstream.seen.map(({ method }) => method))], ["GET"]);
      const of = (name: string) => upstream.seen.filter(({ service }) => service === name).map(({ target }) => target);
      deepStrictEqual([...new Set(of(api).map((target) => target.split("?")[0]))].sort(), [...reads].sort());
      const odd = host === explorerHost ? /\/\/|%|\/\.|\\|;|:|^\/api(\/|$)/ : /\/\/|%|\/\.|\\|;|:|^\/(ws|healthz)$/;
      deepStrictEqual(
        of(frontend).filter((target) => odd.test(target.split("?")[0] ?? "")),
        [],
      );
      deepStrictEqual(upstream.seen.length, of(api).length + of(frontend).length);
    }
  });

  it("passes nothing on for the page's host and for hosts that are not the network's", async () => {
    for (const host of [pageHost, "other.example.org", `x.${apiHost}`, "localhost", "127.0.0.1"]) {
      const asks = spelled(host, ["GET"], ["/v1/node/shutdown", "/v1/start", "/v1/node/status"], "/v1/info");
      deepStrictEqual(await scan(asks, h1), []);
    }
  });
});
