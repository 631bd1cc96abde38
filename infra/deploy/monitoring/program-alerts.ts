import { type Alert, kubectl, seconds } from "./alert";
import type { WatchedNetwork } from "./network";

/** Longest absence of what everybody needs, in seconds. */
const LONGEST_ABSENCE = 120;

/** Layers in which a program may start once. */
const RESTART_LAYERS = 12;

/** Layers in which a watcher takes a sample. It takes one or more each layer. */
const SAMPLE_LAYERS = 4;

/** Alerts about programs: whether they answer, and how often they start. They hold for nodes of each era. */
export function programAlerts(network: WatchedNetwork): readonly Alert[] {
  const { tag, driver, layerDuration: layer, nodes, watcher } = network;
  const soon = Math.min(LONGEST_ABSENCE, 2 * layer);
  const pods = `\`${kubectl(network, "get pods")}\``;
  const alerts: Alert[] = [
    {
      name: "NodesDown",
      severity: "page",
      after: soon,
      expression: `count(up{job="node"} == 0) * 2 >= ${nodes.length}`,
      summary: "Half of the nodes or more are down",
      description: `They do not answer. Look at the pods and their machines: ${pods}.`,
    },
    {
      name: "TargetDown",
      severity: "ticket",
      after: 2 * layer,
      expression: 'up{job=~"node|poet"} == 0',
      summary: "{{ $labels.instance }} does not answer",
      description:
        "Read what it said before it ended: " +
        `\`${kubectl(network, "logs deploy/{{ $labels.instance }} --previous")}\`.`,
    },
    {
      name: "GatewayDown",
      severity: "page",
      after: soon,
      expression: 'up{job="gateway"} == 0',
      summary: "The gateway does not answer",
      description:
        `No user reaches the network. Look at the pod \`gateway\`: ${pods}. Then run \`smeshnet status ` + `${tag}\`.`,
    },
    ...(driver === "kubernetes" ? [explorerDown(network)] : []),
    {
      name: "Restarts",
      severity: "ticket",
      after: layer,
      expression: `changes(process_start_time_seconds{job=~"node|poet"}[${seconds(RESTART_LAYERS * layer)}]) >= 2`,
      summary: "{{ $labels.instance }} started {{ $value }} times again",
      description:
        "A program that ends itself says why in its last lines: " +
        `\`${kubectl(network, "logs deploy/{{ $labels.instance }} --previous")}\`.`,
    },
  ];
  if (watcher === undefined) return alerts;
  const sampled = `smeshnet_simmer_last_sample_timestamp_seconds{network="${tag}"}`;
  return [
    ...alerts,
    {
      name: "WatcherGone",
      severity: "ticket",
      after: layer,
      expression: `up{job="watcher"} == 0 or time() - ${sampled} > ${SAMPLE_LAYERS * layer}`,
      summary: "Nobody watches the simmer",
      description:
        "The week does not go on while nobody samples the network. Start `smeshnet simmer watch` again; " +
        "docs/simmer.md shows its systemd unit.",
    },
  ];
}

/** The era's explorer has no metrics. */
const explorerDown = (network: WatchedNetwork): Alert => ({
  name: "ExplorerDown",
  severity: "ticket",
  after: 2 * network.layerDuration,
  expression: 'up{job="explorer"} == 0',
  summary: "The explorer's statistics do not answer",
  description:
    "The explorer shows no layers. It reads the database of the last node; look at that pod: " +
    `\`${kubectl(network, "get pods")}\`.`,
});
