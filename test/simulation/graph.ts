import { parseBuildTag } from "../../infra/base/model/build-tag";
import type { NetworkFacts } from "../../infra/base/model/network-facts";
import { networkSpec } from "../../infra/base/model/network-spec";
import { versionsOf } from "../../infra/base/model/versions";
import { factsOf } from "../../infra/deploy/network/spacecraft/inspect";
import { version } from "../../stacks/version";
import { mockEngine, type Registered, run } from "../support/program";
import { settingsWith } from "../support/settings";
import { wholeNetwork } from "./objects";

export const TAG = "v1.2.3+1";
export const COMMIT = "c0ffee".padEnd(40, "0");
export const GENESIS_ID = "9eeb";

/** A small network with the forms of a large one. Layers are long enough to be many looks apart. */
export const SETTINGS = settingsWith({
  miners: 4,
  bootnodes: 2,
  poets: 2,
  genesisDelay: 5,
  layerDuration: 30,
  layersPerEpoch: 4,
  poetPhaseShift: 30,
  poetCycleGap: 10,
  networkTimeout: 1800,
  readyTimeout: 120,
  smokeLayers: 6,
  nodeRepository: "https://git.example/node.git",
});

const tag = parseBuildTag(TAG);
export const VERSIONS = versionsOf(tag, SETTINGS.versions);
export const SPEC = networkSpec(tag, SETTINGS, VERSIONS);

/** What the program is given where a launch has its own; {@link filled} puts that in its place. */
const GENESIS_TIME = "2000-01-01T00:00:00Z";
const KUBECONFIG = "the way into the cluster";
/** Address of the gateway. */
export const ADDRESS = "203.0.113.80";

/** A resource of the program, as the engine makes it. */
export interface Step {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What it waits for: its dependencies, its parent and its provider. */
  readonly needs: readonly string[];
  /** Longest time that the engine gives it, in seconds. */
  readonly timeout: number;
}

/** The steps of the stack of v1.2.3+1, from the real program. */
export async function stepsOfProgram(): Promise<readonly Step[]> {
  const facts = factsOf(wholeNetwork(SPEC, GENESIS_TIME), SPEC);
  const phases = JSON.stringify({ kind: "phases", ...SPEC.poetPhases });
  const registered = await mockEngine("1_2_3_1", {
    history: { stdout: JSON.stringify({ openedAt: "2026-01-01T00:00:00Z", life: "life" }) },
    devnext: { stdout: JSON.stringify({ commit: COMMIT }) },
    network: { stdout: JSON.stringify({ facts, kubeconfig: KUBECONFIG }) },
    "poet-1": { stdout: phases },
    "poet-2": { stdout: phases },
    smoke: { stdout: JSON.stringify({ passed: true }) },
    "gateway-alive": { stdout: JSON.stringify({ address: ADDRESS, genesisId: GENESIS_ID }) },
    devnet: { stdout: JSON.stringify({ commit: COMMIT }) },
    edge: { outputs: { namespaceId: "kv" } },
  });
  await run(() => version(tag, SETTINGS));
  const urns = new Set(registered.map(({ urn }) => urn));
  return registered.map((one) => step(one, urns));
}

/** A child is registered only when its parent is, which waits for its own dependencies. */
function step(registered: Registered, urns: ReadonlySet<string>): Step {
  const { urn, name, type, inputs, dependencies, parent, provider, createTimeout } = registered;
  // What is only read, such as another stack's outputs, is not registered.
  const needs = [...dependencies, parent, provider.replace(/::[^:]*$/, "")].filter((need) => urns.has(need));
  const [, seconds] = /^(\d+)s$/.exec(createTimeout) ?? [];
  return { urn, name, type, inputs, needs: [...new Set(needs)], timeout: seconds ? Number(seconds) : 600 };
}

/** What the step of a launch's network printed. */
export interface Network {
  readonly facts: NetworkFacts;
  readonly kubeconfig: string;
}

/** What the program makes of a launch's own genesis and kubeconfig; all else of a whole network is always the same. */
export const filled = (text: string, { facts, kubeconfig }: Network): string =>
  text.replaceAll(GENESIS_TIME, facts.genesisTime).replaceAll(KUBECONFIG, kubeconfig);
