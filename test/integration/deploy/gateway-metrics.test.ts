import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { stringify } from "yaml";
import { z } from "zod";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../../../infra/base/model/endpoints";
import { caddyfile, METRICS_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { curvePath, curveQuestion, curvesOf } from "../../../infra/deploy/monitoring/curves";
import { rulesText } from "../../../infra/deploy/monitoring/rules";
import { type Listening, sendText, serveHttp } from "../../../sandbox/chain/serve-http";
import { NETWORK } from "../../support/alerts/trials";
import { ChainWorld } from "../../support/chain-world";
import { Gateway } from "../../support/gateway";
import { Prometheus } from "../../support/prometheus";
import { spellingsOf } from "../../support/spellings";
import { YesSayer } from "../../support/yes-sayer";

const NAMES = { zone: "example.org", subdomain: "net", tls: false, port: 8080, driver: "kubernetes" } as const;
const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, { ...NAMES, driver: "spacecraft" });
const testnet = channelEndpoints("testnet", 1, NAMES);
const WATCHED = { layerDuration: 1 };
const CURVES = curvesOf("kubernetes");

describe("the gateway of a watched network", function () {
  this.timeout(20_000);
  let world: ChainWorld;
  let upstream: YesSayer;
  let gateway: Gateway;

  before(async () => {
    world = await ChainWorld.make(0);
    upstream = await YesSayer.start(world.reserve());
    const watched = () => caddyfile([endpoints, testnet], false, "kubernetes", WATCHED);
    gateway = await Gateway.start(world.reserve(), world.folder, [endpoints], upstream.services, "page", watched, "[]");
  });
  after(async () => {
    await gateway?.stop();
    await upstream?.close();
    await world?.end();
  });

  it("counts its requests by their answers, and never by a name that a client chose", async () => {
    strictEqual((await gateway.ask(endpoints.pageHost, "/")).status, 200);
    await gateway.ask("chosen.example.net", "/");
    const metrics = await (await fetch(`http://${gateway.address}:${METRICS_PORT}/metrics`)).text();
    const counted = metrics.split("\n").filter((line) => line.startsWith("caddy_http_request_duration_seconds_count{"));
    match(counted.join("\n"), /code="200".*method="GET".* 1$/m);
    match(counted.join("\n"), /code="404".*method="GET".* 1$/m);
    strictEqual(metrics.includes("chosen.example.net"), false);
  });

  it("asks Prometheus one fixed question for each curve, whatever the client adds, also at a channel's host", async () => {
    for (const host of [endpoints.apiHost, testnet.apiHost]) {
      upstream.seen.length = 0;
      for (const { name } of CURVES)
        for (const query of ["", "?query=up", "?query=up&time=0&timeout=1h", "?a=%26query=up"])
          strictEqual((await gateway.ask(host, `${curvePath(name)}${query}`)).status, 200, name + query);
      await gateway.ask(
        host,
        "/curves/peers",
        "GET",
        { "content-type": "application/x-www-form-urlencoded" },
        "query=up",
      );
      const asked = upstream.seen.map(({ service, method, target }) => `${service} ${method} ${target}`);
      const questions = CURVES.map((curve) => `CURVES GET ${curveQuestion(curve, WATCHED)}`);
      deepStrictEqual([...new Set(asked)].sort(), questions.sort());
    }
  });

  it("lets no other spelling, method or call through to Prometheus", async () => {
    const others = ["/api/v1/query", "/api/v1/query?query=up", "/api/v1/status/config", "/-/quit", "/metrics"];
    const paths = [...CURVES.map(({ name }) => curvePath(name)), "/curves", "/curves/up", "/curves/*", ...others];
    const isCurve = (target: string) => CURVES.some(({ name }) => target.split("?")[0] === curvePath(name));
    const spelled = paths.flatMap((path) => spellingsOf(path, "/curves/peers"));
    upstream.seen.length = 0;
    for (const target of spelled.filter((one) => !isCurve(one))) await gateway.ask(endpoints.apiHost, target);
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "PATCH"])
      for (const path of paths) await gateway.ask(endpoints.apiHost, path, method);
    for (const host of [endpoints.explorerHost, endpoints.dashHost, endpoints.pageHost, ...endpoints.poetHosts])
      for (const path of paths) await gateway.ask(host, path);
    deepStrictEqual(
      upstream.seen.filter(({ service }) => service === "CURVES"),
      [],
    );
  });
});

const Answer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

/** What a node and a poet tell; the second node is down. */
const METRICS = [
  'spacemesh_tortoise_state_layers{kind="verified"} 7',
  'spacemesh_tortoise_state_layers{kind="last"} 9',
  'spacemesh_tortoise_state_layers{kind="evicted"} 1',
  "spacemesh_p2p_total_peers 2",
];

