import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Board } from "../../../infra/simmer/board";
import { type Endpoint, endpointOf, openEndpoint } from "../../../infra/simmer/endpoint";
import { METRICS, metricsOf } from "../../../infra/simmer/metrics";
import { CHECKOUT } from "../../support/checkout";
import { WatchedNetwork } from "../../support/watched";

/** A watcher's endpoint on a free port. */
async function start() {
  const world = WatchedNetwork.make();
  const board = new Board(world.run.clock, 300);
  const shown = { metrics: metricsOf(board), board };
  const endpoint = await openEndpoint("127.0.0.1:0", shown);
  opened.push(endpoint);
  const watch = async (tag: string) => {
    const watcher = await world.watcher(tag, { looked: (one) => board.looked(one) });
    board.take(watcher);
    return watcher;
  };
  const get = async (path: string, method = "GET") => {
    const response = await fetch(`http://${endpoint.address}${path}`, { method });
    const text = await response.text();
    return { status: response.status, text, type: response.headers.get("content-type") };
  };
  return { world, board, shown, endpoint, watch, get };
}

const opened: Endpoint[] = [];
afterEach(async () => {
  for (const endpoint of opened.splice(0)) await endpoint.close();
});

/** The lines of a scrape about simmers, without comments. */
const simmers = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("smeshnet_simmer_"));

describe("the endpoint of a watcher", () => {
  it("serves what the log tells of each network, and the metrics of the process", async () => {
    const { world, watch, get } = await start();
    await world.looks(await watch("v1.2.3+1"), 10);
    world.store.isAway = true;
    await world.looks(await watch("v1.2.4+1"), 0.25);
    const { status, type, text } = await get("/metrics");
    strictEqual(status, 200);
    match(type ?? "", /^text\/plain; version=0\.0\.4/);
    match(text, /^process_cpu_seconds_total /m);
    deepStrictEqual(
      simmers(text).filter((line) => line.includes("v1.2.3+1") && !line.includes("_observed_")),
      [
        'smeshnet_simmer_verdict{network="v1.2.3+1",verdict="healthy"} 1',
        ...["slow", "stalled", "split", "blind"].map(
          (verdict) => `smeshnet_simmer_verdict{network="v1.2.3+1",verdict="${verdict}"} 0`,
        ),
        'smeshnet_simmer_needed_seconds{network="v1.2.3+1"} 604800',
        'smeshnet_simmer_top_layer{network="v1.2.3+1"} 30',
        'smeshnet_simmer_verified_layer{network="v1.2.3+1"} 28',
        'smeshnet_simmer_samples_total{network="v1.2.3+1"} 40',
        'smeshnet_simmer_waiting_samples{network="v1.2.3+1"} 0',
        `smeshnet_simmer_last_sample_timestamp_seconds{network="v1.2.3+1"} ${world.now / 1000 - 30}`,
        'smeshnet_simmer_last_entry_number{network="v1.2.3+1"} 42',
      ],
    );
    const healthy = /smeshnet_simmer_observed_seconds_total\{network="v1.2.3\+1",verdict="healthy"\} (\d+)/.exec(text);
    ok(Number(healthy?.[1]) >= 8 * 120, text);
  });

  it("claims nothing of a network whose log was not read yet", async () => {
    const { world, watch, get } = await start();
    world.store.isAway = true;
    await world.looks(await watch("v1.2.4+1"), 0.5);
    const names = simmers((await get("/metrics")).text).map((line) => line.split("{")[0]);
    deepStrictEqual(names, [
      "smeshnet_simmer_needed_seconds",
      "smeshnet_simmer_samples_total",
      "smeshnet_simmer_waiting_samples",
      "smeshnet_simmer_last_sample_timestamp_seconds",
    ]);
  });

  it("forgets a network that is let go", async () => {
    const { world, board, watch, get } = await start();
    const watcher = await watch("v1.2.3+1");
    await world.looks(watcher, 2);
    ok(simmers((await get("/metrics")).text).length > 0);
    board.letGo(watcher);
    deepStrictEqual(simmers((await get("/metrics")).text), []);
  });

  it("is healthy while all is well, and else says what is wrong with each network", async () => {
    const { world, watch, get } = await start();
    deepStrictEqual((await get("/healthz")).text, "ok: 0 networks are watched\n");
    const [first, second] = [await watch("v1.2.3+1"), await watch("v1.2.4+1")];
    await world.looks(first, 1);
    await second.look(world.run);
    const good = await get("/healthz?now");
    deepStrictEqual([good.status, good.text], [200, "ok: 2 networks are watched\n"]);
    world.store.isAway = true;
    await world.looks(first, 1);
    const bad = await get("/healthz");
    deepStrictEqual(
      [bad.status, bad.text],
      [
        503,
        "v1.2.3+1: the store took no sample for 120 s, 4 wait\n" +
          "v1.2.4+1: no sample for 120 s, one is due every 30 s\n",
      ],
    );
  });

  it("answers nothing else", async () => {
    const { get } = await start();
    strictEqual((await get("/")).status, 404);
    strictEqual((await get("/metrics", "POST")).status, 405);
    strictEqual((await get("/healthz", "HEAD")).text, "");
  });

  it("goes on without metrics when the usual address is taken, but refuses one that was asked for", async () => {
    const { shown, endpoint } = await start();
    const said: string[] = [];
    const run = { say: (line: string) => void said.push(line) };
    strictEqual(await endpointOf(undefined, shown, run, endpoint.address), undefined);
    match(
      said.join(),
      /^The watcher cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\. It watches without metrics; give /,
    );
    await rejects(endpointOf(endpoint.address, shown, run), { code: "EndpointUnavailable" });
    const other = await endpointOf("127.0.0.1:0", shown, run);
    ok(other);
    opened.push(other);
  });
});

describe("the metrics of the simmer", () => {
  it("have names by Prometheus' conventions", () => {
    for (const { name, kind } of METRICS) {
      match(name, /^smeshnet_simmer_[a-z_]+$/);
      strictEqual(name.endsWith("_total"), kind === "counter", name);
    }
  });

  it("are those that docs/simmer.md lists", () => {
    const page = readFileSync(join(CHECKOUT, "docs/simmer.md"), "utf8");
    const listed = [...page.matchAll(/^\| `(smeshnet_simmer_\w+)`/gm)].map(([, name]) => name);
    deepStrictEqual(
      listed,
      METRICS.map(({ name }) => name),
    );
  });
});
