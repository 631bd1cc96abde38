import { deepStrictEqual, match, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { PromotedNetwork } from "../../../policy/promoted";
import { VersionStack } from "../../support/version-stack";

describe("promoted-network-stays", () => {
  let stack: VersionStack;
  let network: Program[number];

  before(async () => {
    stack = await VersionStack.make();
    network = registered(stack.named("command:local:Command", "network"));
  });

  /** All violations of a program against what the backend holds. */
  async function violations(program: Program, { channels = ["testnet"], stored = network }: Backend = {}) {
    const pointing = async () => (channels instanceof Error ? Promise.reject(channels) : channels);
    const deployed = {
      network: async () => (stored ? { urn: stored.urn, inputs: stored.properties } : undefined),
      pointing,
    };
    const policy = new PromotedNetwork(parseBuildTag("v1.2.3+1"), deployed);
    const found: string[] = [];
    for (const resource of program) found.push(...(await policy.violations(resource)));
    return [...found, ...(await policy.missing())];
  }

  const whole = () => stack.resources.map(registered);
  const without = () => whole().filter(({ urn }) => urn !== network.urn);
  /** The program with other inputs of the network's step. */
  const changed = (changes: Record<string, unknown>) =>
    whole().map((one) => (one.urn === network.urn ? { ...one, properties: { ...one.properties, ...changes } } : one));
  const spec = (changes: Record<string, unknown>) => {
    const environment = network.properties.environment as Record<string, string>;
    const text = JSON.stringify({ ...JSON.parse(environment.NETWORK_SPEC ?? ""), ...changes });
    return { environment: { ...environment, NETWORK_SPEC: text } };
  };

  it("accepts an unchanged program", async () => deepStrictEqual(await violations(whole()), []));

  it("names the part of the specification that changed", async () => {
    deepStrictEqual(await violations(changed(spec({ layerDuration: 30 }))), [
      "testnet points to v1.2.3+1, and this update would run its network's step again (NETWORK_SPEC.layerDuration " +
        "changed). Deploy this as a new build, or promote another network first.",
    ]);
  });

  const harmful: [string, Record<string, unknown>][] = [
    ["triggers", { triggers: ["again"] }],
    ["create", { create: "exec node scripts/smeshnet.cjs step network up v1.2.3+2" }],
    ["NETWORK_SPEC", { environment: {} }],
  ];
  for (const [name, changes] of harmful) {
    it(`refuses a change of ${name}`, async () => {
      const found = await violations(changed(changes));
      strictEqual(found.length, 1);
      match(found[0] ?? "", new RegExp(`\\(.*${name}.* changed\\)`));
    });
  }

  it("accepts what does not touch the network: another line for its removal, or another log", async () => {
    deepStrictEqual(await violations(changed({ delete: "true", logging: "none" })), []);
  });

  it("refuses a program without the network, once", async () => {
    deepStrictEqual(await violations(without()), [
      "testnet points to v1.2.3+1, and this update would remove its network. " +
        "Deploy this as a new build, or promote another network first.",
    ]);
  });

  it("refuses it before the guard, the last step, has changed", async () => {
    const guard = without().findIndex(({ urn }) => urn.endsWith("RetirementGuard::guard"));
    strictEqual((await violations(without().slice(0, guard + 1))).length, 1);
  });

  it("accepts a network under another name that was its name before", async () => {
    const renamed = whole().map((one) =>
      one.urn === network.urn ? { ...one, urn: `${one.urn}-2`, aliases: [one.urn] } : one,
    );
    deepStrictEqual(await violations(renamed), []);
  });

  it("accepts every change while no channel points to the network", async () => {
    for (const program of [changed({ triggers: ["again"] }), without()]) {
      deepStrictEqual(await violations(program, { channels: [] }), []);
    }
  });

  it("accepts every program of a stack that has no network yet", async () => {
    const stored = null;
    deepStrictEqual(await violations(whole(), { stored }), []);
    deepStrictEqual(await violations(without(), { stored }), []);
  });

  it("refuses a harmful update when nobody knows where a channel points", async () => {
    const channels = new UserError("StateUnreadable", "The state of stack testnet cannot be read.", "Check it.");
    deepStrictEqual(await violations(without(), { channels }), [
      "Whether this update harms v1.2.3+1 is unknown: The state of stack testnet cannot be read. Check it.",
    ]);
    deepStrictEqual(await violations(whole(), { channels }), []);
  });
});

interface Backend {
  readonly channels?: readonly string[] | Error;
  readonly stored?: Program[number] | null;
}

type Program = ReturnType<typeof registered>[];

function registered({ type, name, urn, inputs }: VersionStack["resources"][number]) {
  return { type, name, urn, properties: inputs, aliases: [] as string[] };
}
