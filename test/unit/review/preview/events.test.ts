import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import fc from "fast-check";
import { seenIn } from "../../../../infra/review/preview/events";
import { CHECKOUT } from "../../../support/checkout";

const URN = "urn:pulumi:1_2_3_1::smeshnet::command:local:Command::network";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Recorded from the engine (3.250): a network whose layers and number of miners change. Trimmed to some resources. */
const recorded = JSON.parse(
  readFileSync(join(CHECKOUT, "test/fixtures/preview-events.json"), "utf8"),
) as readonly EngineEvent[];

interface Step {
  readonly op: string;
  readonly before?: object;
  readonly after?: object;
  readonly more?: object;
  readonly urn?: string;
}

/** An event of one step on a resource. */
function event({ op, before, after, more, urn = URN }: Step): EngineEvent {
  const state = (inputs: object) => ({ urn, type: "command:local:Command", id: "1", parent: "", inputs });
  const metadata = {
    op,
    urn,
    type: "command:local:Command",
    ...(before && { old: state(before) }),
    ...(after && { new: state(after) }),
    ...more,
  };
  return { resourcePreEvent: { metadata } } as unknown as EngineEvent;
}

const changesOf = (step: Step) => seenIn([event(step)]).resources[0]?.changes;

describe("events of a preview", () => {
  it("names the resources that change, each replacement once, in the order of the cycle", () => {
    const { resources, unchanged, errors } = seenIn(recorded);
    deepStrictEqual(
      resources.map(({ operation, name, component }) => `${operation} ${component?.name} ${name}`),
      [
        "update history history",
        "update network network",
        "update log-archive log-archive",
        "replace node-api node-api",
        "replace dns api-v1-2-3-1.net.spacemesh.io",
      ],
    );
    strictEqual(unchanged, 1); // the branch; components and providers are no resources of ours
    deepStrictEqual(errors, []);
  });

  it("goes into the JSON documents of a command's environment", () => {
    const network = seenIn(recorded).resources.find(({ name }) => name === "network");
    deepStrictEqual(network?.changes, [
      {
        path: "environment.NETWORK_SPEC.layerDuration",
        kind: "change",
        replaces: false,
        before: "2",
        after: "4",
      },
      { path: "environment.NETWORK_SPEC.miners", kind: "change", replaces: false, before: "10", after: "12" },
    ]);
  });

  it("says which property makes the engine replace a resource", () => {
    const { resources } = seenIn(recorded);
    const replacing = (name: string) =>
      resources.find((one) => one.name === name)?.changes.filter(({ replaces }) => replaces);
    deepStrictEqual(replacing("api-v1-2-3-1.net.spacemesh.io"), [
      { path: "type", kind: "change", replaces: true, before: "A" }, // what follows is not known yet
    ]);
    deepStrictEqual(replacing("node-api"), [{ path: "provider", kind: "change", replaces: true }]);
  });

  it("masks secrets, and has no value for what is not known yet", () => {
    const archive = seenIn(recorded).resources.find(({ name }) => name === "log-archive");
    const kubeconfig = archive?.changes.find(({ path }) => path === "environment.KUBECONFIG_TEXT");
    deepStrictEqual(kubeconfig, {
      path: "environment.KUBECONFIG_TEXT",
      kind: "change",
      replaces: false,
      before: "[secret]",
    });
    ok(!JSON.stringify(archive).includes("4dabf18193072939515e22adb298388d"));
  });

  it("says the same in whatever order the engine works", () => {
    const wanted = JSON.stringify(seenIn(recorded));
    fc.assert(
      fc.property(fc.shuffledSubarray([...recorded], { minLength: recorded.length }), (events) => {
        strictEqual(JSON.stringify(seenIn(events)), wanted);
      }),
      { numRuns: 50 },
    );
  });

  it("shows a secret that changes, although its mask does not", () => {
    const more = { detailedDiff: { password: { diffKind: "update", inputDiff: true } } };
    deepStrictEqual(changesOf({ op: "update", before: { password: SECRET }, after: { password: SECRET }, more }), [
      { path: "password", kind: "change", replaces: false, before: "[secret]", after: "[secret]" },
    ]);
  });

  it("shows a difference that inputs do not show without values", () => {
    const more = { diffs: ["version"] };
    deepStrictEqual(changesOf({ op: "update", before: { a: "1" }, after: { a: "1" }, more }), [
      { path: "version", kind: "change", replaces: false },
    ]);
  });

  it("tells parts of lists and keys with other characters", () => {
    const before = { data: { "index.html": "a" }, env: ['{"hosts":["x"]}'] };
    const after = { data: { "index.html": "b" }, env: ['{"hosts":["x","y"]}'] };
    deepStrictEqual(
      changesOf({ op: "update", before, after })?.map(({ path, kind }) => `${path} ${kind}`),
      ['data["index.html"] change', "env[0].hosts[1] add"],
    );
  });

  it("shows all inputs of a resource that is created or deleted, without those that are not known yet", () => {
    deepStrictEqual(changesOf({ op: "create", after: { create: "run", address: UNKNOWN } }), [
      { path: "address", kind: "add", replaces: false },
      { path: "create", kind: "add", replaces: false, after: "run" },
    ]);
    deepStrictEqual(changesOf({ op: "delete", before: { create: "run" } }), [
      { path: "create", kind: "remove", replaces: false, before: "run" },
    ]);
  });

  const operations: [readonly string[], string | undefined][] = [
    [["same"], undefined],
    [["read"], undefined],
    [["create"], "create"],
    [["import"], "create"],
    [["delete"], "delete"],
    [["delete-replaced", "create-replacement", "replace"], "replace"],
    [["delete", "create"], "replace"],
    [["an operation of a later engine"], "update"],
  ];
  for (const [ops, operation] of operations) {
    it(`counts ${ops.join(" and ")} as ${operation ?? "unchanged"}`, () => {
      const { resources, unchanged } = seenIn(ops.map((op) => event({ op, before: { a: "1" }, after: { a: "2" } })));
      deepStrictEqual([resources.map((one) => one.operation), unchanged], operation ? [[operation], 0] : [[], 1]);
    });
  }

  it("tells violations of policies and errors without the engine's colours", () => {
    const policy = { policyName: "gateway-only", message: "<{%red%}>no<{%reset%}>\n", enforcementLevel: "mandatory" };
    const { violations, errors } = seenIn([
      { policyEvent: { ...policy, resourceUrn: URN } },
      { policyEvent: { ...policy, enforcementLevel: "advisory" } },
      { diagnosticEvent: { severity: "error", message: "<{%reset%}>failed", urn: URN } },
      { diagnosticEvent: { severity: "warning", message: "hm" } },
      { diagnosticEvent: { severity: "warning", message: "configured Kubernetes cluster is unreachable: refused" } },
    ] as unknown as EngineEvent[]);
    deepStrictEqual(violations, [
      { policy: "gateway-only", message: "no", mandatory: false },
      { policy: "gateway-only", message: "no", mandatory: true, resource: "network" },
    ]);
    deepStrictEqual(errors, ["configured Kubernetes cluster is unreachable: refused", "network: failed"]);
  });
});
