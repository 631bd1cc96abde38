import { match, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkEndpoints } from "../../../infra/base/model/endpoints";
import { caddyfile, METRICS_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { ChainWorld } from "../../support/chain-world";
import { Gateway } from "../../support/gateway";

const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, {
  zone: "example.org",
  subdomain: "net",
  tls: false,
  port: 8080,
});

describe("the gateway of a watched network", function () {
  this.timeout(20_000);
  let world: ChainWorld;
  let gateway: Gateway;

  before(async () => {
    world = await ChainWorld.make(0);
    const watched = () => caddyfile([endpoints], false, "spacecraft", true);
    gateway = await Gateway.start(world.reserve(), world.folder, [endpoints], {}, "page", watched);
  });
  after(async () => {
    await gateway?.stop();
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
});
