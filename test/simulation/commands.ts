import { ApiError } from "../../infra/base/clients/kubernetes/request";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../infra/base/model/network-facts";
import type { PoetPhases } from "../../infra/base/model/network-spec";
import type { Versions } from "../../infra/base/model/versions";
import type { ServiceCalls } from "../../infra/base/observe/services";
import type { Store } from "../../infra/base/store/contract";
import { moveBranchOf } from "../../infra/deploy/branch";
import { networkListed } from "../../infra/deploy/discovery";
import { namesResolved } from "../../infra/deploy/dns";
import { makePassword } from "../../infra/deploy/explorer/password";
import { gatewayAlive } from "../../infra/deploy/gateway/alive";
import { pageServed } from "../../infra/deploy/info-page/served";
import type { NetworkDriver } from "../../infra/deploy/network/driver";
import type { Platform } from "../../infra/deploy/network/spacecraft/platform";
import { poetReady } from "../../infra/deploy/poet";
import { requirePassed } from "../../infra/deploy/smoke/report";
import { smokeTest } from "../../infra/deploy/smoke/run";
import { handOut } from "../../infra/tls/hand-out";
import { ADDRESS } from "./graph";
import { answersOf } from "./life";
import { platformOf } from "./platform";
import type { Process } from "./time";
import type { World } from "./world";

/** How a driver of networks is made. */
export type MakeDriver = (store: Store, platform: Platform) => NetworkDriver;

