import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectH2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../../../infra/base/model/endpoints";
import { caddyfile, HTTP_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { ChainWorld } from "../../support/chain-world";
import { type Answer, environment, Gateway } from "../../support/gateway";
import { spellingsOf } from "../../support/spellings";
import { toolchain } from "../../support/toolchain";
import { YesSayer } from "../../support/yes-sayer";

const TAP = { balance: "3", gift: "1", budget: "2", gate: "pow" } as const;
const NAMES = {
  zone: "example.org",
  subdomain: "net",
  tls: false,
  port: 8080,
  driver: "kubernetes",
  tap: TAP,
} as const;
const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, NAMES);
const testnet = channelEndpoints("testnet", 1, NAMES);
const { apiHost, explorerHost, dashHost } = endpoints;
const LIST = '[{"netName":"v1.2.3+1"}]\n';
const ORIGIN = { origin: "https://wallet.example" };

/** Calls of v2 by what a node of today lets the public do (spacemeshos/api v1.63), written again. */
const READING = [
  ...["NetworkService/Info", "NodeService/Status", "LayerService/List", "AccountService/List", "RewardService/List"],
  ...["TransactionService/List", "MalfeasanceService/List", "ActivationService/List"],
  ...["ActivationService/ActivationsCount", "ActivationService/Highest"],
];
const TRANSACTIONS = ["ParseTransaction", "SubmitTransaction", "EstimateGas"].map((one) => `TransactionService/${one}`);
const STREAMS = ["Activation", "Layer", "Malfeasance", "Reward", "Transaction"].map(
  (one) => `${one}StreamService/Stream`,
);
const PRIVATE = [
  ...["v2alpha1", "v2beta1"].flatMap((version) => STREAMS.map((stream) => `/spacemesh.${version}.${stream}`)),
  ...[
    "AdminService/Recover",
    "AdminService/CheckpointStream",
    "AdminService/EventsStream",
    "AdminService/PeerInfoStream",
  ]
    .concat(["DebugService/NetworkInfo", "DebugService/ChangeLogLevel", "SmesherService/StopSmeshing"])
    .concat(["PostService/Register", "PostInfoService/PostStates", "NodeService/ErrorStream"])
    .map((call) => `/spacemesh.v1.${call}`),
  ...["/v1/smesher/startsmeshing", "/v1/debug/accounts", "/spacemesh.v2beta1.SmeshingIdentitiesService/States"],
  ...["/metrics", "/debug/pprof/", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"],
];

describe("the gateway before a network of today", function () {
  this.timeout(60_000);

  let world: ChainWorld;
  let upstream: YesSayer;
  let gateway: Gateway;
  before(async () => {
    world = await ChainWorld.make(0);
    upstream = await YesSayer.start(world.reserve());
    const { DASH_API: _, ...services } = upstream.services; // a network of today has no backend of the dashboard
    const sets = [endpoints, testnet];
    const address = world.reserve();
    gateway = await Gateway.start(address, world.folder, sets, services, "page", undefined, LIST);
  });
  after(async () => {
    await gateway?.stop();
    await upstream?.close();
    await world?.end();
  });

  /** The statuses of requests of one method, by path. */
  const statuses = async (host: string, method: string, paths: readonly string[]): Promise<[string, number][]> =>
    Promise.all(
      paths.map(async (path): Promise<[string, number]> => [path, (await gateway.ask(host, path, method)).status]),
    );
  const all = (paths: readonly string[], status: number): [string, number][] => paths.map((path) => [path, status]);
  const v2 = (version: string, calls: readonly string[]) => calls.map((call) => `/spacemesh.${version}.${call}`);

  it("takes what v2beta1 reads by GET and POST, and v2alpha1 and v1 by POST only, as the node does", async () => {
    const read = v2("v2beta1", READING);
    const posted = [
      ...v2("v2alpha1", [...READING, ...TRANSACTIONS]),
      ...v2("v2beta1", TRANSACTIONS),
      ...[
        "/v1/node/status",
        "/v1/mesh/genesisid",
        "/v1/transaction/submittransaction",
        "/spacemesh.v1.NodeService/NodeInfo",
      ],
      "/spacemesh.v1.ActivationService/Highest",
    ];
    deepStrictEqual(await statuses(apiHost, "POST", [...read, ...posted]), all([...read, ...posted], 200));
    deepStrictEqual(await statuses(apiHost, "GET", read), all(read, 200));
    deepStrictEqual(await statuses(apiHost, "GET", posted), all(posted, 404));
  });

  it("passes no private call on, by JSON or gRPC, in any spelling", async () => {
    upstream.seen.length = 0;
    const spelled = PRIVATE.flatMap((path) => spellingsOf(path, "/v1/node/status"));
    const targets = spelled.filter((target) => !/^\/v1\/node\/status(\?.*)?$/.test(target));
    for (const method of ["GET", "POST"]) await statuses(apiHost, method, targets);
    const session = connectH2(`http://${gateway.address}:${HTTP_PORT}`);
    try {
      for (const path of PRIVATE) {
        const headers = { ":method": "POST", ":authority": apiHost, ":path": path, "content-type": "application/grpc" };
        const stream = session.request(headers);
        stream.on("error", () => undefined).end(Buffer.alloc(5));
        await new Promise((resolve) => stream.resume().once("close", resolve));
      }
    } finally {
      session.destroy();
    }
    deepStrictEqual(
      upstream.seen.map(({ method, target }) => `${method} ${target}`),
      [],
    );
  });

  it("passes the public streams of v1 on, by gRPC", async () => {
    const session = connectH2(`http://${gateway.address}:${HTTP_PORT}`);
    try {
      const path = "/spacemesh.v1.MeshService/LayerStream";
      const headers = { ":method": "POST", ":authority": apiHost, ":path": path, "content-type": "application/grpc" };
      const stream = session.request(headers);
      stream.end(Buffer.alloc(5));
      const status = await new Promise((resolve) => stream.once("response", (answer) => resolve(answer[":status"])));
      strictEqual(status, 200);
      stream.close();
    } finally {
      session.destroy();
    }
  });

  const origins = ({ headers }: Answer): unknown => headers["access-control-allow-origin"];

  it("answers a browser's question itself, and lets one origin header through, whatever the node says", async () => {
    const path = "/spacemesh.v2beta1.NetworkService/Info";
    upstream.seen.length = 0;
    const asked = await gateway.ask(apiHost, path, "OPTIONS", { ...ORIGIN, "access-control-request-method": "POST" });
    deepStrictEqual([asked.status, origins(asked)], [204, "*"]);
    match(String(asked.headers["access-control-allow-methods"]), /GET, POST/);
    deepStrictEqual(upstream.seen, []);
    for (const method of ["GET", "POST"]) strictEqual(origins(await gateway.ask(apiHost, path, method, ORIGIN)), "*");
    strictEqual(upstream.seen.length, 2);
  });

  it("serves the statistics API at the explorer's host, to pages of any origin", async () => {
    upstream.seen.length = 0;
    const paths = [
      "/overview",
      "/circulation",
      "/layer/7",
      "/epoch/1",
      "/epoch/1/decentral",
      "/smeshers",
      "/smesher/ab",
    ];
    for (const path of paths) {
      const answer = await gateway.ask(explorerHost, `/api${path}`, "GET", ORIGIN);
      deepStrictEqual([answer.status, origins(answer)], [200, "*"], path);
    }
    deepStrictEqual(
      upstream.seen.map(({ service, target }) => `${service} ${target}`),
      paths.map((path) => `EXPLORER_API ${path}`),
    );
    const asked = await gateway.ask(explorerHost, "/api/overview", "OPTIONS", ORIGIN);
    deepStrictEqual([asked.status, origins(asked)], [204, "*"]);
  });

  it("serves neither what refreshes the statistics nor what the explorer of the era had", async () => {
    upstream.seen.length = 0;
    const paths = ["/refresh/overview", "/network-info", "/layers", "/healthz", "/ws/network-info", "/metrics"];
    const below = paths.map((path) => `/api${path}`);
    deepStrictEqual(await statuses(explorerHost, "GET", below), all(below, 404));
    deepStrictEqual(upstream.seen, []);
  });

  it("serves frontends their network's own list, also at the hosts of a channel, and each its files", async () => {
    for (const host of [explorerHost, dashHost, testnet.explorerHost, testnet.dashHost]) {
      const { status, body, headers } = await gateway.ask(host, "/networks.json");
      deepStrictEqual([status, body, headers["cache-control"]], [200, LIST, "no-cache"], host);
      match(String(headers["content-type"]), /application\/json/);
    }
    upstream.seen.length = 0;
    for (const host of [explorerHost, dashHost])
      strictEqual((await gateway.ask(host, "/static/js/main.js")).status, 200);
    deepStrictEqual(
      upstream.seen.map(({ service }) => service),
      ["EXPLORER_FRONTEND", "DASH_FRONTEND"],
    );
  });

  it("passes to the tap what its page and its API need, also at the host of a channel, and nothing else", async () => {
    const id = "0123456789abcdef01234567";
    const read = ["/", `/gifts/${id}`, `/api/gifts/${id}`, "/api/challenge?address=stest1qqqq", "/api/status"];
    const closed = ["/metrics", "/healthz", "/api/", "/gifts/", `/gifts/${id}/more`, "/api/status/", "/journal.jsonl"];
    for (const host of [endpoints.tapHost ?? "", testnet.tapHost ?? ""]) {
      upstream.seen.length = 0;
      deepStrictEqual(await statuses(host, "GET", read), all(read, 200));
      deepStrictEqual(await statuses(host, "POST", ["/gifts", "/api/gifts"]), all(["/gifts", "/api/gifts"], 200));
      deepStrictEqual([...new Set(upstream.seen.map(({ service }) => service))], ["TAP"]);
      upstream.seen.length = 0;
      deepStrictEqual(await statuses(host, "GET", [...closed, "/gifts"]), all([...closed, "/gifts"], 404));
      deepStrictEqual(await statuses(host, "POST", read.slice(1)), all(read.slice(1), 404));
      deepStrictEqual(upstream.seen, []);
    }
  });

  it("serves nothing but the list from the list's folder", async () => {
    writeFileSync(join(world.folder, "list/secret"), "secret");
    for (const host of [apiHost, explorerHost, dashHost])
      for (const path of [
        "/networks.json/../secret",
        "/networks.json/",
        "/Networks.json",
        "/networks%2ejson",
        "/secret",
      ]) {
        const { body } = await gateway.ask(host, path);
        ok(!body.includes("secret") && !body.includes("netName"), `${host}${path}: ${body}`);
      }
    strictEqual((await gateway.ask(explorerHost, "/networks.json", "POST")).status, 404);
  });
});

describe("the gateway with TLS before a network of today", () => {
  it("has a configuration that Caddy accepts", () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-"));
    try {
      const names = { ...NAMES, tls: true, port: 443 };
      const config = join(folder, "Caddyfile");
      const sets = [networkEndpoints(parseBuildTag("v1.2.3+1"), 1, names), channelEndpoints("testnet", 1, names)];
      writeFileSync(config, caddyfile(sets, true, "kubernetes"));
      const services = ["NODE_API", "EXPLORER_API", "EXPLORER_FRONTEND", "DASH_FRONTEND", "POET_1"].map((name) => [
        name,
        { address: "192.0.2.1", ports: [["", 8080] as const, ["_GRPC", 9092] as const, ["_JSON", 9095] as const] },
      ]);
      execFileSync(join(toolchain().bin, "caddy"), ["validate", "--config", config, "--adapter", "caddyfile"], {
        env: environment("127.0.0.1", folder, Object.fromEntries(services)),
        stdio: "pipe",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
