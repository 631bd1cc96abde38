import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../../infra/base/model/network-facts";
import { grpcByName, servicesAnswer } from "../../../infra/base/observe/services";
import { MONGO_IMAGE } from "../../../infra/deploy/explorer/database";
import { caddyfile } from "../../../infra/deploy/gateway/caddyfile";
import { nodeClient } from "../../../sandbox/chain/explorer/node-client";
import { type Listening, sendJson, serveHttp, urlOf } from "../../../sandbox/chain/serve-http";
import { ChainWorld, type StartedNode, until } from "../../support/chain-world";
import { environment, Gateway, type Services } from "../../support/gateway";
import { toolchain } from "../../support/toolchain";

const NAMES = { zone: "example.org", subdomain: "net", tls: false, port: 8080 };
const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, NAMES);
const testnet = channelEndpoints("testnet", 1, NAMES);
const { apiHost, explorerHost, dashHost, pageHost, poetHosts } = endpoints;
const [poetHost = ""] = poetHosts;

const PAGE = "<!doctype html><title>v1.2.3+1</title>";
const HTTP: [string, number][] = [["", 8080]];

/** What Caddy needs to check its configuration; nothing answers there. */
const NOWHERE: Services = Object.fromEntries(
  ["NODE_API", "EXPLORER_API", "EXPLORER_FRONTEND", "DASH_API", "DASH_FRONTEND", "POET_1"].map((name) => [
    name,
    { address: "192.0.2.1", ports: [...HTTP, ["_GRPC", 6000], ["_JSON", 7000]] },
  ]),
);

