import type {
  Operation,
  PreviewReport,
  PropertyChange,
  ResourceChange,
  StackPreview,
  Violation,
} from "../../infra/review/preview/model";

const PROJECT = "smeshnet";

/** A property that changes from one value to another. */
export const changed = (path: string, before?: string, after?: string, replaces = false): PropertyChange => ({
  path,
  kind: "change",
  replaces,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

/**
 * A resource that would change.
 * @param inside components of ours that hold it, outermost first, e.g. `Explorer/WebService`
 */
export function resource(
  operation: Operation,
  inside: string,
  type: string,
  name: string,
  changes: readonly PropertyChange[] = [],
): ResourceChange {
  const components = inside === "" ? [] : inside.split("/").map((one) => `smeshnet:components:${one}`);
  const innermost = components.at(-1);
  return {
    operation,
    urn: `urn:pulumi:1_2_3_1::${PROJECT}::${[...components, type].join("$")}::${name}`,
    type,
    name,
    ...(innermost ? { component: { type: innermost, name } } : {}),
    changes,
  };
}

const COMMAND = "command:local:Command";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** The step of a component. */
export const stepOf = (operation: Operation, inside: string, name: string, changes?: readonly PropertyChange[]) =>
  resource(operation, inside, COMMAND, name, changes);

/** A record of a network. */
export const record = (operation: Operation, host: string, changes?: readonly PropertyChange[]) =>
  resource(operation, "Dns", RECORD, host, changes);

/** The step that creates a network. */
export const networkStep = (operation: Operation, changes?: readonly PropertyChange[]) =>
  stepOf(operation, "Network", "network", changes);

/** The explorer's API moves to another image. */
export const newExplorer = (from = "v0.0.21", to = "v0.0.22") =>
  ["collector", "api"].map((part) =>
    resource("update", "Explorer/WebService", DEPLOYMENT, `explorer-${part}`, [
      changed(
        "spec.template.spec.containers[0].image",
        `spacemeshos/explorer-${part}:${from}`,
        `spacemeshos/explorer-${part}:${to}`,
      ),
    ]),
  );

/** The names of a network get another time to live. */
export const newTtl = (label = "v1-2-3-1") =>
  ["api", "explorer", "dash"].map((service) =>
    record("update", `${service}-${label}.net.spacemesh.io`, [changed("ttl", "60", "300")]),
  );

/** The network step runs again with another version of the explorer, so the engine does not know what follows. */
export const rerun = () => [
  networkStep("update", [changed("environment.NETWORK_SPEC.versions.explorer", "v0.0.21", "v0.0.22")]),
  stepOf("update", "SmokeTest", "smoke", [
    changed("environment.NETWORK_FACTS", '{"tag":"v1.2.3+1"}'),
    changed("environment.VERSIONS.explorerBackend.version", "v0.0.21", "v0.0.22"),
  ]),
  ...newExplorer().map((one) => ({
    ...one,
    operation: "replace" as const,
    changes: [changed("provider", undefined, undefined, true), ...one.changes],
  })),
  resource("replace", "Dashboard/WebService", DEPLOYMENT, "dash-api", [
    changed("provider", undefined, undefined, true),
    { path: "spec.template.spec.containers[0].env", kind: "add", replaces: false, after: "[]" },
  ]),
  record("replace", "api-v1-2-3-1.net.spacemesh.io", [
    changed("content", "203.0.113.5"),
    changed("type", "A", undefined, true),
  ]),
  stepOf("update", "Dns", "dns-resolved", [changed("environment.ADDRESS", "203.0.113.5")]),
];

/** Another channel, as the stack of a network shows it. */
export const newChannel = () => [
  resource("replace", "GrpcGateway", CONFIG_MAP, "gateway", [
    changed(
      "data.Caddyfile",
      "http://api-v1-2-3-1 {\n  reverse_proxy node\n}\nhttp://api.test {\n}\n",
      "http://api-v1-2-3-1 {\n  reverse_proxy node\n}\nhttp://api.stage {\n}\nhttp://api.test {\n}\n",
      true,
    ),
  ]),
  resource("update", "GrpcGateway", DEPLOYMENT, "gateway", [
    changed("spec.template.spec.volumes[0].configMap.name", "gateway-1a2b3c", "gateway-4d5e6f"),
  ]),
  stepOf("update", "RetirementGuard", "guard", [
    {
      path: "environment.CHANNELS[1]",
      kind: "add",
      replaces: false,
      after: '{"name":"stagenet","gateway":"gateway.stage.net.spacemesh.io"}',
    },
  ]),
];

/** A promotion, as the stack of the channel shows it. */
export const promotion = () => [
  resource("update", "ChannelDns", RECORD, "gateway.test.net.spacemesh.io", [
    changed("content", "api-v1-2-2-1.net.spacemesh.io", "api-v1-2-3-1.net.spacemesh.io"),
  ]),
  stepOf("update", "ChannelProof", "moved", [changed("environment.GENERATION", "3", "4")]),
  stepOf("update", "Branch", "testnet", [changed("create")]),
  stepOf("update", "Announcement", "announcement", [changed("environment.ANNOUNCEMENT.release", "v1.2.2", "v1.2.3")]),
];

/** The host of another channel, as the edge shows it. */
export const newHost = () => [
  resource("update", "", "cloudflare:index/workersScript:WorkersScript", "worker", [
    changed("bindings[1].text", '{"test":1}', '{"test":1,"stage":1}'),
  ]),
  resource("create", "", "cloudflare:index/workersCustomDomain:WorkersCustomDomain", "channel-stagenet"),
];

/** A stack that could be previewed. */
export const previewed = (
  what: string,
  resources: readonly ResourceChange[] = [],
  violations: readonly Violation[] = [],
): StackPreview => ({
  stack: stackOf(what),
  what,
  kind: kindOf(what),
  outcome: { kind: "previewed", resources, unchanged: 40 - resources.length, violations },
});

/** A stack that nobody knows enough about. */
export const unknown = (what: string, kind: "failed" | "unseen" | "absent", reason: string): StackPreview => ({
  stack: stackOf(what),
  what,
  kind: kindOf(what),
  outcome: { kind, reason },
});

const stackOf = (what: string) => what.replace(/^v/, "").replaceAll(/[.+]/g, "_");
const kindOf = (what: string): StackPreview["kind"] =>
  what === "edge" ? "edge" : /^v\d/.test(what) ? "network" : "channel";

/** v1.2.3+1 simmers, and testnet points to v1.2.2+1. */
export const CYCLE: Pick<PreviewReport, "networks" | "channels"> = {
  networks: [
    {
      tag: "v1.2.3+1",
      stage: "complete",
      channels: [],
      simmer: { day: 5.2, of: 7, verdict: "healthy", certified: false },
    },
    {
      tag: "v1.2.2+1",
      stage: "complete",
      channels: ["testnet"],
      simmer: { day: 7.4, of: 7, verdict: "healthy", certified: true },
    },
  ],
  channels: [{ name: "testnet", current: { release: "v1.2.2", tag: "v1.2.2+1" }, toRetire: [] }],
};

/** A report of some stacks. */
export const report = (stacks: readonly StackPreview[], more: Partial<PreviewReport> = {}): PreviewReport => ({
  schema: 1,
  commit: "c0ffee".padEnd(40, "0"),
  ...CYCLE,
  moves: [],
  stacks,
  unseen: [],
  ...more,
});
