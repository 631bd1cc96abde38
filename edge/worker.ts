/**
 * The edge: the network list and the pages. Each request builds its answer from KV, which has one key for each network.
 * The Worker holds no state. So networks come and go without a change to it, and pages outlive their network.
 *
 * Keys: `network:1_2_3_1` (`{"tag","entry"}`), `config:1_2_3_1` (node config), `page:1_2_3_1`, `page:testnet` (HTML).
 * Each retired network has a record `history:1_2_3_1:OPENED_AT`, which is never changed (infra/base/model/edge.ts).
 * `recap:1_2_3_1:OPENED_AT` beside it tells where its postmortem or recap stands.
 * A network's watcher keeps `simmer:1_2_3_1`, from which the Worker draws plots (edge/simmer.ts), and puts its
 * certificate at `certificate:1_2_3_1`. A deployment that failed is at `failed:1_2_3_1` until one succeeds (edge/failed.ts).
 *
 * A channel's page is also served at the channel's own host, e.g. test.net.spacemesh.io.
 */

import { type DeploymentFailure, readDeploymentFailure } from "../infra/base/model/deployment-failure";
import { AS_WRITTEN, edgeKeys, edgePrefixes } from "../infra/base/model/edge";
import { readSimmerSummary, type SimmerSummary } from "../infra/base/model/simmer-summary";
import { simmerPlot } from "../infra/base/web/simmer/plot";
import {
  type Content,
  contentAnswer,
  freshAnswer,
  freshPage,
  freshPicture,
  methodAnswer,
  preflightAnswer,
} from "./answer";
import { channelAt } from "./channels";
import { failedPage, failedSection, failureOfLife } from "./failed";
import { publicRecord, type Retired } from "./history";
import { emptyChannelPage, indexPage } from "./index-page";
import { newestFirst, readNetwork, sortNames } from "./networks";
import { retiredPage, retiredSection, withSection } from "./retired";
import { noSimmerPicture, simmerOfLife } from "./simmer";
import { namesUnder, storedFailures, storedHistory, storedNetworks, storedSimmers } from "./store";

export interface Env {
  readonly NETWORKS: KVNamespace;
  /** The names of channels by their hosts, as JSON. */
  readonly CHANNELS?: string;
  /** Public URL of the index, ending in a slash. */
  readonly DISCOVERY_URL?: string;
}

/** `/networks/NAME`, `/networks/NAME.json` and what is below: `config.json`, `simmer.json`,
 * `simmer.svg` and `certificate.json`. */
const NETWORK_PATH =
  /^\/networks\/(?<name>[A-Za-z0-9_-]+)(?<part>\.json|\/config\.json|\/simmer\.(?:json|svg)|\/certificate\.json)?$/;

export default {
  async fetch(request, { NETWORKS: kv, CHANNELS, DISCOVERY_URL = "/networks.json" }): Promise<Response> {
    if (request.method === "OPTIONS") return preflightAnswer();
    if (request.method !== "GET" && request.method !== "HEAD") return methodAnswer(request.method);
    const { hostname, pathname: path, search } = new URL(request.url);
    try {
      if (path === "/health") return await health(kv);
      const channel = path === "/" ? channelAt(hostname, CHANNELS) : undefined;
      if (channel) {
        const page = stored(await kv.get(edgeKeys.page(channel)), "html");
        return page
          ? await contentAnswer(page, request, DISCOVERY_URL)
          : freshPage(404, emptyChannelPage(channel, DISCOVERY_URL));
      }
      const content = await contentAt(path, kv, search === AS_WRITTEN);
      if (content) return await contentAnswer(content, request, DISCOVERY_URL);
      const { name, part } = NETWORK_PATH.exec(path)?.groups ?? {};
      if (name !== undefined && part === "/simmer.svg") return freshPicture(404, noSimmerPicture(name));
      return freshAnswer(404, { error: `Nothing exists at ${path}.`, networks: "/networks.json" });
    } catch (error) {
      console.error(`${request.method} ${path}:`, error);
      return freshAnswer(500, { error: "The store of networks does not answer. Try again in a minute." });
    }
  },
} satisfies ExportedHandler<Env>;

