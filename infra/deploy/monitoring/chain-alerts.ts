import { type Alert, from, kubectl, seconds } from "./alert";
import { epochOf, firstBlocks, type WatchedNetwork } from "./network";

/** Layers without progress that make a stall, as the watcher of a simmer counts. */
const STALL = 4;

/** Layers by which a node's layers may trail each other, and nodes may trail each other. */
const LAG = 3;

/** Layers over which consensus is judged. */
const HARE_LAYERS = 10;

/** Seconds by which a clock may differ. Ten rounds with 10 s end a node. */
const CLOCK_OFFSET = 2;

/** Part of the disk that a database may take. */
const FULL = 0.8;

const VERIFIED = 'spacemesh_tortoise_state_layers{kind="verified"}';
const LATE_PROOFS = 'spacemesh_activation_publish_window_seconds_count{condition="late"}';
const PEERS = "spacemesh_p2p_total_peers";

/**
 * Alerts about the chain, by the metrics of today's nodes (go-spacemesh 1.8). Most begin with the first blocks: until
 * then nodes have no layer to verify.
 */
export function chainAlerts(network: WatchedNetwork): readonly Alert[] {
  const { tag, layerDuration: layer, nodes } = network;
  const begin = firstBlocks(network);
  const settled = begin + 2 * STALL * layer; // the first verification, and a whole window after it
  const moves = `changes(${VERIFIED}[${seconds(STALL * layer)}]) > 0`;
  const stands = `up{job="node"} == 1 unless on (instance) (${moves})`;
  const status = `Run \`smeshnet status ${tag}\`.`;
  return [
    {
      name: "NetworkStalled",
      severity: "page",
      after: layer,
      expression: from(settled, `count(${stands}) * 2 >= ${nodes.length}`),
      summary: "The network stalled",
      description:
        `Half of the nodes or more verified no layer for ${STALL} layers. ${status} Then read the log of a ` +
        `node: \`${kubectl(network, "logs deploy/miner-1")}\`.`,
    },
    {
      name: "NodeStalled",
      severity: "ticket",
      after: layer,
      expression: from(settled, stands),
      summary: "{{ $labels.instance }} stalled",
      description:
        `The node verified no layer for ${STALL} layers, though it answers. Read its log: ` +
        `\`${kubectl(network, "logs deploy/{{ $labels.instance }}")}\`.`,
    },
    {
      name: "VerifiedBehind",
      severity: "ticket",
      after: 2 * layer,
      expression: from(settled, `spacemesh_tortoise_state_layers{kind="last"} - ignoring (kind) ${VERIFIED} > ${LAG}`),
      summary: "{{ $labels.instance }} verifies {{ $value }} layers behind its last one",
      description:
        `More than ${LAG} layers wait to be verified. Look for late ballots in its log, and whether it has the ` +
        "processor time it asks for.",
    },
    {
      name: "NodesApart",
      severity: "ticket",
      after: 2 * layer,
      expression: from(settled, `max(spacemesh_vm_applied_layer) - min(spacemesh_vm_applied_layer) > ${LAG}`),
      summary: "Nodes applied layers that are {{ $value }} apart",
      description: `A node does not follow the others. ${status} It names the node that is behind.`,
    },
    {
      name: "SplitByBeacons",
      severity: "page",
      after: layer,
      expression: from(
        begin,
        "count by (epoch) (count by (epoch, beacon) (spacemesh_beacons_beacon_calculated_weight)) > 1",
      ),
      summary: "Nodes have {{ $value }} beacons for epoch {{ $labels.epoch }}",
      description:
        "The network splits when that epoch begins, and does not heal. Save the logs (`smeshnet archive " +
        `sync\`), then retire it: \`smeshnet retire ${tag} --why TEXT\`.`,
    },
    {
      name: "NoPeers",
      severity: "ticket",
      after: 2 * layer,
      expression: `${PEERS} == 0`,
      summary: "{{ $labels.instance }} has no peers",
      description:
        "Nobody hears the node. Before genesis this is the only sign of it. Compare its boot nodes and network " +
        `with a node that has peers: \`${kubectl(network, "logs deploy/{{ $labels.instance }}")}\`.`,
    },
    {
      name: "HareFails",
      severity: "ticket",
      after: 2 * layer,
      expression: from(begin + HARE_LAYERS * layer, hareFails(HARE_LAYERS * layer)),
      summary: "Consensus fails on {{ $labels.instance }}",
      description:
        `Fewer than half of the last ${HARE_LAYERS} layers reached consensus there, though it has peers. Look ` +
        "for dropped messages in its log, and for a boot node that hears no gossip.",
    },
    {
      name: "SelfHealing",
      severity: "ticket",
      after: STALL * layer,
      expression: from(begin, "spacemesh_tortoise_mode == 1"),
      summary: "{{ $labels.instance }} counts all votes again",
      description:
        "The node lost the vote of the majority and heals itself. If it does not end within an epoch, compare " +
        `its state with the others: \`smeshnet status ${tag}\`.`,
    },
    {
      name: "ClockOffset",
      severity: "ticket",
      after: layer,
      expression: `abs(spacemesh_clock_peers_offset) > ${CLOCK_OFFSET}`,
      summary: "The clock of {{ $labels.instance }} differs by {{ $value }} s",
      description: "The node ends itself at 10 s. Check the time service of the machine that runs it.",
    },
    ...smeshingAlerts(network),
    ...diskAlerts(network),
  ];
}

