import { homedir } from "node:os";
import { join } from "node:path";
import { as, defineCommand, flag, flagWithDefault, toggle } from "../../infra/base/cli/command";
import { DEPLOYING, DISCORD } from "../../infra/base/cli/environment";
import { buildTags, file } from "../../infra/base/cli/flags";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { buildTag, stackName } from "../../infra/base/model/build-tag";
import { hostPort, seconds } from "../../infra/base/model/formats";

export const command = defineCommand({
  about: [
    "Watches networks and judges each: healthy, slow, stalled, split or blind. Without a tag it watches every network of the " +
      "backend. It takes new ones up and lets retired ones go. Each sample goes into a log in the archive store, where " +
      "nobody can change it.",
    "A network that is stalled or split for too long is retired (settings simmerLimit and simmerAct), unless a channel " +
      "points to it. Changes of a verdict are posted to Discord if DISCORD_WEBHOOK is set.",
    "The command runs until it is interrupted, and may be killed at any time. Several watchers of one network are fine: " +
      "each needs a folder of its own.",
    "While it runs it serves /metrics for Prometheus and /healthz: 200 while every network is sampled and its samples reach " +
      "the store, else 503 with a line for each network.",
  ],
  arguments: { tags: buildTags },
  flags: {
    once: toggle("Take one sample of each network and end; for a scheduled job."),
    every: flag("SECONDS", as(seconds), "Time between two samples. Default: a quarter of a layer, at most a minute."),
    search: flagWithDefault("SECONDS", as(seconds), "Time between two searches for networks.", "300"),
    listen: flag(
      "HOST:PORT",
      as(hostPort),
      "Where to serve metrics and health; not with --once. Default: 127.0.0.1:9464, if it is free.",
    ),
    folder: flag("FOLDER", file, "Where samples wait for the store. Default: ~/.local/state/smeshnet."),
  },
  environment: [...DEPLOYING, ...DISCORD],
  examples: [
    ["smeshnet simmer watch", "Watch all networks until you interrupt it."],
    [
      "smeshnet simmer watch v1.2.3+1 --once --every 300",
      "Take one sample of a network, from a job every five minutes.",
    ],
  ],
  async run({ tags }, { once, every, search, listen, folder }, run) {
    const [
      { openStoreOfProject },
      { openWorld, handsOf, kubeconfigOfNetwork, nodesToday },
      { followNodes },
      { WatcherFolder },
      { Spool },
      { SimmerLog },
      { NetworkWatcher },
      { watchFleet },
      { Board },
      { endpointOf },
      { metricsOf },
      { runningNetworks, termsOf, intervalOf },
      { sampleNetwork },
      { vantagePoints },
      { KeptClients },
      { proxyInto },
      { draftRecap },
      { RecapDuty },
    ] = await Promise.all([
      import("../store.js"),
      import("./world.js"),
      import("../../infra/simmer/addresses.js"),
      import("../../infra/simmer/disk.js"),
      import("../../infra/simmer/spool.js"),
      import("../../infra/simmer/log.js"),
      import("../../infra/simmer/watcher.js"),
      import("../../infra/simmer/fleet.js"),
      import("../../infra/simmer/board.js"),
      import("../../infra/simmer/endpoint.js"),
      import("../../infra/simmer/metrics.js"),
      import("../../infra/simmer/networks.js"),
      import("../../infra/base/observe/network-sample.js"),
      import("../../infra/base/observe/vantage.js"),
      import("../../infra/base/clients/node/kept.js"),
      import("../../infra/base/observe/nodes.js"),
      import("../../infra/recap/draft.js"),
      import("../../infra/recap/duty.js"),
    ]);
    const { settings, store } = await openStoreOfProject();
    const world = await openWorld(settings, store, run);
    const state = process.env.XDG_STATE_HOME || join(homedir(), ".local/state");
    const own = await WatcherFolder.open(folder ?? join(state, "smeshnet"));
    const board = new Board(run.clock, search);
    const wanted = tags.map(buildTag);
    const missed = new Set<string>();
    const recaps = new RecapDuty(world, (tag) => draftRecap(tag, world, run), search);
    const find = async () => {
      const all = await runningNetworks(run);
      board.found();
      if (settings.simmerAct === "retire") recaps.start(run); // a watcher that only alerts has no rights for it
      if (wanted.length === 0) return all;
      const found = all.filter((network) => wanted.includes(buildTag(network.tag)));
      for (const tag of wanted) {
        const isThere = found.some((network) => buildTag(network.tag) === tag);
        if (!isThere && !missed.has(tag)) notDeployed(tag, once, run);
        if (isThere) missed.delete(tag);
        else missed.add(tag);
      }
      return found;
    };
    const watch = async (network: Awaited<ReturnType<typeof find>>[number], { signal }: { signal: AbortSignal }) => {
      const ownRun = { ...run, signal };
      const name = buildTag(network.tag);
      const { facts, endpoints, genesisId } = network.outputs;
      const spool = await Spool.open(own.medium(`${stackName(network.tag)}-${genesisId.slice(0, 16)}`), (lines) =>
        run.say(`${name}: ${lines} torn lines were cut off the samples that wait`),
      );
      const names = { servers: settings.dnsServers, zone: settings.zone };
      const proxy = proxyInto(facts, () => kubeconfigOfNetwork(network, world, ownRun), signal);
      const clients = new KeptClients(undefined, proxy);
      const followed = {
        nodes: facts.nodes,
        sample: (nodes: typeof facts.nodes, layer: number | undefined) =>
          sampleNetwork(vantagePoints({ nodes, driver: facts.driver }, endpoints, names, clients), layer, ownRun),
        today: () => nodesToday(network, world, ownRun),
        tag: name,
      };
      const watcher = new NetworkWatcher({
        tag: name,
        page: endpoints.page,
        terms: termsOf(network, settings),
        log: new SimmerLog(store, name, genesisId),
        spool,
        watcher: own.id,
        every: every ?? intervalOf(network),
        ask: followNodes(followed, ownRun),
        hands: handsOf(network, world, run), // a retirement goes on when its network is let go
        limit: settings.simmerLimit,
        act: settings.simmerAct,
        looked: (one) => board.looked(one),
      });
      if (network.isLeaving) return watcher.completeRetirement(ownRun);
      board.take(watcher);
      try {
        await watcher.watch(ownRun, once);
        if (once && watcher.waiting > 0) throw waiting(name, watcher.waiting);
      } finally {
        board.letGo(watcher);
        clients.close();
      }
    };
    let endpoint: Awaited<ReturnType<typeof endpointOf>>;
    try {
      if (once) await Promise.all((await find()).map((network) => watch(network, run)));
      else {
        endpoint = await endpointOf(listen, { metrics: metricsOf(board), board }, run);
        await watchFleet({ find, watch, every: search }, run);
      }
    } finally {
      await recaps.settled();
      await endpoint?.close();
      await own.close();
    }
  },
});

/** A job must not end well when its sample has not reached the log. */
const waiting = (tag: string, samples: number): UserError =>
  new UserError(
    "SamplesWaiting",
    `${samples} samples of ${tag} wait on this disk, since the store does not take them.`,
    "Run the command again from the same folder when the store answers. Nothing is lost.",
  );

/** A tag that is not deployed may be deployed soon. @throws {UserError} when the only sample is of no network */
function notDeployed(tag: string, once: boolean, run: Run): void {
  if (once) {
    throw new UserError(
      "NetworkNotReady",
      `${tag} is not deployed, so there is nothing to watch.`,
      `Run \`smeshnet deploy ${tag}\`.`,
    );
  }
  run.say(`${tag}: not deployed; it is watched as soon as it is`);
}
