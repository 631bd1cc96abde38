import { deepStrictEqual, match, strictEqual } from "node:assert";
import { EventEmitter, once } from "node:events";
import { mkdirSync, watch, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { alertmanagerText } from "../../../infra/deploy/monitoring/alertmanager";
import type { WatchedNetwork } from "../../../infra/deploy/monitoring/network";
import { FILES, prometheusText } from "../../../infra/deploy/monitoring/prometheus";
import { rulesText } from "../../../infra/deploy/monitoring/rules";
import { METRIC_PORTS } from "../../../infra/deploy/monitoring/targets";
import { type Listening, sendText, serveHttp } from "../../../sandbox/chain/serve-http";
import { type Discord, startDiscord } from "../../../sandbox/discord/discord";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { TodayWorld } from "../../support/today-world";
import { toolchain } from "../../support/toolchain";

/** Scrapes of a target in more layers than the rules look back. */
const ENOUGH = 7;

describe("a stall of a simulated network under the real Prometheus and Alertmanager", function () {
  this.timeout(60_000);

  const path = process.env.PATH;
  const scraped = new EventEmitter();
  const servers: Listening[] = [];
  let scrapes = 0;
  let today: TodayWorld;
  let discord: Discord;

  before(async () => {
    process.env.PATH = [toolchain().bin, path].join(delimiter);
    today = await TodayWorld.make(20);
    const { world } = today;
    const nodes = await Promise.all([today.node(1), today.node(2)]);
    const others = { gateway: world.reserve(), explorer: world.reserve() };
    for (const name of ["gateway", "explorer"] as const)
      servers.push(
        await serveHttp(others[name], METRIC_PORTS[name], (_, response) => {
          if (name === "gateway" && ++scrapes === ENOUGH) scraped.emit("enough");
          sendText(response, 200, "");
        }),
      );
    const webhook = { id: "123", token: "token" };
    discord = await startDiscord({ port: 0, webhook, folder: join(world.folder, "discord") });

    const network: WatchedNetwork = {
      tag: "v1.2.3+1",
      driver: "kubernetes",
      genesis: today.genesisTime / 1000,
      layerDuration: 1,
      layersPerEpoch: 2,
      poetPhases: { phaseShift: 1, cycleGap: 0 },
      hasFirstBeacon: true,
      nodes: ["miner-1", "miner-2"],
      poets: [],
      hasTap: false,
    };
    const folderWith = (name: string, files: Readonly<Record<string, string>>) => {
      const folder = join(world.folder, name);
      mkdirSync(folder);
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      return folder;
    };
    const pod = async (name: string, port: number, files: Readonly<Record<string, string>>, env = {}) => {
      const context = world.context(`prom/${name}:v1`, `${name}-5d9c7b6f4-x2x9k`);
      const mounts = {
        [FILES.config]: folderWith(`${name}-config`, files),
        [FILES.secrets]: folderWith(`${name}-secrets`, { webhook: discord.webhookUrl }),
      };
      const storage = name === "prometheus" ? "--storage.tsdb.path" : "--storage.path";
      const args = [
        `--config.file=${mounts[FILES.config]}/${name}.yml`,
        `${storage}=${folderWith(`${name}-data`, {})}`,
        `--web.listen-address=${context.address}:${port}`,
        ...(name === "alertmanager" ? ["--cluster.listen-address="] : []),
      ];
      await world.start({ ...context, mounts, args, env });
      return context.address;
    };
    const alertmanager = await pod("alertmanager", 9093, { "alertmanager.yml": alertmanagerText(network) });
    await pod(
      "prometheus",
      9090,
      { "prometheus.yml": prometheusText(network), "rules.yml": rulesText(network) },
      {
        MINER_1_METRIC_SERVICE_HOST: nodes[0].address,
        MINER_2_METRIC_SERVICE_HOST: nodes[1].address,
        GATEWAY_METRIC_SERVICE_HOST: others.gateway,
        EXPLORER_METRIC_SERVICE_HOST: others.explorer,
        ALERTMANAGER_SERVICE_HOST: alertmanager,
      },
    );
  });
  after(async () => {
    process.env.PATH = path;
    await Promise.all(servers.map((server) => server.close()));
    await discord?.close();
    await today?.end();
  });

  const Embeds = z.array(z.object({ title: z.string(), description: z.string() }));
  const embeds = () => discord.messages().flatMap((message) => Embeds.parse(message.embeds));
  /** The embed of a message, once it is there. */
  async function arrived(title: RegExp) {
    const changes = watch(join(today.world.folder, "discord"));
    try {
      for (;;) {
        const found = embeds().find((embed) => title.test(embed.title));
        if (found) return found;
        await once(changes, "change");
      }
    } finally {
      changes.close();
    }
  }

  it("is a page in Discord that says what to do, and a second message when it is over", async () => {
    if (scrapes < ENOUGH) await once(scraped, "enough");
    deepStrictEqual(embeds(), []); // nothing is wrong yet
    await writeFaults(today.network(), { stall: true });
    const page = await arrived(/page firing/);
    strictEqual(page.title, "v1.2.3+1: page firing, 1 alert");
    match(page.description, /^\*\*The network stalled\*\*\n/);
    match(page.description, /`smeshnet status v1\.2\.3\+1`/);
    await writeFaults(today.network(), {});
    const over = await arrived(/page resolved/);
    match(over.description, /over: The network stalled/);
    const texts = embeds().map(({ description }) => description);
    deepStrictEqual(
      texts.filter((text) => text.includes("miner-1 stalled")),
      [], // the page explains it
    );
  });
});