/** One run of a step's command line. */
export interface Call {
  readonly world: World;
  readonly process: Process;
  readonly signal: AbortSignal;
  readonly driver: MakeDriver;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs a step's command line: the same body in infra/ as its file in scripts/steps, with the world in place of the
 * clients.
 * @returns the JSON document that it prints
 */
export async function runCommandLine(commandLine: string, call: Call): Promise<unknown> {
  const [, text = ""] = /^exec node scripts\/smeshnet\.cjs step (.*)$/.exec(commandLine) ?? [];
  const [name = "", action = "", first = "", second = ""] = text.split(" ");
  const body = STEPS[name === "smoke" ? name : `${name} ${action}`];
  if (!body) throw new Error(`no simulation of ${commandLine}`);
  const run: Run = { signal: call.signal, say: () => undefined, clock: call.process };
  return body(call, run, first, second);
}

type Body = (call: Call, run: Run, first: string, second: string) => Promise<unknown>;

const STEPS: Readonly<Record<string, Body>> = {
  "branch move": ({ world, process, environment }, _run, branch, tag) =>
    moveBranchOf(world.remote(process), read(environment, "NODE_REPOSITORY"), branch, {
      tag,
      commit: environment.COMMIT,
    }),

  "history open": async ({ process }) => ({ openedAt: new Date(process.now()).toISOString() }),

  "network up": ({ world, process, driver, environment }, run) =>
    driver(world.store(process), platformOf(world.cloud, process)).up(document(environment, "NETWORK_SPEC"), run),

  "poet wait": ({ world, process, environment }, run, name) => {
    const address = read(environment, "POET_ADDRESS");
    const options = { name, address, phases: document<PoetPhases>(environment, "POET_PHASES") };
    return poetReady({ ...options, limit: limitOf(environment) }, run, answersOf(world.cloud, process).poet);
  },

  async smoke({ world, process, environment }, run, _flag, limit) {
    const options = {
      facts: document<NetworkFacts>(environment, "NETWORK_FACTS"),
      versions: document<Versions>(environment, "VERSIONS"),
      commit: read(environment, "COMMIT"),
      poetPhases: document<PoetPhases>(environment, "POET_PHASES"),
      limitLayers: Number(limit),
    };
    const report = await smokeTest(options, run, answersOf(world.cloud, process));
    requirePassed(report, "smeshnet deploy");
    return report;
  },

  "explorer password"({ world, process, environment }, run) {
    const kubeconfig = read(environment, "KUBECONFIG_TEXT");
    return makePassword({ kubeconfig, namespace: read(environment, "NAMESPACE") }, run, {
      async create(path, object) {
        await process.sleep(0.1);
        const { ours } = world.cloud.api(kubeconfig);
        if (ours.has(path)) throw new ApiError(409, "already exists", "AlreadyExists");
        ours.set(path, process.now());
        return object;
      },
    });
  },

  async "gateway tls"({ world, process, signal, environment }) {
    const kubeconfig = read(environment, "KUBECONFIG_TEXT");
    const write = async <T>(path: string, object: T) => {
      await process.sleep(0.1);
      world.cloud.api(kubeconfig).ours.set(path, process.now());
      return object;
    };
    const api = { find: async () => undefined, create: write, apply: write };
    await handOut({ generation: 1, chain: "", privateKey: "" }, kubeconfig, { list: async () => [] }, signal, api);
    return { generation: 1 };
  },

  "gateway alive"(call, run) {
    const { world, process, environment } = call;
    const kubeconfig = read(environment, "KUBECONFIG_TEXT");
    const endpoints = document<Endpoints>(environment, "ENDPOINTS");
    const facts = document<NetworkFacts>(environment, "NETWORK_FACTS");
    return gatewayAlive({ kubeconfig, endpoints, facts, limit: limitOf(environment) }, run, {
      service: () => gatewayService(call),
      pods: async () => [],
      at: async (published) => published,
      calls: calls(world, process, facts),
      isLocal: true,
    });
  },

  "archive probe": ({ world, process }) => world.store(process).probe(),

  "discovery listed": ({ world, process, environment }, run, tag) => {
    const { entry } = document<{ entry: unknown }>(environment, "ENTRY");
    const options = { tag: parseBuildTag(tag), entry, discoveryUrl: read(environment, "DISCOVERY_URL") };
    return networkListed({ ...options, names: NAMES, limit: limitOf(environment) }, run, (url) =>
      get(world, process, url),
    );
  },

  "dns resolved"({ world, process, environment }, run, tag) {
    const endpoints = document<Endpoints>(environment, "ENDPOINTS");
    const facts = document<NetworkFacts>(environment, "NETWORK_FACTS");
    const options = { tag: parseBuildTag(tag), endpoints, address: read(environment, "ADDRESS") };
    return namesResolved({ ...options, names: NAMES, limit: limitOf(environment) }, run, {
      async addresses(host) {
        await process.sleep(0.05);
        return world.outside.lookup(host, "A");
      },
      texts: async (host) => world.outside.lookup(host, "TXT"),
      grpc: calls(world, process, facts).grpc,
      at: async (published) => published,
      allAt: async (published) => [published],
    });
  },

  "page served"({ world, process, environment }, run, tag) {
    const options = {
      tag: parseBuildTag(tag),
      sha256: read(environment, "PAGE_SHA256"),
      pageUrl: read(environment, "PAGE_URL"),
      discoveryUrl: read(environment, "DISCOVERY_URL"),
    };
    return pageServed({ ...options, names: NAMES, limit: limitOf(environment) }, run, (url) =>
      get(world, process, url),
    );
  },
};

/** The world knows its own names. */
const NAMES = { servers: [], zone: "" };

/** The gateway's Service as the API server shows it. */
async function gatewayService({ world, process, environment }: Call) {
  await process.sleep(0.1);
  const cluster = world.cloud.api(read(environment, "KUBECONFIG_TEXT"));
  const madeAt = cluster.ours.get("Service gateway");
  if (madeAt === undefined)
    throw new UserError(
      "ApiFailed",
      "The gateway's service cannot be read: the cluster's API answers 404.",
      "Wait for it.",
    );
  const delay = world.faults.get("gateway without address")?.at ?? 20;
  return process.now() - madeAt < delay * 1000 ? {} : { status: { loadBalancer: { ingress: [{ ip: ADDRESS }] } } };
}

/** Calls through the gateway, which answers a while after its Deployment is there. */
function calls({ cloud, faults }: World, process: Process, facts: NetworkFacts): ServiceCalls {
  const genesis = Math.floor(Date.parse(facts.genesisTime) / 1000);
  const slow = faults.get("gateway is slow to answer")?.at ?? 5;
  const reach = async (host: string) => {
    await process.sleep(0.1);
    const madeAt = cloud.cluster?.ours.get("Deployment gateway");
    if (madeAt === undefined || process.now() - madeAt < slow * 1000) {
      throw new UserError(
        "ServiceSilent",
        `${host} at ${ADDRESS} does not answer: connect ECONNREFUSED.`,
        "Wait for it.",
      );
    }
  };
  const poetPhases = '{"phaseShift":"30s","cycleGap":"10s"}';
  return {
    async grpc({ endpoints }) {
      await reach(endpoints.apiHost);
      return (await answersOf(cloud, process).node("gateway:30001")).genesisId;
    },
    async http(url) {
      await reach(url);
      const genesisid = faults.get("explorer of another network") ? "0bad" : "9eeb";
      const body = url.endsWith("network-info")
        ? JSON.stringify({ network: { genesisid, genesis, lastlayer: 3 } })
        : poetPhases;
      return { status: 200, headers: {}, body };
    },
    async dashboard(url) {
      await reach(url);
      return { network: "9eeb", genesis };
    },
  };
}

/** A page or list, by its public URL. */
async function get(world: World, process: Process, url: string): Promise<{ status: number; body: string }> {
  await process.sleep(0.2);
  const { hostname, pathname } = new URL(url);
  if (hostname.startsWith("discover.")) return world.outside.edge(pathname.slice(1));
  world.outside.lookup(hostname, "A");
  const page = world.cloud.cluster?.ours.get("ConfigMap page");
  return page === undefined ? { status: 404, body: "" } : { status: 200, body: world.pageInCluster };
}

const limitOf = (environment: Readonly<Record<string, string>>): number => Number(read(environment, "READY_TIMEOUT"));

/** A document that the program wrote; scripts/steps parse it, and this world's engine only hands it on. */
const document = <T>(environment: Readonly<Record<string, string>>, name: string): T =>
  JSON.parse(read(environment, name)) as T;

function read(environment: Readonly<Record<string, string>>, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
