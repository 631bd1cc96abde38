import { ok } from "node:assert";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { networkEndpoints } from "../../infra/base/model/endpoints";
import type { ChannelState, Promotion } from "../../infra/base/model/promotion";
import type { Settings } from "../../infra/base/model/settings";
import { versionsOf } from "../../infra/base/model/versions";
import { channel } from "../../stacks/channel";
import { mockEngine, type Registered, run, type States } from "./program";
import { KEYED } from "./record-key";
import { settingsWith } from "./settings";
import { FACTS } from "./version-stack";

const SETTINGS: Partial<Settings> = { poets: 2, zoneId: "zone" };

/** Outputs of a network's stack. */
export function networkOutputs(tag: string, poets = 2): Record<string, unknown> {
  const parsed = parseBuildTag(tag);
  const settings = settingsWith({ ...SETTINGS });
  return {
    facts: { ...FACTS, tag },
    versions: versionsOf(parsed, settings.versions),
    genesisId: `9eeb${parsed.patch}`,
    endpoints: networkEndpoints(parsed, poets, settings),
  };
}

/** Outputs of the other stacks, and what each step would have printed. */
export const statesOf = (has: ChannelState, network: Record<string, unknown>): States => ({
  channel: { outputs: has },
  network: { outputs: network },
  edge: { outputs: { namespaceId: "kv-namespace" } },
  moved: { stdout: '{"movedAt":"2026-01-01T00:00:00Z","address":"203.0.113.5"}' },
  testnet: { stdout: '{"commit":"c0ffee"}' },
  announcement: { stdout: '{"state":"sent"}' },
});

/** The stack of the channel testnet, as the engine sees it. */
export class ChannelStack {
  private constructor(
    readonly resources: readonly Registered[],
    readonly outputs: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * @param has outputs of its last update
   * @param given the promotion that `smeshnet promote` passes
   */
  static async make(
    has: ChannelState,
    given?: Promotion,
    network = networkOutputs((given ?? has.promotion)?.tag ?? "v1.2.3+1"),
    settings: Partial<Settings> = {},
  ): Promise<ChannelStack> {
    const resources = await mockEngine("testnet", statesOf(has, network));
    const outputs = await run(() =>
      channel("testnet", settingsWith({ ...SETTINGS, ...settings }), { requested: given, credentials: KEYED }),
    );
    return new ChannelStack(resources, outputs);
  }

  /** Resources that the engine runs, without components and the stack itself. */
  get custom(): Registered[] {
    return this.resources.filter(({ custom, type }) => custom && type !== "pulumi:pulumi:Stack");
  }

  named(name: string): Registered {
    const found = this.custom.find((resource) => resource.name === name);
    ok(found, `no ${name}`);
    return found;
  }

  component(name: string): Registered {
    const found = this.resources.find((resource) => !resource.custom && resource.name === name);
    ok(found, `no component ${name}`);
    return found;
  }

  environment(command: string): Record<string, string> {
    return this.named(command).inputs.environment as Record<string, string>;
  }

  /** The engine's resources of a component. */
  below(name: string): Registered[] {
    const { urn } = this.component(name);
    return this.custom.filter(({ parent }) => parent === urn);
  }

  /** Names of the resources that an update would change. */
  changesTo(after: ChannelStack): string[] {
    const plain = ({ inputs }: Registered) => JSON.stringify(inputs);
    const before = new Map(this.custom.map((resource) => [resource.urn, plain(resource)]));
    const changed = after.custom.filter((resource) => before.get(resource.urn) !== plain(resource));
    const gone = this.custom.filter(({ urn }) => !after.custom.some((resource) => resource.urn === urn));
    return [...changed, ...gone].map(({ name }) => name).sort();
  }
}