describe("the gateway before a simulated network", function () {
  this.timeout(20_000);

  let world: ChainWorld;
  let node: StartedNode;
  let poet: Listening;
  let gateway: Gateway;
  const poetCalls: string[] = [];

  before(async () => {
    world = await ChainWorld.make(20);
    node = await world.node(1);
    const mongo = await world.program(MONGO_IMAGE);
    const env = { SPACEMESH_NODE: `${node.address}:6000`, SPACEMESH_MONGO_URI: `mongodb://${mongo.address}:27017` };
    const images = ["explorer-collector", "explorer-apiserver", "explorer-frontend", "dash-backend", "dash-frontend"];
    const [, api, frontend, dashApi, dashFrontend] = await Promise.all(
      images.map(async (image) => (await world.program(`spacemeshos/${image}:v0.0.1`, env)).address),
    );
    const poetAddress = node.address.replace(/\d+$/, "100");
    poet = await serveHttp(poetAddress, 5000, (request, response) => {
      poetCalls.push(urlOf(request).pathname);
      sendJson(response, 200, { servicePubkey: "", phaseShift: "1s", cycleGap: "1s" });
    });
    const services: Services = {
      NODE_API: {
        address: node.address,
        ports: [
          ["_GRPC", 6000],
          ["_JSON", 7000],
        ],
      },
      EXPLORER_API: { address: api ?? "", ports: [["", 5000]] },
      EXPLORER_FRONTEND: { address: frontend ?? "", ports: HTTP },
      DASH_API: { address: dashApi ?? "", ports: HTTP },
      DASH_FRONTEND: { address: dashFrontend ?? "", ports: HTTP },
      POET_1: { address: poetAddress, ports: [["", 5000]] },
    };
    const address = node.address.replace(/\d+$/, "200");
    gateway = await Gateway.start(address, world.folder, [endpoints, testnet], services, PAGE);
  });
  after(async () => {
    await gateway?.stop();
    await poet?.close();
    await world.end();
  });

  it("answers for gRPC, JSON, explorer, dashboard and poet by their public names", async () => {
    const facts = { genesisTime: new Date(world.genesisTime).toISOString() } as NetworkFacts;
    const entrance = { endpoints, facts, address: gateway.address };
    const genesisId = await servicesAnswer(entrance, 10, runWith());
    match(genesisId, /^[0-9a-f]{40}$/);
    strictEqual(await grpcByName(entrance), genesisId);
  });

  it("answers by the names of a channel from the start", async () => {
    match(await grpcByName({ endpoints: testnet, address: gateway.address }), /^[0-9a-f]{40}$/);
    strictEqual((await gateway.ask(testnet.pageHost, "/")).body, PAGE);
  });

  it("opens the JSON API to pages of other origins", async () => {
    const told = await gateway.ask(apiHost, "/v1/node/status", "POST", { origin: "https://wallet.example" }, "{}");
    deepStrictEqual([told.status, told.headers["access-control-allow-origin"]], [200, "*"]);
    const asked = { origin: "https://wallet.example", "access-control-request-method": "POST" };
    const { status: code, headers } = await gateway.ask(apiHost, "/v1/node/status", "OPTIONS", asked);
    deepStrictEqual(
      [code, headers["access-control-allow-origin"], headers["access-control-allow-methods"]],
      [204, "*", "GET, POST, OPTIONS"],
    );
    strictEqual(headers["access-control-allow-headers"], "Content-Type");
  });

  it("serves today's JSON calls on the same host", async () => {
    await until("sync", async () => {
      const { status: code, body } = await gateway.ask(apiHost, "/spacemesh.v2alpha1.NodeService/Status");
      return code === 200 && (JSON.parse(body) as { status: string }).status === "SYNC_STATUS_SYNCED";
    });
  });

  it("serves explorer and dashboard with their frontends, each on its host", async () => {
    match((await gateway.ask(explorerHost, "/")).body, /"\/api\/network-info"/);
    match((await gateway.ask(dashHost, "/")).body, /\$\{location\.host\}\/ws/);
    await until("the explorer's layers", async () => {
      const { status: code, body } = await gateway.ask(explorerHost, "/api/layers?pagesize=1");
      return code === 200 && (JSON.parse(body) as { data: object[] }).data.length === 1;
    });
    await until("the dashboard", async () => (await gateway.ask(dashHost, "/healthz")).body === "SYNCED");
  });

  it("serves the info page, and a new one as soon as it is written", async () => {
    const served = await gateway.ask(pageHost, "/");
    deepStrictEqual([served.body, served.headers["content-type"]], [PAGE, "text/html; charset=utf-8"]);
    writeFileSync(join(world.folder, "site/index.html"), `${PAGE} changed`);
    strictEqual((await gateway.ask(pageHost, "/")).body, `${PAGE} changed`);
    writeFileSync(join(world.folder, "site/index.html"), PAGE);
    strictEqual((await gateway.ask(pageHost, "/../Caddyfile")).status, 404);
  });

  it("sends service traffic of the underscore name to the services' hosts", async () => {
    for (const service of ["explorer", "dash", "api"]) {
      const { status: code, headers } = await gateway.ask(pageHost, `/${service}`);
      deepStrictEqual([code, headers.location], [308, `http://${service}-v1-2-3-1.net.example.org:8080/`]);
    }
  });

  it("serves a poet's public calls, and none of its driver's", async () => {
    strictEqual((await gateway.ask(poetHost, "/v1/info")).status, 200);
    strictEqual((await gateway.ask(poetHost, "/v1/submit", "POST")).status, 200);
    const before = poetCalls.length;
    for (const path of ["/v1/start", "/v1/updategateway", "/V1/Start", "/v1/x/../start", "/v1//start", "/metrics"]) {
      strictEqual((await gateway.ask(poetHost, path, "POST")).status, 404, path);
    }
    strictEqual(poetCalls.length, before);
  });

  const privateCalls = [
    "NodeService/Shutdown",
    "NodeService/SyncStart",
    "SmesherService/IsSmeshing",
    "SmesherService/StopSmeshing",
  ];
  for (const name of privateCalls) {
    it(`does not pass on the gRPC call ${name}`, async () => {
      const path = `spacemesh.v1.${name}`;
      await rejects(gateway.call(apiHost, path), { code: status.UNIMPLEMENTED });
      const detour = `/spacemesh.v1.MeshService/../${path}`;
      await rejects(gateway.call(apiHost, path, detour), { code: status.UNIMPLEMENTED });
    });
  }

  const privatePaths = [
    "/v1/smesher/issmeshing",
    "/v1/smesher/stopsmeshing",
    "/v1/node/shutdown",
    "/v1/node/syncstart",
    "/V1/Node/Shutdown",
    "/v1/mesh/../node/shutdown",
    "/v1/mesh/%2e%2e/node/shutdown",
    "/v1/mesh/..%2fnode/shutdown",
    "//v1/node/shutdown",
    "/spacemesh.v1.NodeService/Shutdown",
    "/metrics",
    "/debug/pprof/",
    "/config/",
    "/",
  ];
  it("serves nothing at any other path of the API's host", async () => {
    for (const path of privatePaths) {
      for (const method of ["GET", "POST"]) {
        const { status: code, body } = await gateway.ask(apiHost, path, method);
        deepStrictEqual([code, body], [404, "no such call here"], `${method} ${path}`);
      }
    }
  });

  it("has left the node running and smeshing", async () => {
    const direct = nodeClient(`${node.address}:6000`);
    deepStrictEqual(await direct.call("spacemesh.v1.SmesherService/IsSmeshing"), { is_smeshing: true });
    direct.close();
  });

  it("serves no other host", async () => {
    for (const host of ["other.example.org", `api-v9-9-9-9.${NAMES.subdomain}.${NAMES.zone}`, gateway.address]) {
      deepStrictEqual((await gateway.ask(host, "/v1/node/status", "POST")).status, 404, host);
    }
    await rejects(gateway.call("other.example.org", "spacemesh.v1.NodeService/Status"), { code: status.UNIMPLEMENTED });
  });

  it("tells the kubelet that it serves, by a host that nobody has", async () => {
    const { status: code, body } = await gateway.ask("ready.invalid", "/");
    deepStrictEqual([code, body], [200, ""]);
  });

  it("does not open Caddy's own API", async () => {
    const socket = connect(2019, gateway.address);
    await rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
  });
});

describe("the gateway with TLS", () => {
  it("has a configuration that Caddy accepts", () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-"));
    try {
      const names = { ...NAMES, tls: true, port: 443 };
      const sets = [networkEndpoints(parseBuildTag("v1.2.3+1"), 1, names), channelEndpoints("testnet", 1, names)];
      const config = join(folder, "Caddyfile");
      writeFileSync(config, caddyfile(sets, true));
      execFileSync(join(toolchain().bin, "caddy"), ["validate", "--config", config, "--adapter", "caddyfile"], {
        env: environment("127.0.0.1", folder, NOWHERE),
        stdio: "pipe",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
