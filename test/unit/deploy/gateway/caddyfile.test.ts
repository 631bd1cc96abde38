import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../../../../infra/base/model/endpoints";
import { tlsNames, uncovered } from "../../../../infra/base/model/tls";
import { caddyfile } from "../../../../infra/deploy/gateway/caddyfile";
import { GOLDEN } from "../../../support/checkout";

const NAMES = { zone: "spacemesh.io", subdomain: "net" };
const TAP = { balance: "3", gift: "1", budget: "2", gate: "pow" } as const;

/** The gateway of v1.2.3+1 with two poets, which the testnet may point to one day. */
function gateway(tls: boolean, driver: "spacecraft" | "kubernetes" = "spacecraft"): string {
  const names = { ...NAMES, tls, port: tls ? 443 : 8080, driver, tap: TAP };
  const own = networkEndpoints(parseBuildTag("v1.2.3+1"), 2, names);
  return caddyfile([own, channelEndpoints("testnet", 2, names)], tls, driver);
}

/** The words after a directive, wherever it stands in the text. */
const wordsAfter = (text: string, directive: RegExp): string[][] =>
  text
    .split("\n")
    .filter((line) => directive.test(line))
    .map((line) => line.replace(directive, "").trim().split(" "));

const paths = (text: string): string[] => wordsAfter(text, /^\s*path /).flat();

/** The block of a site, by its address. */
function site(text: string, address: string): string {
  const start = text.indexOf(`\n${address} {`);
  ok(start >= 0, `no site ${address}`);
  return text.slice(start, text.indexOf("\n}", start));
}

