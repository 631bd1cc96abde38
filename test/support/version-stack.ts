import { ok } from "node:assert";
import { isSecret } from "@pulumi/pulumi";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import type { NetworkFacts } from "../../infra/base/model/network-facts";
import type { RunningImage } from "../../infra/base/model/running-image";
import type { Settings } from "../../infra/base/model/settings";
import { version } from "../../stacks/version";
import { mockEngine, type Registered, run } from "./program";
import { settingsWith } from "./settings";

export const KUBECONFIG = "the way into the cluster";
export const ADDRESS = "203.0.113.5";
export const COMMIT = "c0ffee".padEnd(40, "0");
export const LIFE = "9f2c1a";
export const SMOKE = { schema: 1, passed: true };

export const FACTS: NetworkFacts = {
  tag: "v1.2.3+1",
  cluster: "v1-2-3-1",
  genesisTime: "2026-01-01T00:00:00Z",
  layerDuration: 300,
  layersPerEpoch: 288,
  netId: 7,
  nodes: [{ name: "miner-1", grpc: "203.0.113.1:6000", json: "203.0.113.1:7000" }],
  poets: [1, 2].map((i) => ({ name: `poet-${i}`, rest: `203.0.113.9:500${i}` })),
  nodeConfig: '{"p2p":{"network-id":7}}',
};

/** Facts of a network of today. */
export const FACTS_TODAY: NetworkFacts = {
  ...FACTS,
  namespace: "v1-2-3-1",
  driver: "kubernetes",
  hrp: "stest",
  genesisId: "9eeb",
  tap: "stest1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
  p2p: ["/ip4/203.0.113.1/tcp/31751/p2p/12D3KooWA"],
  nodeConfig: '{"post":{"post-labels-per-unit":128}}',
};

interface Seen {
  readonly images?: readonly RunningImage[];
}

/** What each step would have printed, by the name of its resource, and the outputs of the stack `edge`. */
const statesOf = (facts: NetworkFacts, outputs: object, seen: Seen) => ({
  devnext: { stdout: JSON.stringify({ commit: COMMIT }) },
  history: { stdout: JSON.stringify({ openedAt: "2026-01-01T00:00:00Z", life: LIFE }) },
  network: { stdout: JSON.stringify({ facts, kubeconfig: KUBECONFIG }) },
  "poet-1": { stdout: '{"kind":"phases"}' },
  "poet-2": { stdout: '{"kind":"phases"}' },
  smoke: { stdout: JSON.stringify(SMOKE) },
  // The engine completes the name of the gateway's ConfigMap.
  gateway: { metadata: { name: "gateway-1a2b3c4d" } },
  "gateway-alive": { stdout: JSON.stringify({ address: ADDRESS, genesisId: "9eeb", ...seen }) },
  devnet: { stdout: JSON.stringify({ commit: COMMIT }) },
  edge: { outputs: { namespaceId: "kv-namespace" } },
  // The stack's own outputs: nothing before its first deployment.
  standing: { outputs },
});

/** The stack of v1.2.3+1, as the engine sees it. */
export class VersionStack {
  private constructor(
    readonly resources: readonly Registered[],
    readonly outputs: Readonly<Record<string, unknown>>,
    /** Names of the outputs that are secret. */
    readonly secretOutputs: readonly string[],
  ) {}

  /**
   * @param standing the stack's own outputs, as its last deployment stored them
   * @param seen what the gateway's step saw running; nothing for a step of an older release
   */
  static async make(
    settings: Partial<Settings> = {},
    facts = FACTS,
    standing = {},
    seen: Seen = { images: [] },
  ): Promise<VersionStack> {
    const resources = await mockEngine("1_2_3_1", statesOf(facts, standing, seen));
    const secret: string[] = [];
    const outputs = await run(async () => {
      const returned = await version(parseBuildTag("v1.2.3+1"), settingsWith({ poets: 2, ...settings }));
      for (const [name, output] of Object.entries(returned)) {
        if (await isSecret(output as Parameters<typeof isSecret>[0])) secret.push(name);
      }
      return returned;
    });
    return new VersionStack(resources, outputs, secret);
  }

  /** Steps of the cycle that the engine runs, without components. */
  get custom(): Registered[] {
    return this.resources.filter(({ custom }) => custom);
  }

  get commands(): Registered[] {
    return this.ofType("command:local:Command");
  }

  ofType(type: string): Registered[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  named(type: string, name: string): Registered {
    const found = this.ofType(type).find((resource) => resource.name === name);
    ok(found, `no ${type} ${name}`);
    return found;
  }

  component(name: string): Registered {
    const found = this.resources.find((resource) => !resource.custom && resource.name === name);
    ok(found, `no component ${name}`);
    return found;
  }

  environment(command: string): Record<string, string> {
    return this.named("command:local:Command", command).inputs.environment as Record<string, string>;
  }

  /** The engine's resources below a component, at any depth. */
  below(component: Registered): Registered[] {
    const children = this.resources.filter(({ parent }) => parent === component.urn);
    return children.flatMap((child) => (child.custom ? [child] : this.below(child)));
  }
}
