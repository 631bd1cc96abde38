import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readBack } from "../../../infra/archive/read-back";
import { archiveNetwork } from "../../../infra/archive/run";
import { collectSeries, SERIES_KEY } from "../../../infra/archive/series";
import { runWith } from "../../../infra/base/lib/run";
import { NetworkFacts } from "../../../infra/base/model/network-facts";
import { openStore } from "../../../infra/base/store/open";
import { lifeWindow, MAIN_SERIES, selectorOf } from "../../../infra/deploy/monitoring/series";
import { LogApi } from "../../support/log-api";
import { Prometheus, promtool } from "../../support/prometheus";
import { KEYED } from "../../support/record-key";

const TAG = "v1.2.3+1";

/** A network that began half an hour ago, with a sample of each series in each minute. */
const END = Math.floor(Date.now() / 1000);
const BEGIN = END - 1800;
const NODE = 'job="node",instance="miner-1"';
const CURVES: readonly (readonly [series: string, value: (minute: number) => number | string])[] = [
  [`up{${NODE}}`, (minute) => Number(minute < 20)],
  [`spacemesh_tortoise_state_layers{${NODE},kind="verified"}`, (minute) => minute * 2],
  [`spacemesh_tortoise_state_layers{${NODE},kind="last"}`, (minute) => minute * 2 + 1],
  [`spacemesh_tortoise_state_layers{${NODE},kind="evicted"}`, () => 7],
  [`spacemesh_clock_peers_offset{${NODE}}`, (minute) => (minute === 3 ? "NaN" : minute === 4 ? "-Inf" : -0.25)],
  ['poet_round_members_total{job="poet",instance="poet-1",id="a \\"b\\" \\\\ c"}', (minute) => minute],
];
const SOURCE = `${CURVES.flatMap(([series, value]) =>
  Array.from({ length: 30 }, (_, minute) => `${series} ${value(minute)} ${BEGIN + minute * 60}\n`),
).join("")}# EOF\n`;

const FACTS = NetworkFacts.parse({
  tag: TAG,
  cluster: "v1-2-3-1",
  genesisTime: new Date(BEGIN * 1000).toISOString(),
  layerDuration: 60,
  layersPerEpoch: 5,
  netId: 7,
  nodes: [],
  poets: [],
  nodeConfig: "{}",
});
const RECORD = { tag: TAG, documents: { "facts.json": FACTS, "config.json": { monitoring: true } } };

const Answer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.unknown() })) }),
});

describe("the main series of a network with the real Prometheus", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-series-"));
  const api = new LogApi();
  const running: Prometheus[] = [];
  const store = openStore(`file://${folder}/store`, KEYED);
  const run = runWith();
  let folders = 0;
  let kubeconfig: string;

  before(async () => {
    mkdirSync(join(folder, "store"));
    kubeconfig = await api.start();
  });
  after(async () => {
    await Promise.all(running.map((one) => one.stop()));
    api.stop();
    rmSync(folder, { recursive: true });
  });

  async function prometheusWith(name: string, openMetrics: string): Promise<Prometheus> {
    mkdirSync(join(folder, name, "data"), { recursive: true });
    await promtool("tsdb", "create-blocks-from", "openmetrics", openMetrics, join(folder, name, "data"));
    const started = await Prometheus.start(join(folder, name));
    running.push(started);
    return started;
  }

  async function seriesOf({ url }: Prometheus) {
    const window = lifeWindow({ genesis: BEGIN, layerDuration: 60 }, END);
    const answers = MAIN_SERIES.map(async (series) => {
      const query = new URLSearchParams({ query: selectorOf(series) });
      for (const [name, value] of Object.entries(window)) query.set(name, `${value}`);
      const answer = await fetch(`${url}/api/v1/query_range?${query}`);
      return Answer.parse(await answer.json()).data.result;
    });
    return (await Promise.all(answers)).flat();
  }

  it("are loaded again from an archive as they were", async () => {
    writeFileSync(join(folder, "source.om"), SOURCE);
    const source = await prometheusWith("source", join(folder, "source.om"));
    api.askPrometheus = (path) => fetch(source.url + path);
    const atEnd = runWith({ clock: { ...run.clock, now: () => END * 1000 } });
    const archive = await archiveNetwork({ store, record: RECORD, kubeconfig }, atEnd);
    deepStrictEqual(archive.gaps?.filter(({ kind }) => kind === "series") ?? [], []);
    const object = archive.objects.find(({ key }) => key === SERIES_KEY);
    ok(object);
    const file = createWriteStream(join(folder, "archived.om"));
    strictEqual(await readBack(store, `archives/${TAG}/1/`, object, file), undefined);

    const loaded = await seriesOf(await prometheusWith("loaded", join(folder, "archived.om")));
    const kept = (await seriesOf(source)).map(({ metric, values }) => ({
      metric: { ...metric, network: TAG },
      values,
    }));
    strictEqual(kept.length, CURVES.length - 1); // layers that nobody asks for are left out
    deepStrictEqual(sorted(loaded), sorted(kept));
  });

  it("are a gap that stops no retirement when there is no Prometheus, or the account may not ask it", async () => {
    for (const [status, message] of [
      [404, 'services "prometheus" not found'],
      [403, 'services "prometheus" is forbidden'],
    ] as const) {
      api.askPrometheus = async () => Response.json({ kind: "Status", message }, { status });
      const { gap, gaps, objects } = await archiveNetwork({ store, record: RECORD, kubeconfig }, run);
      strictEqual(gap, undefined);
      deepStrictEqual(
        gaps?.filter(({ kind }) => kind === "series"),
        [{ kind: "series", saw: `up: ${message}` }],
      );
      ok(!objects.some(({ key }) => key === SERIES_KEY));
    }
  });

  const collect = (options: { readonly mostBytes?: number; readonly patience?: number }) =>
    collectSeries({ store, folder: `archives/${TAG}/9${++folders}/`, kubeconfig, facts: FACTS, ...options }, run);

  it("are asked for again while the API server has no way to Prometheus", async () => {
    let asked = 0;
    api.askPrometheus = async () => {
      asked += 1;
      return Response.json({ message: "no endpoints available" }, { status: 503 });
    };
    const { gaps } = await collect({ patience: 0.1 });
    strictEqual(asked, 2);
    match(gaps[0]?.saw ?? "", /^up: no endpoints available$/);
  });

  it("are kept without those that Prometheus refuses, or that are too many", async () => {
    const [source] = running;
    api.askPrometheus = async (path) =>
      path.includes("query=up&") ? Response.json({ error: "too many" }, { status: 422 }) : fetch(source?.url + path);
    const refused = await collect({});
    deepStrictEqual([refused.objects.length, refused.gaps.length], [1, 1]);
    match(refused.gaps[0]?.saw ?? "", /^up: /);
    const large = await collect({ mostBytes: 2000 });
    match(
      large.gaps[0]?.saw ?? "",
      /; all after spacemesh_tortoise_state_layers, since they have more than 2000 bytes$/,
    );
    ok((large.objects[0]?.content?.bytes ?? 2001) <= 2000);
  });
});

const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one, keysOf(all))).sort();
const keysOf = (all: readonly unknown[]): string[] => {
  const keys = new Set<string>();
  JSON.stringify(all, (key, value: unknown) => {
    keys.add(key);
    return value;
  });
  return [...keys].sort();
};
