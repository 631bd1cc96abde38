import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { NODE_GRPC, NODE_JSON } from "../../../infra/deploy/gateway/public-calls";
import { NODE_PATHS, OTHER_PATHS, POET_PATHS } from "../../support/api-paths";
import { type Asked, type Entrance, plainEntrance, SCANNED, TlsEntrance } from "../../support/scan-ways";
import { spellingsOf } from "../../support/spellings";

const { apiHost, explorerHost, dashHost, pageHost, poetHosts } = SCANNED;
const [poetHost = ""] = poetHosts;

const UNARY_AND_STREAMS = {
  grpc: [...NODE_GRPC.unary, ...NODE_GRPC.streams],
  json: [...NODE_JSON.unary, ...NODE_JSON.streams],
};
const STRICT = "strict-transport-security";
/** What a poet's users may do, written again so that a wrong list does not excuse itself. */
const POET_READS = ["/v1/info", "/v1/pow_params", "/v1/proofs/17"];

/** Scans of the real Caddy in front of programs that answer 200 to everything. */
for (const [way, start] of [
  ["plain HTTP", plainEntrance],
  ["TLS, renewed twice", TlsEntrance.start],
] as const) {
  describe(`the gateway before programs that refuse nothing, by ${way}`, function () {
    this.timeout(90_000);

    let entrance: Entrance;
    before(async () => {
      entrance = await start();
    });
    after(() => entrance?.close());

    const h1 = (asked: Asked) => entrance.h1(asked);
    const h2 = (asked: Asked, headers?: Record<string, string>) => entrance.h2(asked, headers);

    /** Asks for everything, a hundred at a time; answers what came to the upstream. */
    async function scan(asks: readonly Asked[], send: (asked: Asked) => Promise<number>): Promise<string[]> {
      const { seen } = entrance.upstream;
      seen.length = 0;
      const sending = async () => {
        for (let i = 0; i < asks.length; i += 100) await Promise.all(asks.slice(i, i + 100).map(send));
      };
      await Promise.all([sending(), entrance.meanwhile()]);
      return seen.map(({ method, target }) => `${method} ${target}`);
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
        deepStrictEqual([...new Set(entrance.upstream.seen.map(({ method }) => method))], ["GET"]);
        const of = (name: string) =>
          entrance.upstream.seen.filter(({ service }) => service === name).map(({ target }) => target);
        deepStrictEqual([...new Set(of(api).map((target) => target.split("?")[0]))].sort(), [...reads].sort());
        const odd = host === explorerHost ? /\/\/|%|\/\.|\\|;|:|^\/api(\/|$)/ : /\/\/|%|\/\.|\\|;|:|^\/(ws|healthz)$/;
        deepStrictEqual(
          of(frontend).filter((target) => odd.test(target.split("?")[0] ?? "")),
          [],
        );
        deepStrictEqual(entrance.upstream.seen.length, of(api).length + of(frontend).length);
      }
    });

    it("passes nothing on for the page's host and for hosts that are not the network's", async () => {
      for (const host of [pageHost, "other.example.org", `x.${apiHost}`, "localhost", "127.0.0.1"]) {
        const asks = spelled(host, ["GET"], ["/v1/node/shutdown", "/v1/start", "/v1/node/status"], "/v1/info");
        deepStrictEqual(await scan(asks, h1), []);
      }
    });

    if (start === TlsEntrance.start) tlsCases(() => entrance as TlsEntrance);
  });
}

/** What a public side with TLS must do besides, after its renewals. */
function tlsCases(now: () => TlsEntrance): void {
  it("shows three certificates at every host, in their order, and fails no request", () => {
    const { served, watch } = now();
    strictEqual(new Set(served.serials).size, 3);
    for (const host of served.hosts) deepStrictEqual(watch.seen.get(host), served.serials, host);
  });

  it("keeps a gRPC stream open that began before the first renewal", () => now().stream.pass());

  it("takes up a TLS session from before a renewal", async () => {
    const { served } = now();
    const first = await now().connection({ servername: apiHost, maxVersion: "TLSv1.2" });
    const session = first.getSession();
    first.destroy();
    await served.renew(61);
    const again = await now().connection({ servername: apiHost, maxVersion: "TLSv1.2", ...(session && { session }) });
    strictEqual(await now().askBy(again, { host: apiHost, method: "POST", target: "/v1/node/status" }), 200);
  });

  for (const [what, servername] of [
    ["the right host", apiHost],
    ["no host", ""],
    ["a host of somebody else", "other.example.com"],
    ["another host of the network", dashHost],
    ["a host of the channel", "api.test.net.example.org"],
    ["the right host in capitals", apiHost.toUpperCase()],
  ] as const) {
    it(`passes on public calls of the asked host alone, when the handshake shows ${what}`, async () => {
      const { upstream } = now();
      for (const protocol of ["http/1.1", "h2"]) {
        upstream.seen.length = 0;
        for (const host of [apiHost, apiHost.toUpperCase(), `${apiHost}.`, poetHost, "other.example.com", servername]) {
          for (const target of ["/v1/node/status", "/v1/smesher/stopsmeshing", "/v1/start", "/tls.pem"]) {
            const socket = await now().connection({ servername, ALPNProtocols: [protocol] });
            strictEqual(socket.alpnProtocol, protocol);
            await now().askBy(socket, { host, method: "POST", target });
          }
        }
        const isApi = [apiHost, "api.test.net.example.org"].includes(servername.toLowerCase());
        const came = upstream.seen.map(({ service, target }) => `${service} ${target}`);
        deepStrictEqual(came, Array(isApi ? 3 : 2).fill("NODE_API_JSON /v1/node/status"));
      }
    });
  }

  it("refuses a handshake for names that no certificate can have", async () => {
    for (const servername of [pageHost, `${apiHost}.`]) await rejects(now().connection({ servername }), /alert/);
  });

  it("speaks TLS 1.2 and 1.3, and nothing older", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await now().connection({ servername: apiHost, minVersion: version, maxVersion: version });
      strictEqual(socket.getProtocol(), version);
      socket.destroy();
    }
    for (const version of ["TLSv1", "TLSv1.1"] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" };
      await rejects(now().connection({ servername: apiHost, ...old }), /alert protocol version/);
    }
  });

  it("has browsers keep to TLS for 30 days, and never by plain HTTP", async () => {
    const { served } = now();
    for (const host of served.hosts) strictEqual((await served.headers(host))[STRICT], "max-age=2592000", host);
    for (const host of [...served.hosts, pageHost]) {
      strictEqual((await served.gateway.ask(host, "/")).headers[STRICT], undefined, host);
    }
  });

  it("serves the page with underscores by plain HTTP, and sends everybody else to TLS", async () => {
    const { upstream, served } = now();
    upstream.seen.length = 0;
    strictEqual((await served.gateway.ask(pageHost, "/")).body, "page");
    for (const host of served.hosts) {
      for (const target of ["/v1/node/status?a=b", "/v1/smesher/stopsmeshing", "/tls.pem", "//x/..%2f"]) {
        const { status, headers } = await served.gateway.ask(host, target, "POST", {}, "{}");
        deepStrictEqual([status, headers.location], [308, `https://${host}${target}`]);
      }
    }
    deepStrictEqual(upstream.seen, []);
  });
}