describe("the public curves of a real Prometheus", function () {
  this.timeout(30_000);
  let world: ChainWorld;
  let node: Listening;
  let prometheus: Prometheus | undefined;
  let gateway: Gateway;
  let leaves = 0;

  before(async () => {
    world = await ChainWorld.make(0);
    const [at, gatewayAt] = [world.reserve(), world.reserve()];
    node = await serveHttp(at, 9216, (_, response) => {
      leaves += 100;
      const counted = [
        `poet_round_leaves_total{id="1"} ${leaves}`,
        `spacemesh_hare4_session{stage="started"} ${leaves / 100}`,
        `spacemesh_hare4_session{stage="result"} ${leaves / 200}`,
      ];
      sendText(response, 200, `${[...METRICS, ...counted].join("\n")}\n`);
    });
    const rules = join(world.folder, "rules.yml");
    writeFileSync(rules, rulesText({ ...NETWORK, ...WATCHED }));
    const targets = (job: string, addresses: readonly string[]) => ({
      job_name: job,
      static_configs: addresses.map((address) => ({ targets: [address], labels: { instance: address } })),
    });
    const config = stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [rules],
      scrape_configs: [
        targets("node", [`${at}:9216`, `${at}:1`]),
        targets("gateway", [`${gatewayAt}:${METRICS_PORT}`]),
      ],
    });
    prometheus = await Prometheus.start(join(world.folder, "prometheus"), config);
    const { hostname, port } = new URL(prometheus.url);
    const services = { CURVES: { address: hostname, ports: [["", Number(port)] as [string, number]] } };
    const watched = () =>
      caddyfile([endpoints], false, "kubernetes", WATCHED).replaceAll(/\{\$(?!CURVES|\w+_FOLDER|BIND|CERT)\w+\}/g, "1");
    gateway = await Gateway.start(gatewayAt, world.folder, [endpoints], services, "page", watched, "[]");
  });
  after(async () => {
    await gateway?.stop();
    await prometheus?.stop();
    await node?.close();
    await world?.end();
  });

  /** Asks for a curve until each of its lines has some points; mocha's limit ends it. */
  async function curve(name: string, lines: number) {
    for (;;) {
      const answer = await gateway.ask(endpoints.apiHost, curvePath(name), "GET", { origin: "https://wallet.example" });
      strictEqual(answer.status, 200, answer.body);
      strictEqual(answer.headers["access-control-allow-origin"], "*");
      const { result } = Answer.parse(JSON.parse(answer.body)).data;
      if (result.length === lines && result.every(({ values }) => values.length > 2)) return { result, ...answer };
      await pause(200);
    }
  }

  it("are the same for a client that sends a time in a form, which Prometheus reads from a GET too", async () => {
    await curve("layers", 2);
    const form = '--x\r\nContent-Disposition: form-data; name="time"\r\n\r\n1000000000\r\n--x--\r\n';
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const { status, body } = await gateway.ask(endpoints.apiHost, curvePath("layers"), "GET", headers, form);
    strictEqual(status, 200);
    strictEqual(Answer.parse(JSON.parse(body)).data.result.length, 2); // at that time there was nothing
  });

  it("have values of all curves, and no name or address of a program", async () => {
    const lasts: Record<string, Record<string, number>> = {};
    for (const { name, lines = [""] } of CURVES) {
      const { result, body } = await curve(name, lines.length);
      lasts[name] = Object.fromEntries(
        result.map(({ metric, values }) => [metric.kind ?? "", Number(values.at(-1)?.[1])]),
      );
      deepStrictEqual(
        result.flatMap(({ metric }) => Object.keys(metric).filter((label) => !["__name__", "kind"].includes(label))),
        [],
      );
      ok(!body.includes("127.") && !body.includes("instance"), body);
    }
    const { poets = {}, requests = {}, ...others } = lasts;
    deepStrictEqual(others, {
      layers: { last: 9, verified: 7 },
      consensus: { "": 50 },
      peers: { "": 2 },
      nodes: { "": 1 },
    });
    ok((poets[""] ?? 0) > 0 && (requests[""] ?? 0) > 0, JSON.stringify(lasts));
  });

  it("have one point a layer, and no more than a bounded number", async () => {
    const { result } = await curve("nodes", 1);
    const times = result[0]?.values.map(([time]) => time) ?? [];
    deepStrictEqual([...new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)))], [1]);
    for (const one of CURVES) match(curveQuestion(one, WATCHED), /%5B288s%3A1s%5D&limit=[12]&timeout=5s$/);
  });

  it("tell nothing but a status when Prometheus is gone", async () => {
    await prometheus?.stop();
    prometheus = undefined;
    const { status, body } = await gateway.ask(endpoints.apiHost, "/curves/peers");
    deepStrictEqual([status, body], [502, "502 Bad Gateway"]);
  });
});
