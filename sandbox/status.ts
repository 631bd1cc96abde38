import { listJobs } from "./git/jobs";
import { type Driver, driverOf, requireWorld, type World } from "./home";
import { listClusters } from "./kubernetes/cluster";
import { SHARED } from "./kubernetes/cluster-record";
import { recordedProcesses } from "./kubernetes/process-records";
import { sharedNetworks } from "./kubernetes/shared";
import { directoryOf, originOf } from "./tls/public-side";
import { WORLD } from "./up";

/** What runs in a sandbox. */
export interface Status {
  readonly home: string;
  readonly running: boolean;
  readonly driver: Driver;
  readonly services: Readonly<Record<string, string>>;
  readonly clusters: readonly { name: string; status: string }[];
  /** Namespaces of the networks in the shared cluster. */
  readonly networks: readonly string[];
  /** The user's executables, by image repository. */
  readonly programs: Readonly<Record<string, string>>;
  readonly deployments: readonly { tag: string; state: string }[];
}

export function status(home: string): Status {
  const world = requireWorld(home);
  return {
    home,
    running: recordedProcesses(home).has(WORLD),
    driver: driverOf(world),
    services: services(world),
    clusters: listClusters(home).map(({ name, status }) => ({ name, status })),
    networks: sharedNetworks(home),
    programs: Object.fromEntries(Object.entries(world.programs ?? {}).map(([name, { path }]) => [name, path])),
    deployments: listJobs(home).map(({ tag, exitCode }) => ({ tag, state: stateOf(exitCode) })),
  };
}

/** Renders the status for people, one fact per line. */
export function renderStatus(status: Status): string {
  const { home, running, driver, services, clusters, networks, programs, deployments } = status;
  const rows = [
    `sandbox      ${running ? "up" : "stopped, start it with: npm run sandbox -- up"}   ${home}`,
    `driver       ${driver}`,
    ...Object.entries(services).map(([name, address]) => `${name.padEnd(12)} ${address}`),
    ...clusters.map(({ name, status }) => `cluster      ${name}   ${status}`),
    ...networks.map((namespace) => `network      ${namespace}   namespace of the cluster ${SHARED}`),
    ...Object.entries(programs).map(([repository, path]) => `program      ${repository}   ${path}`),
    ...deployments.map(({ tag, state }) => `deployment   ${tag}   ${state}`),
  ];
  return rows.join("\n");
}

const services = ({ ports, edgeAddress, publicPort, tls, zone }: World): Record<string, string> => ({
  cloudflare: `http://127.0.0.1:${ports.cloudflare}/client/v4`,
  dns: `127.0.0.1:${ports.dns} (zone ${zone})`,
  discord: `http://127.0.0.1:${ports.discord}`,
  github: `http://127.0.0.1:${ports.github}`,
  edge: `${originOf({ tls, publicPort }, `discover.net.${zone}`)} at ${edgeAddress}`,
  ...(tls && { authority: `${directoryOf(tls.authority)} (pebble)` }),
});

function stateOf(exitCode: number | null | undefined): string {
  if (exitCode === undefined) return "running";
  if (exitCode === null) return "interrupted";
  return exitCode === 0 ? "done" : `failed (exit ${exitCode})`;
}
