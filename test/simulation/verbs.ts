import { UserError } from "../../infra/base/lib/errors";
import { type Look, waitFor } from "../../infra/base/lib/wait";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { edgeUrls } from "../../infra/base/model/edge";
import { type Endpoints, hostsOf } from "../../infra/base/model/endpoints";
import { effectiveGenesis, type NetworkFacts } from "../../infra/base/model/network-facts";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Versions } from "../../infra/base/model/versions";
import { entryInList, ownedBy, pointsTo, samePage } from "../../infra/base/observe/as-written";
import { allAnswer, type ServiceCalls } from "../../infra/base/observe/services";
import type { Store } from "../../infra/base/store/contract";
import { moveBranchOf } from "../../infra/deploy/branch";
import { addressOf } from "../../infra/deploy/gateway/address";
import type { NetworkDriver } from "../../infra/deploy/network/driver";
import type { Platform } from "../../infra/deploy/network/spacecraft/platform";
import { poetAsConfigured } from "../../infra/deploy/poet";
import { shortcomings } from "../../infra/deploy/smoke/report";
import { runSmoke } from "../../infra/deploy/smoke/run";
import { ADDRESS } from "./graph";
import { answersOf } from "./life";
import type { Process } from "./time";
import type { World } from "./world";

/** How a driver of networks is made. */
export type MakeDriver = (store: Store, say: (line: string) => void, platform: Platform) => NetworkDriver;

/** One run of a verb. */
export interface Call {
  readonly world: World;
  readonly process: Process;
  readonly signal: AbortSignal;
  readonly driver: MakeDriver;
  readonly environment: Readonly<Record<string, string>>;
}

const quiet = (): void => undefined;

/**
 * Runs a verb's command line. Each is what its file in scripts/ is, with the world in the place of the clients.
 * @returns the JSON document that it prints
 */
export async function runVerb(commandLine: string, call: Call): Promise<unknown> {
  const [, verb = "", rest = ""] =
    /^exec node -r \.\/infra\/preload\.cjs scripts\/(\w+)\.ts (.*)$/.exec(commandLine) ?? [];
  const [action = "", first = "", second = ""] = rest.split(" ");
  const run = VERBS[verb === "smoke" ? verb : `${verb} ${action}`];
  if (!run) throw new Error(`no simulation of ${commandLine}`);
  return run(call, first, second);
}

