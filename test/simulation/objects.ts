import type { V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { nodeConfig } from "../../infra/deploy/network/spacecraft/cli-config";
import type { NetworkObjects } from "../../infra/deploy/network/spacecraft/platform";
import { spacecraftSpec } from "../../infra/deploy/network/spacecraft/spec";

/** Address of the one machine of a simulated cluster. */
const MACHINE = "203.0.113.1";

/** A miner or poet that go-spacecraft has made. */
export interface Made {
  readonly ready: boolean;
  readonly service: boolean;
}

/** What an API server lists of a network. */
export function objectsOf(
  spec: NetworkSpec,
  made: ReadonlyMap<string, Made>,
  genesisTime: string,
  marker: string | undefined,
): NetworkObjects {
  const names = [...made.keys()];
  return {
    marker: marker === undefined ? undefined : { data: { tag: marker } },
    deployments: [...made].map(
      ([name, { ready }]): V1Deployment => ({ metadata: { name }, status: ready ? { readyReplicas: 1 } : {} }),
    ),
    services: [...made].flatMap(([name, { service }]) => (service ? [serviceOf(name)] : [])),
    configMaps: names.map((name) => ({ metadata: { name }, data: { "config.json": config(spec, genesisTime) } })),
    nodes: [{ status: { addresses: [{ type: "ExternalIP", address: MACHINE }] } }],
    pods: names.map(podOf),
  };
}

export const wholeNetwork = (spec: NetworkSpec, genesisTime: string): NetworkObjects =>
  objectsOf(spec, new Map(namesOf(spec).map((name) => [name, { ready: true, service: true }])), genesisTime, spec.tag);

/** All that go-spacecraft makes, in its order. */
export const namesOf = ({ miners, poets }: NetworkSpec): string[] => [
  ...numbered("poet", poets),
  ...numbered("miner", miners),
];

/** The miner or poet at an address. */
export function nameAt(address: string): string {
  const port = Number(address.split(":")[1]);
  const kind = port >= 32000 ? "poet" : "miner";
  return `${kind}-${port % 1000}`;
}

function serviceOf(name: string): V1Service {
  const number = Number(name.split("-")[1]);
  const ports = name.startsWith("poet")
    ? [{ name: "restport", port: 5000, nodePort: 32000 + number }]
    : [
        { name: "grpcport", port: 6000, nodePort: 30000 + number },
        { name: "jsonport", port: 7000, nodePort: 31000 + number },
      ];
  return { metadata: { name }, spec: { ports } };
}

/** All run the image of one digest. */
function podOf(name: string): V1Pod {
  const [container = ""] = name.split("-");
  const imageID = `docker.io/spacemeshos/${container}@sha256:${"5".repeat(64)}`;
  const state = { name: container, image: container, imageID, ready: true, restartCount: 0 };
  return { metadata: { labels: { name } }, status: { phase: "Running", containerStatuses: [state] } };
}

function config(spec: NetworkSpec, genesisTime: string): string {
  const { main, ...rest } = nodeConfig(spacecraftSpec(spec)) as { main: object };
  return JSON.stringify({ ...rest, main: { ...main, "genesis-time": genesisTime } });
}

const numbered = (kind: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${kind}-${i + 1}`);
