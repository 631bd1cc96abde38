import type { V1Deployment } from "@kubernetes/client-node";
import { z } from "zod";
import { apiError } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import { parsedJson, valueAt } from "../../../base/lib/json";
import { sameKnown } from "../../../base/lib/same-known";
import type { NetworkFacts } from "../../../base/model/network-facts";
import type { NetworkSpec } from "../../../base/model/network-spec";
import { exposedAt, outsideAddresses } from "../../../base/observe/exposed";
import type { Store } from "../../../base/store/contract";
import { imagesOf } from "../images";
import { lastRecord } from "./ownership";
import type { ClusterFound, Progress } from "./plan";
import type { NetworkObjects, Platform } from "./platform";
import type { SpacecraftSpec } from "./spec";

/** What exists of a network. With an answering API server also its kubeconfig, and its facts if it is complete. */
export interface Inspection {
  readonly found: ClusterFound;
  readonly kubeconfig?: string;
  readonly facts?: NetworkFacts;
}

/** Inspects the cluster with the network's name. Changes nothing. */
export async function inspect(
  spec: SpacecraftSpec,
  store: Store,
  platform: Platform,
  signal: AbortSignal,
): Promise<Inspection> {
  const cluster = await platform.describe(spec, signal);
  if (!cluster) return { found: { cluster: "absent" } };
  const found: ClusterFound = {
    cluster: "present",
    status: cluster.status,
    createTime: cluster.createTime,
    ...(await lastRecord(store, spec.cluster)),
  };
  if (cluster.status === "PROVISIONING" || cluster.status === "STOPPING") return { found };
  const kubeconfig = await platform.kubeconfig(spec, signal);
  const objects = await objectsOf(platform, kubeconfig, spec);
  if (!objects) return { found, kubeconfig };
  const progress = progressOf(objects, spec);
  return {
    found: { ...found, marker: objects.marker?.data?.tag, progress },
    kubeconfig,
    facts: progress.missing.length === 0 ? factsOf(objects, spec) : undefined,
  };
}

/** Undefined when the API server does not answer: then nothing is known about the network. */
async function objectsOf(
  platform: Platform,
  kubeconfig: string,
  { cluster }: SpacecraftSpec,
): Promise<NetworkObjects | undefined> {
  try {
    return await platform.objects(kubeconfig);
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw apiError(`Cluster ${cluster} cannot be read`, error);
  }
}

function isUnreachable(error: unknown): boolean {
  const code = valueAt(error, ["code"]) ?? valueAt(error, ["cause", "code"]);
  return ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND"].includes(String(code));
}

/** How far a network got, judged by Deployments, Services and pods and not by claims. */
export function progressOf(objects: NetworkObjects, spec: NetworkSpec): Progress {
  const named = (prefix: string) =>
    objects.deployments.filter(({ metadata }) => metadata?.name?.match(`^${prefix}-\\d+$`));
  const ready = (all: V1Deployment[]) => all.filter(({ status }) => (status?.readyReplicas ?? 0) >= 1).length;
  const [miners, poets] = [named("miner"), named("poet")];
  const missing: string[] = [];
  if (ready(miners) < Math.max(spec.miners, miners.length))
    missing.push(`${ready(miners)} of ${spec.miners} miners ready`);
  if (ready(poets) < Math.max(spec.poets, poets.length)) missing.push(`${ready(poets)} of ${spec.poets} poets ready`);
  for (const { metadata } of [...miners, ...poets]) {
    const name = metadata?.name;
    if (!objects.services.some((service) => sameKnown(service.metadata?.name, name)))
      missing.push(`no service ${name}`);
  }
  const { mixed } = imagesOf(objects.pods, spec.miners);
  if (mixed !== undefined) missing.push(mixed);
  return { miners: miners.length, readyMiners: ready(miners), poets: poets.length, readyPoets: ready(poets), missing };
}

/**
 * The facts of a complete network. @throws {UserError} when go-spacecraft created something else than its source says
 */
export function factsOf(objects: NetworkObjects, spec: NetworkSpec): NetworkFacts {
  if (outsideAddresses(objects.nodes).length === 0) throw unexpected(spec, "no node with an external IPv4 address");
  const address = (kind: string, index: number, port: string): string => {
    const found = exposedAt(objects, `${kind}-${index}`, port);
    if (found === undefined) throw unexpected(spec, `no node port ${port} of service ${kind}-${index}`);
    return found;
  };
  const last = `miner-${spec.miners}`;
  const nodeConfig = objects.configMaps.find(({ metadata }) => metadata?.name === last)?.data?.["config.json"];
  const { success, data: config } = NodeConfig.safeParse(parsedJson(nodeConfig ?? ""));
  if (!nodeConfig || !success) throw unexpected(spec, `no valid config of ${last}`);
  const { nodeImage } = imagesOf(objects.pods, spec.miners);
  return {
    tag: spec.tag,
    cluster: spec.cluster,
    genesisTime: config.main["genesis-time"],
    layerDuration: config.main["layer-duration-sec"],
    layersPerEpoch: config.main["layers-per-epoch"],
    netId: config.p2p["network-id"],
    nodes: range1(spec.miners).map((i) => ({
      name: `miner-${i}`,
      grpc: address("miner", i, "grpcport"),
      json: address("miner", i, "jsonport"),
    })),
    poets: range1(spec.poets).map((i) => ({ name: `poet-${i}`, rest: address("poet", i, "restport") })),
    nodeConfig,
    ...(nodeImage === undefined ? {} : { nodeImage }),
  };
}

const unexpected = ({ cluster }: NetworkSpec, missing: string): UserError =>
  new UserError(
    "ClusterUnexpected",
    `Cluster ${cluster} has ${missing}.`,
    "Check the version of go-spacecraft, then run the command again.",
  );

/** The keys of a node's config that go-spacecraft fills in. */
const NodeConfig = z.looseObject({
  main: z.looseObject({
    "genesis-time": z.string(),
    "layer-duration-sec": z.number(),
    "layers-per-epoch": z.number(),
  }),
  p2p: z.looseObject({ "network-id": z.number() }),
});

const range1 = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