describe("Caddyfile", () => {
  for (const [name, tls] of [
    ["Caddyfile", false],
    ["Caddyfile.tls", true],
  ] as const) {
    it(`is test/golden/${name} (UPDATE_GOLDEN=1 npx mocha test/unit/deploy/gateway/caddyfile.test.ts rewrites it)`, () => {
      const file = join(GOLDEN, name);
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, gateway(tls));
      strictEqual(gateway(tls), readFileSync(file, "utf8"));
    });
  }

  it("routes by the hosts of the network and of the channels", () => {
    deepStrictEqual(
      Object.fromEntries(wordsAfter(gateway(false), /^\s*@(?=\w+ host)/).map(([name, , ...h]) => [name, h])),
      {
        ready: ["ready.invalid"],
        api: ["api-v1-2-3-1.net.spacemesh.io", "api.test.net.spacemesh.io"],
        explorer: ["explorer-v1-2-3-1.net.spacemesh.io", "explorer.test.net.spacemesh.io"],
        dash: ["dash-v1-2-3-1.net.spacemesh.io", "dash.test.net.spacemesh.io"],
        poet1: ["poet-1-v1-2-3-1.net.spacemesh.io", "poet-1.test.net.spacemesh.io"],
        poet2: ["poet-2-v1-2-3-1.net.spacemesh.io", "poet-2.test.net.spacemesh.io"],
        page: ["1_2_3_1.net.spacemesh.io", "test.net.spacemesh.io"],
      },
    );
  });

  it("routes to a tap where the network has one, not where a channel's names alone do", () => {
    const of = (choice: object) =>
      networkEndpoints(parseBuildTag("v1.2.3+1"), 1, { ...NAMES, tls: true, port: 443, ...choice });
    const testnet = channelEndpoints("testnet", 1, { ...NAMES, tls: true, port: 443, driver: "kubernetes", tap: TAP });
    const withTap = caddyfile([of({ driver: "kubernetes", tap: TAP }), testnet], false, "kubernetes");
    const hosts = wordsAfter(withTap, /^\s*@(?=tap host)/).flatMap(([, , ...all]) => all);
    deepStrictEqual(hosts, ["tap-v1-2-3-1.net.spacemesh.io", "tap.test.net.spacemesh.io"]);
    strictEqual(/path [^\n]*(healthz|metrics)/.test(withTap), false);
    strictEqual(caddyfile([of({}), testnet], true, "kubernetes").includes("tap"), false);
  });

  it("lists every public call of a node by name, so that a private one does not pass", () => {
    const calls = paths(gateway(false)).filter((path) => /^\/(spacemesh|v1\/(node|mesh|global|trans))/.test(path));
    deepStrictEqual(
      calls.filter((path) => path.includes("*")),
      [],
    );
    const services = new Set(calls.map((path) => path.split("/")[1]));
    deepStrictEqual([...services].sort(), [
      "spacemesh.v1.GlobalStateService",
      "spacemesh.v1.MeshService",
      "spacemesh.v1.NodeService",
      "spacemesh.v1.TransactionService",
      "spacemesh.v2alpha1.AccountService",
      "spacemesh.v2alpha1.LayerService",
      "spacemesh.v2alpha1.NetworkService",
      "spacemesh.v2alpha1.NodeService",
      "spacemesh.v2alpha1.TransactionService",
      "v1",
    ]);
  });

  const privateCalls = [
    "/spacemesh.v1.NodeService/Shutdown",
    "/spacemesh.v1.NodeService/SyncStart",
    "/spacemesh.v1.NodeService/ErrorStream",
    "/spacemesh.v1.SmesherService/StopSmeshing",
    "/spacemesh.v1.DebugService/Accounts",
    "/spacemesh.v1.AdminService/CheckpointStream",
    "/v1/node/shutdown",
    "/v1/node/syncstart",
    "/v1/smesher/stopsmeshing",
    "/metrics",
    "/debug/pprof/",
  ];
  for (const call of privateCalls) {
    it(`does not let ${call} pass`, () => {
      const allowed = paths(gateway(false)).filter((path) => path !== "/v1/*");
      const passes = (path: string) => (path.endsWith("*") ? call.startsWith(path.slice(0, -1)) : call === path);
      ok(allowed.length > 20);
      deepStrictEqual(allowed.filter(passes), []);
    });
  }

  it("lists what a poet's users call, and leaves its driver's and owner's calls out", () => {
    const poet = /@poet1 host[\s\S]*?\n\t\}/.exec(gateway(false))?.[0] ?? "";
    deepStrictEqual(paths(poet), ["/v1/info", "/v1/pow_params", "/v1/proofs/*", "/v1/submit"]);
    const targets = wordsAfter(poet, /^\s*vars_regexp /).map(([, pattern = ""]) => new RegExp(pattern));
    for (const call of [
      "/v1/start",
      "/v1/start:",
      "/v1/updategateway",
      "/v1/updategateway:",
      "/v1/info:",
      "/V1/info",
    ]) {
      deepStrictEqual(
        targets.filter((target) => target.test(call)),
        [],
        call,
      );
    }
  });

  it("bounds each route: its methods, spelling, body, times and requests under way", () => {
    const lines = gateway(false).split("\n");
    const count = (line: RegExp) => lines.filter((one) => line.test(one)).length;
    const routes = count(/^\t+reverse_proxy /);
    strictEqual(count(/^\t+unhealthy_request_count \d+$/), routes);
    const andPage = routes + 1;
    strictEqual(count(/^\t+max_size \d+$/), andPage);
    strictEqual(count(/^\t+read_timeout 10s 16384$/), andPage);
    strictEqual(count(/^\t+write_timeout 30s$/), andPage);
    const andPreflight = andPage + 1;
    strictEqual(count(/^\t+method [A-Z ]+$/), andPreflight);
    strictEqual(count(/^\t+vars_regexp \{http\.request\.orig_uri} \^.*\$$/), andPreflight);
    match(gateway(false), /read_header 10s\s+read_body_idle 10s\s+write_idle 30s\s+idle 60s/);
  });

  it("keeps browsers to TLS where there is TLS, and only there", () => {
    doesNotMatch(gateway(false), /Strict-Transport-Security/);
    match(site(gateway(true), "https://:8443"), />Strict-Transport-Security max-age=2592000\n/);
    doesNotMatch(site(gateway(true), "http://:8080"), /Strict-Transport-Security/);
  });

  it("turns Caddy's own API off, with and without TLS", () => {
    for (const tls of [true, false]) match(gateway(tls), /^\tadmin off$/m);
  });

  it("has no certificate without TLS", () => {
    match(gateway(false), /^\tauto_https off$/m);
    doesNotMatch(gateway(false), /get_certificate|https:\/\/:/);
  });

  it("takes the certificate from its own loopback, and requests none anywhere", () => {
    match(gateway(true), /\tget_certificate http http:\/\/\{\$CERTIFICATE_ADDRESS:127\.0\.0\.1\}:9180\/tls\.pem\n/);
    match(site(gateway(true), "http://:9180"), /\n\tbind \{\$CERTIFICATE_ADDRESS:127\.0\.0\.1\}\n/);
    doesNotMatch(gateway(true), /on_demand|issuer|acme/);
  });

  it("covers every host that it serves by TLS by the names of the one certificate", () => {
    const hosts = wordsAfter(site(gateway(true), "https://:8443"), /^\s*@\w+ host /).flat();
    deepStrictEqual(uncovered(tlsNames({ ...NAMES, channels: ["testnet"] }), hosts), []);
    deepStrictEqual(uncovered(tlsNames({ ...NAMES, channels: [] }), hosts).length, 5);
  });

  it("serves only the underscore name by plain HTTP beside TLS, and redirects every other name", () => {
    const plain = site(gateway(true), "http://:8080");
    deepStrictEqual(wordsAfter(plain, /^\s*@page host /), [["1_2_3_1.net.spacemesh.io"]]);
    match(plain, /redir https:\/\/\{host\}\{uri\} 308/);
    const elsewhere = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, { ...NAMES, tls: true, port: 8443 });
    match(site(caddyfile([elsewhere], true), "http://:8080"), /redir https:\/\/\{host\}:8443\{uri\} 308/);
    doesNotMatch(plain, /reverse_proxy/);
  });

  it("redirects service traffic of the page's host to the service's host", () => {
    deepStrictEqual(wordsAfter(gateway(false), /^\s*redir /), [
      ["/explorer", "http://explorer-v1-2-3-1.net.spacemesh.io:8080/", "308"],
      ["/dash", "http://dash-v1-2-3-1.net.spacemesh.io:8080/", "308"],
      ["/api", "http://api-v1-2-3-1.net.spacemesh.io:8080/", "308"],
    ]);
  });

  it("finds each upstream by the variables of its Service", () => {
    const upstreams = wordsAfter(gateway(false), /^\s*reverse_proxy /).map(([upstream]) => upstream);
    strictEqual(new Set(upstreams).size, 8);
    ok(upstreams.includes("h2c://{$NODE_API_SERVICE_HOST}:{$NODE_API_SERVICE_PORT_GRPC}"));
    ok(upstreams.includes("{$POET_2_SERVICE_HOST}:{$POET_2_SERVICE_PORT}"));
  });
});