/** The share of layers with a result. Nodes of 1.8 have hare 3 and hare 4, and count each by itself. */
function hareFails(window: number): string {
  const sessions = (hare: string, stage: string) =>
    `increase(spacemesh_${hare}_session{stage="${stage}"}[${seconds(window)}])`;
  const fails = ["hare", "hare4"].map(
    (hare) => `${sessions(hare, "result")} / ignoring (stage) ${sessions(hare, "started")} < 0.5`,
  );
  return `(${fails.join(" or ")}) and on (instance) ${PEERS} > 0`;
}

/** Epoch n as a label, so that a metric with such a label can be picked by the time. */
const epochLabel = (label: string, epoch: string): string => `count_values("${label}", ${epoch})`;

/** Alerts about activations: nobody may make blocks in an epoch for which nobody published one. */
function smeshingAlerts(network: WatchedNetwork): readonly Alert[] {
  const { genesis, layerDuration: layer, tag } = network;
  const { cycleGap } = network.poetPhases;
  const epoch = epochOf(network);
  const next = epochLabel("epoch", `floor((vector(time()) - ${genesis}) / ${epoch}) + 1`);
  const isLate = `vector((time() - ${genesis}) % ${epoch}) > ${epoch - cycleGap}`;
  return [
    {
      name: "PostTooLate",
      severity: "ticket",
      after: layer,
      expression: `increase(${LATE_PROOFS}[${seconds(epoch)}]) > 0`,
      summary: "{{ $labels.instance }} proved its storage too late",
      description:
        "Its proof was ready after the poet's round had begun, so it misses an epoch. Give the node more " +
        "processor time, or the poet a longer cycle gap.",
    },
    {
      name: "NoNextActivations",
      severity: "page",
      after: Math.min(layer, cycleGap / 2),
      expression: from(
        genesis + epoch, // the first activations are for epoch 2
        `(max(spacemesh_consensus_cache_atxs and on (epoch) ${next}) or vector(0)) == 0 and on () ` +
          `(${isLate}) and on () (count(up{job="node"} == 1) > 0)`,
      ),
      summary: "Nobody published an activation for the next epoch",
      description:
        "The network makes no blocks in the next epoch. Look at the poets: " +
        `\`${kubectl(network, "logs deploy/poet-1")}\`. If all fail, retire ${tag}.`,
    },
  ];
}

function diskAlerts({ nodeDisk, layerDuration: layer }: WatchedNetwork): readonly Alert[] {
  if (nodeDisk === undefined) return [];
  return [
    {
      name: "DiskFull",
      severity: "ticket",
      after: layer,
      expression: `sum by (instance) (spacemesh_database_total_size) > ${Math.floor(FULL * nodeDisk)}`,
      summary: "The disk of {{ $labels.instance }} is nearly full",
      description:
        `Its database takes more than ${FULL * 100} % of its disk. Enlarge the claim of the node, and the ` +
        "setting `resources` for the next network.",
    },
  ];
}
