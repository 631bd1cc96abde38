import { firstDashboardMessage } from "../clients/dashboard";
import { addressesOf, type NameServers, request } from "../clients/dns";
import { readNetworkInfo } from "../clients/explorer";
import { parseArray } from "../clients/http";
import { askNode } from "../clients/node/client";
import { targetByName } from "../clients/node/grpc";
import { readPoetInfo } from "../clients/poet";
import { UserError } from "../lib/errors";
import { type BuildTag, buildTag } from "../model/build-tag";
import { edgeUrls } from "../model/edge";
import { networkEndpoints, publicUrl } from "../model/endpoints";
import type { Settings } from "../model/settings";

/** One thing the public can see of a network. */
export interface PublicCheck {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen, in words. */
  readonly saw: string;
}

/** Looks at a network as the public does: by its names only. */
export function publicView(tag: BuildTag, settings: Settings): Promise<PublicCheck[]> {
  const names: NameServers = { servers: settings.dnsServers, zone: settings.zone };
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const edge = edgeUrls(publicUrl(settings.discoveryHost, settings), tag);
  const sights: [string, () => Promise<string>][] = [
    ["name", async () => `${endpoints.pageHost} is ${(await addressesOf(endpoints.pageHost, names)).join(", ")}`],
    ["page", () => page(endpoints.page, names)],
    ["page at the edge", () => page(edge.page, names)],
    ["list", () => list(edge.list, tag, names)],
    ["gRPC", () => grpc(endpoints.grpc, names)],
    ["explorer", () => explorer(`${endpoints.explorerApi}network-info`, names)],
    ["dashboard", () => dashboard(endpoints.dashApi, names)],
    ...endpoints.poets.map((url, i): [string, () => Promise<string>] => [`poet ${i + 1}`, () => poet(url, names)]),
  ];
  return Promise.all(sights.map(([what, look]) => sight(what, look)));
}

async function sight(what: string, look: () => Promise<string>): Promise<PublicCheck> {
  try {
    return { what, ok: true, saw: await look() };
  } catch (error) {
    if (error instanceof UserError) return { what, ok: false, saw: error.message };
    throw error;
  }
}

async function page(url: string, names: NameServers): Promise<string> {
  const { status, body } = await request(url, names);
  if (status !== 200) throw new UserError(`${url} answers ${status}`);
  const title = /<title>([^<]*)/.exec(body)?.[1] ?? "no title";
  return `${url} (${title}; ${body.length} bytes)`;
}

async function list(url: string, tag: BuildTag, names: NameServers): Promise<string> {
  const { status, body } = await request(url, names);
  if (status !== 200) throw new UserError(`${url} answers ${status}`);
  const listed = parseArray(url, body).map((item) => (item as { netName?: unknown } | null)?.netName);
  if (!listed.includes(buildTag(tag))) throw new UserError(`${url} does not list it`);
  return `${url} lists ${listed.join(", ")}`;
}

async function grpc(url: string, names: NameServers): Promise<string> {
  const { host, hostname } = new URL(url);
  const [address] = await addressesOf(hostname, names);
  const status = await askNode(targetByName(url, address as string), (node) => node.status());
  const { connectedPeers, isSynced, topLayer, verifiedLayer } = status;
  const synced = isSynced ? "synced" : "not synced";
  return `${host} spacemesh.v1.NodeService/Status: layer ${topLayer}, verified ${verifiedLayer}, ${synced}, ${connectedPeers} peers`;
}

async function explorer(url: string, names: NameServers): Promise<string> {
  const { genesisId, layer } = readNetworkInfo(await request(url, names));
  return `${url}: layer ${layer}, genesis ${genesisId}`;
}

async function dashboard(url: string, names: NameServers): Promise<string> {
  const [address] = await addressesOf(new URL(url).hostname, names);
  const { network } = await firstDashboardMessage(url, address as string);
  return `${url}: genesis ${network}`;
}

async function poet(url: string, names: NameServers): Promise<string> {
  const info = readPoetInfo((await request(`${url}v1/info`, names)).body);
  const state = info.kind === "rounds" ? `open round ${info.openRound}` : `phase shift ${info.phaseShift} s`;
  return `${url}: ${state}`;
}
