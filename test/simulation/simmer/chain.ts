import { statusV1 } from "../../../infra/base/clients/node/messages";
import { UserError } from "../../../infra/base/lib/errors";
import type { NodeStatus } from "../../../infra/base/model/sample";
import type { WatchedNode } from "../../../infra/base/observe/network-sample";
import type { FaultHistory, FaultPeriod } from "../../../sandbox/chain/fault-history";
import { type NodeState, nodeState, rootAt } from "../../../sandbox/chain/node/node-state";
import { type Lie, type Week, within } from "./week";

/** Start of layer 0, in milliseconds since 1970. */
export const GENESIS = Date.parse("2026-01-01T00:00:00Z");

/** The simulated chain of a week: the sandbox's own, with more faults around it. */
export class SimulatedChain {
  private readonly config;
  private readonly history: FaultHistory;
  private readonly roots = new Map<string, string>();
  private readonly stale = new Map<number, NodeStatus[]>();
  readonly genesisId: string;

  constructor(private readonly week: Week) {
    this.config = configOf(week);
    this.history = historyOf(week);
    this.genesisId = this.stateOf(1, 0).genesisId.toString("hex");
  }

  /** A node's answer. @param time true time, in seconds since genesis @throws {UserError} when it does not answer */
  answer(node: number, time: number, layer: number | undefined): WatchedNode {
    const { week } = this;
    if (week.blindness.some((span) => within(time, span))) throw silent();
    if (week.partitions.some(({ span, nodes }) => nodes.includes(node) && within(time, span))) throw silent();
    if (week.outages.some((outage) => outage.node === node && within(time, outage.span))) throw silent();
    const state = this.stateOf(node, time + (week.nodeSkew[node - 1] ?? 0));
    const honest: NodeStatus = {
      connectedPeers: week.nodes - 1,
      isSynced: state.isSynced,
      syncedLayer: state.syncedLayer,
      topLayer: state.topLayer,
      verifiedLayer: state.verifiedLayer,
    };
    const root = layer === undefined ? undefined : this.rootOf(state, layer);
    const lie = week.liars.find((liar) => liar.node === node)?.lie;
    const told = lie
      ? lied(lie, node, { genesisId: this.genesisId, status: honest, root })
      : { genesisId: this.genesisId, status: honest, root };
    return { ...told, status: this.spoil(node, time, told.status) };
  }

  private stateOf(node: number, time: number): NodeState {
    const restarts = this.week.outages.filter((outage) => outage.node === node && outage.span[1] <= time);
    const startedAt = GENESIS + Math.max(0, ...restarts.map(({ span }) => span[1])) * 1000 - 60_000;
    return nodeState(this.config, this.history, { name: `miner-${node}`, startedAt }, GENESIS + time * 1000);
  }

  /** One layer in eight has no root. */
  private rootOf(state: NodeState, layer: number): string {
    if (layer % 8 === 5 || layer > state.verifiedLayer) return "";
    const isForked = state.forkedFrom !== undefined && layer >= state.forkedFrom;
    const key = `${layer} ${isForked}`;
    const known = this.roots.get(key);
    if (known !== undefined) return known;
    const root = rootAt(this.config, state, layer).toString("hex");
    this.roots.set(key, root);
    return root;
  }

  private spoil(node: number, time: number, status: NodeStatus): NodeStatus {
    const how = this.week.spoiled.find((one) => one.node === node && within(time, one.span))?.how;
    if (!how) return status;
    const earlier = this.stale.get(node) ?? [];
    this.stale.set(node, [...earlier, status].slice(-6));
    switch (how) {
      case "late":
        return earlier[0] ?? status;
      case "duplicate":
        return earlier.at(-1) ?? status;
      case "reordered":
        return Math.floor(time) % 2 === 0 ? (earlier.at(-2) ?? status) : status;
      case "text":
        return statusV1(raw(status, String));
      case "left-out":
        return statusV1({ status: Math.floor(time) % 3 === 0 ? {} : raw(status, Number).status });
    }
  }
}

const raw = (status: NodeStatus, write: (layer: number) => unknown) => ({
  status: {
    is_synced: status.isSynced,
    synced_layer: { number: write(status.syncedLayer) },
    top_layer: { number: write(status.topLayer) },
    verified_layer: { number: write(status.verifiedLayer) },
  },
});

function lied(lie: Lie, node: number, answer: WatchedNode): WatchedNode {
  const { status } = answer;
  switch (lie) {
    case "frozen":
      return { ...answer, status: { ...status, verifiedLayer: Math.min(status.verifiedLayer, 30) } };
    case "ahead":
      return { ...answer, status: { ...status, verifiedLayer: status.topLayer } };
    case "impossible":
      return { ...answer, status: { ...status, verifiedLayer: status.topLayer + 5000 } };
    case "other-root":
      return answer.root ? { ...answer, root: `${node}`.repeat(64).slice(0, 64) } : answer;
    case "half-root":
      return answer.root ? { ...answer, root: "ab".repeat(32) } : answer;
    case "other-genesis":
      return { ...answer, genesisId: "00".repeat(20) };
    case "far-clock":
      return { ...answer, status: { ...status, topLayer: status.topLayer + 350_000 } };
  }
}

const silent = () => new UserError("NodeSilent", "It does not answer.", "");

const configOf = ({ layerDuration, layersPerEpoch }: Week) => ({
  genesisTime: GENESIS,
  layerDuration,
  layersPerEpoch,
  genesisText: new Date(GENESIS).toISOString(),
  extraData: "",
  maxTransactionsPerSecond: 0,
});

/** Failures and slow times as the sandbox's chain takes them. */
function historyOf({ failures, slow }: Week): FaultPeriod[] {
  const edges = [...failures, ...slow].flatMap(({ span }) => [...span]).sort((a, b) => a - b);
  return edges.map((since) => {
    const failing = failures.filter(({ span }) => within(since, span));
    const factor = slow.find(({ span }) => within(since, span))?.factor;
    return {
      since: GENESIS + since * 1000,
      faults: {
        ...(failing.some(({ kind }) => kind === "stall") && { stall: true }),
        ...(failing.some(({ kind }) => kind === "split") && { split: true }),
        ...(factor !== undefined && { slow: factor }),
      },
    };
  });
}
