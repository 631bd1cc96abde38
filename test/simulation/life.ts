import { UserError } from "../../infra/base/lib/errors";
import { effectiveGenesis } from "../../infra/base/model/network-facts";
import type { NodeAnswer, PoetInfo } from "../../infra/base/model/sample";
import type { NodeCalls } from "../../infra/base/observe/nodes";
import { layerAt } from "../../infra/deploy/smoke/network-clock";
import type { Cloud, Cluster } from "./cloud";
import { GENESIS_ID, SPEC, VERSIONS } from "./graph";
import { nameAt } from "./objects";
import type { Process } from "./time";

/** The nodes and poets of the cluster, as they answer to one process. */
export function answersOf(cloud: Cloud, process: Process): NodeCalls {
  return {
    async node(grpc) {
      await process.sleep(0.05);
      return node(cloud, nameAt(grpc));
    },
    async stateRoot(grpc, layer) {
      await process.sleep(0.05);
      alive(cloud, nameAt(grpc));
      const other = cloud.faults.get("split network") !== undefined && nameAt(grpc) === "miner-2";
      return `${other ? "bad" : "a11"}${layer}`;
    },
    async poet(rest) {
      await process.sleep(0.05);
      return poet(cloud, nameAt(rest));
    },
  };
}

function node(cloud: Cloud, name: string): NodeAnswer {
  const { faults } = cloud;
  const { genesisTime } = alive(cloud, name);
  if (faults.get("deaf node") && name === "miner-3") throw silent(name);
  const odd = name === "miner-2";
  const top = layerAt({ ...SPEC, genesisTime } as unknown as Parameters<typeof layerAt>[0], cloud.now);
  const stuck = faults.get("stalled network") ? effectiveGenesis(SPEC) + 1 : top - 1;
  return {
    version: odd && faults.get("other version") ? "v0.0.1" : VERSIONS.node.version,
    genesisId: odd && faults.get("other genesis") ? "0bad" : GENESIS_ID,
    status: {
      connectedPeers: 3,
      isSynced: top > 0,
      syncedLayer: top,
      topLayer: top,
      verifiedLayer: Math.max(0, Math.min(top - 1, stuck)),
    },
  };
}

function poet(cloud: Cloud, name: string): PoetInfo {
  const { faults } = cloud;
  const cluster = alive(cloud, name);
  const late = faults.get("late poet")?.at ?? 0;
  const age = (cloud.now - cluster.runningAt) / 1000;
  if ((faults.get("dead poet") && name === "poet-2") || age < late) throw silent(name);
  const { phaseShift, cycleGap } = SPEC.poetPhases;
  return { kind: "phases", phaseShift: faults.get("poet with other phases") ? 1 : phaseShift, cycleGap };
}

/** The cluster in which somebody runs. @throws {UserError} as a client does when nobody does. */
function alive(cloud: Cloud, name: string): Cluster {
  const { cluster } = cloud;
  if (!cluster || cluster.foreign || !cluster.made.get(name)?.ready) throw silent(name);
  return cluster;
}

const silent = (name: string): UserError =>
  new UserError("ServiceSilent", `${name} does not answer: connect ECONNREFUSED.`, "Check its pod.");