const VERBS: Readonly<Record<string, (call: Call, first: string, second: string) => Promise<unknown>>> = {
  "branch move": ({ world, process, environment }, branch, tag) =>
    moveBranchOf(world.remote(process), read(environment, "NODE_REPOSITORY"), branch, tag),

  "history open": async ({ process }) => ({ openedAt: new Date(process.now()).toISOString() }),

  "network up": ({ world, process, signal, driver, environment }) => {
    const spec = JSON.parse(read(environment, "NETWORK_SPEC")) as NetworkSpec;
    return driver(world.store(process), quiet, world.cloud.platform(process)).up(spec, signal);
  },

  "poet wait": ({ world, process, signal, environment }, name) => {
    const address = read(environment, "POET_ADDRESS");
    const wanted = JSON.parse(read(environment, "POET_PHASES")) as { phaseShift: number; cycleGap: number };
    const { poet } = answersOf(world.cloud, process);
    const look = async () => poetAsConfigured(await poet(address), wanted);
    return waitFor(look, { what: `${name} at ${address}`, limit: limitOf(environment), signal, clock: process });
  },

  async smoke({ world, process, signal, environment }) {
    const facts = JSON.parse(read(environment, "NETWORK_FACTS")) as NetworkFacts;
    const manifest = JSON.parse(read(environment, "MANIFEST")) as Versions;
    const expected = {
      tag: facts.tag,
      nodeVersion: manifest.node.version,
      effectiveGenesis: effectiveGenesis(facts),
      poetPhases: JSON.parse(read(environment, "POET_PHASES")),
    };
    const asking = answersOf(world.cloud, process);
    const report = await runSmoke({ facts, expected, limitLayers: 6, signal, say: quiet, clock: process, asking });
    if (!report.passed) throw new UserError(`the smoke test of ${facts.tag} did not pass: ${shortcomings(report)}`);
    return report;
  },

  async "gateway alive"(call) {
    const { world, process, signal, environment } = call;
    const limit = limitOf(environment);
    const address = await waitFor<string>(
      async () => {
        const value = addressOf(await gatewayService(call));
        return value ? { value } : { seen: "the load balancer has none yet" };
      },
      { what: "the address of gateway", limit, signal, clock: process },
    );
    const endpoints = JSON.parse(read(environment, "ENDPOINTS")) as Endpoints;
    const facts = JSON.parse(read(environment, "NETWORK_FACTS")) as NetworkFacts;
    const genesisId = await allAnswer(
      { endpoints, facts, address },
      limit,
      signal,
      quiet,
      calls(world, process, facts),
    );
    return { address, genesisId };
  },

  "archive probe": ({ world, process }) => world.store(process).probe(),

  "discovery listed": ({ world, process, signal, environment }, tag) => {
    const { entry } = JSON.parse(read(environment, "ENTRY")) as { entry: unknown };
    const { list } = edgeUrls(read(environment, "DISCOVERY_URL"), parseBuildTag(tag));
    const look = async () => entryInList(await get(world, process, list), list, entry);
    return waitFor(look, { what: `${tag} in ${list}`, limit: limitOf(environment), signal, clock: process });
  },

  async "dns resolved"({ world, process, signal, environment }, tag) {
    const endpoints = JSON.parse(read(environment, "ENDPOINTS")) as Endpoints;
    const facts = JSON.parse(read(environment, "NETWORK_FACTS")) as NetworkFacts;
    const address = read(environment, "ADDRESS");
    const limit = limitOf(environment);
    const names = async (host: string) => {
      await process.sleep(0.05);
      return world.outside.lookup(host, "A");
    };
    const wait = <T>(what: string, look: () => Promise<Look<T>>) =>
      waitFor(look, { what, limit, signal, clock: process });
    const owner = `_smeshnet.${endpoints.pageHost}`;
    await Promise.all([
      ...hostsOf(endpoints).map((host) => wait(host, async () => pointsTo(await names(host), address))),
      wait(owner, async () => ownedBy(world.outside.lookup(owner, "TXT"), tag)),
    ]);
    const { grpc } = calls(world, process, facts);
    return { genesisId: await wait("gRPC", async () => ({ value: await grpc({ endpoints, address }) })) };
  },

  async "page served"({ world, process, signal, environment }, tag) {
    const wanted = read(environment, "PAGE_SHA256");
    const urls = [read(environment, "PAGE_URL"), edgeUrls(read(environment, "DISCOVERY_URL"), parseBuildTag(tag)).page];
    await Promise.all(
      urls.map((url) =>
        waitFor(async () => samePage(await get(world, process, url), wanted), {
          what: `the info page at ${url}`,
          limit: limitOf(environment),
          signal,
          clock: process,
        }),
      ),
    );
    return { urls };
  },
};

/** The gateway's Service as the API server shows it. */
async function gatewayService({ world, process, environment }: Call) {
  await process.sleep(0.1);
  const cluster = world.cloud.api(read(environment, "KUBECONFIG_TEXT"));
  const madeAt = cluster.ours.get("Service gateway");
  if (madeAt === undefined) throw new UserError("the gateway's service cannot be read: the cluster's API answered 404");
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
      throw new UserError(`${host} at ${ADDRESS} does not answer: connect ECONNREFUSED`);
    }
  };
  const { poetPhases } = { poetPhases: '{"phaseShift":"30s","cycleGap":"10s"}' };
  return {
    clock: process,
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

function read(environment: Readonly<Record<string, string>>, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