/** @param asWritten leaves out the notices that the Worker adds to a network's page */
async function contentAt(path: string, kv: KVNamespace, asWritten: boolean): Promise<Content | undefined> {
  if (path === "/") return { type: "html", body: await index(kv) };
  if (path === "/networks.json") return { type: "json", body: await list(kv) };
  if (path === "/failures.json") return { type: "json", body: pretty([...(await failures(kv)).values()]) };
  if (path === "/history.json") return { type: "json", body: pretty((await storedHistory(kv)).map(publicRecord)) };
  const { name, part } = NETWORK_PATH.exec(path)?.groups ?? {};
  if (name === undefined) return undefined;
  if (part === undefined) return stored(await (asWritten ? kv.get(edgeKeys.page(name)) : page(name, kv)), "html");
  if (part === "/config.json") return stored(await kv.get(edgeKeys.config(name)), "json");
  if (part.startsWith("/simmer.") || part === "/certificate.json") return simmer(name, part, kv);
  const network = readNetwork(name, (await kv.get(edgeKeys.network(name))) ?? "");
  return network && { type: "json", body: pretty(network.entry) };
}

const stored = (body: string | null, type: Content["type"]): Content | undefined =>
  body === null ? undefined : { type, body };

/**
 * A network's page, with a notice when its deployment failed or it is retired. A tag that was deployed again is not
 * retired.
 */
async function page(name: string, kv: KVNamespace): Promise<string | null> {
  const [page, network, failed] = await Promise.all([
    kv.get(edgeKeys.page(name)),
    kv.get(edgeKeys.network(name)),
    kv.get(edgeKeys.failed(name)),
  ]);
  const history = network === null || failed !== null ? await storedHistory(kv, name) : [];
  const failure = failureOfLife(readDeploymentFailure(failed ?? ""), history);
  // A network gets its page after its entry in the list. Without an entry, a stored page tells of a former life.
  if (failure) return page && network ? withSection(page, failedSection(failure)) : failedPage(failure);
  const [retired] = network === null ? history : [];
  if (!retired) return page;
  const simmer = simmerOfLife((await storedSimmers(kv, [name])).get(name), history, false);
  return page === null ? retiredPage(retired, simmer) : withSection(page, retiredSection(retired, simmer));
}

/** The plot of a network's simmer, the summary that its watcher stored, or the certificate. */
async function simmer(name: string, part: string, kv: KVNamespace): Promise<Content | undefined> {
  const [text, network, history] = await Promise.all([
    kv.get(edgeKeys.simmer(name)),
    kv.get(edgeKeys.network(name)),
    storedHistory(kv, name),
  ]);
  const summary = simmerOfLife(readSimmerSummary(text ?? ""), history, network !== null);
  if (!summary) return undefined;
  if (part === "/simmer.json") return stored(text, "json");
  if (part === "/certificate.json") {
    return summary.certifiedAt === undefined ? undefined : stored(await kv.get(edgeKeys.certificate(name)), "json");
  }
  return { type: "svg", body: simmerPlot(summary, network === null ? undefined : Date.now()) };
}

/** Failures of networks that are neither complete nor retired, by name. */
async function failures(kv: KVNamespace, history?: readonly Retired[]): Promise<Map<string, DeploymentFailure>> {
  const [stored, retired] = await Promise.all([storedFailures(kv), history ?? storedHistory(kv)]);
  return new Map(
    [...stored].filter(([name, failure]) =>
      failureOfLife(
        failure,
        retired.filter((one) => one.name === name),
      ),
    ),
  );
}

async function list(kv: KVNamespace): Promise<string> {
  const { networks } = await storedNetworks(kv);
  return pretty(newestFirst(networks).map(({ entry }) => entry));
}

async function index(kv: KVNamespace): Promise<string> {
  const [pageNames, networkNames, retired] = await Promise.all([
    namesUnder(kv, edgePrefixes.page),
    namesUnder(kv, edgePrefixes.network),
    storedHistory(kv),
  ]);
  const pages = sortNames(pageNames);
  const failed = await failures(kv, retired);
  const running = new Set(networkNames);
  const known = new Set([...networkNames, ...failed.keys(), ...retired.map(({ name }) => name)]);
  const shown = pages.networks.filter((name) => running.has(name));
  const lists = { channels: pages.channels, running: shown, others: pages.networks.filter((name) => !known.has(name)) };
  const simmers = new Map<string, SimmerSummary>();
  for (const [name, stored] of await storedSimmers(kv, shown)) {
    const history = retired.filter((one) => one.name === name);
    const simmer = simmerOfLife(stored, history, true);
    if (simmer) simmers.set(name, simmer);
  }
  return indexPage({ ...lists, failed, retired, simmers }, Date.now());
}

/** The number of networks in the list, and the number of stored values that are broken. */
async function health(kv: KVNamespace): Promise<Response> {
  const { networks, broken } = await storedNetworks(kv);
  const status = broken.length === 0 ? "ok" : "degraded";
  return freshAnswer(200, { status, networks: networks.length, broken: broken.length });
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
