import { type Alert, kubectl, seconds } from "./alert";
import { epochOf, type WatchedNetwork } from "./network";

/** Layers for which a poet may stand. */
const STALL = 4;

/** Alerts about poets of today. Without a poet's proof nobody publishes an activation. */
export function poetAlerts(network: WatchedNetwork): readonly Alert[] {
  const { genesis, layerDuration: layer } = network;
  const { phaseShift, cycleGap } = network.poetPhases;
  const epoch = epochOf(network);
  const first = genesis + phaseShift;
  // Round n runs from epoch n + phaseShift until a cycle gap before its end. Before the first there is none.
  const round = `on (id) count_values("id", floor((vector(time()) - ${first}) / ${epoch}))`;
  const runs = `on () (vector((time() - ${first}) % ${epoch}) < ${epoch - cycleGap})`;
  const logs = (poet: string) => `\`${kubectl(network, `logs deploy/${poet}`)}\``;
  return [
    {
      name: "NoPoetMembers",
      severity: "page",
      after: layer,
      expression: `sum(poet_round_members_total and ${round}) == 0`,
      summary: "No poet has a member in its round",
      description:
        "Nobody will publish an activation, and the network stops. Look for failed registrations: " +
        `${logs("poet-1")}.`,
    },
    {
      name: "PoetWithoutMembers",
      severity: "ticket",
      after: layer,
      expression: `poet_round_members_total == 0 and ${round}`,
      summary: "{{ $labels.instance }} has no member in round {{ $labels.id }}",
      description:
        "Nodes do not reach the poet, or refuse it. Look for failed registrations: " +
        `${logs("{{ $labels.instance }}")}.`,
    },
    {
      name: "PoetStalled",
      severity: "page",
      after: layer,
      expression: `changes(poet_round_leaves_total[${seconds(STALL * layer)}]) == 0 and ${round} and ${runs}`,
      summary: "{{ $labels.instance }} does not go on with round {{ $labels.id }}",
      description:
        "Its members miss an epoch. Restart it, it goes on from its disk: " +
        `\`${kubectl(network, "rollout restart deploy/{{ $labels.instance }}")}\`.`,
    },
  ];
}