describe("Caddyfile of a network of today", () => {
  const today = gateway(true, "kubernetes");

  it("is test/golden/Caddyfile.today (UPDATE_GOLDEN=1 rewrites it)", () => {
    const file = join(GOLDEN, "Caddyfile.today");
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, today);
    strictEqual(today, readFileSync(file, "utf8"));
  });

  it("lists every call by name, and no stream of v2, which the node keeps private", () => {
    const calls = paths(today).filter((path) => path.startsWith("/spacemesh."));
    deepStrictEqual(
      calls.filter((path) => path.includes("*") || /v2\w+\.\w*Stream/.test(path)),
      [],
    );
    for (const service of ["AdminService", "DebugService", "SmesherService", "PostService", "SmeshingIdentities"])
      doesNotMatch(today, new RegExp(service));
  });

  it("has no backend of the dashboard", () => {
    const upstreams = wordsAfter(today, /^\s*reverse_proxy /).map(([upstream]) => upstream);
    ok(upstreams.includes("{$EXPLORER_API_SERVICE_HOST}:{$EXPLORER_API_SERVICE_PORT}"));
    doesNotMatch(today, /DASH_API/);
  });

  it("bounds each route as for every network", () => {
    const count = (line: RegExp) => today.split("\n").filter((one) => line.test(one)).length;
    const routes = count(/^\t+reverse_proxy /);
    const others = 4; // the page twice, by plain HTTP and by TLS, and the list at two hosts
    strictEqual(count(/^\t+unhealthy_request_count \d+$/), routes);
    strictEqual(count(/^\t+max_size \d+$/), routes + others);
    strictEqual(count(/^\t+write_timeout 30s$/), routes + others);
  });
});
