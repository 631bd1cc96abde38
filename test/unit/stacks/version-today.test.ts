import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { jsonOf } from "../../../infra/base/lib/json";
import { NetworkSpec } from "../../../infra/base/model/network-spec";
import { FACTS, FACTS_TODAY, VersionStack } from "../../support/version-stack";

const SERVICE = "kubernetes:core/v1:Service";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

describe("version stack of a network of today", () => {
  let stack: VersionStack;
  before(async () => {
    stack = await VersionStack.make(
      { driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2 },
      FACTS_TODAY,
    );
  });

  const kubernetes = () =>
    stack.custom
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
      .sort();
  const container = (name: string): Container => {
    const { spec } = stack.named(DEPLOYMENT, name).inputs as {
      spec: { template: { spec: { containers: readonly Container[] } } };
    };
    const [first] = spec.template.spec.containers;
    ok(first);
    return first;
  };
  const environment = (name: string) => Object.fromEntries(container(name).env.map((one) => [one.name, one.value]));

  it("has no database, no collector and no backend of the dashboard", () => {
    deepStrictEqual(kubernetes(), [
      "ConfigMap gateway",
      "ConfigMap gateway-list",
      "ConfigMap page",
      ...["Deployment dash-frontend", "Deployment explorer-frontend", "Deployment gateway", "Deployment tap"],
      ...["PersistentVolumeClaim tap-journal", "PodDisruptionBudget gateway"],
      ...["dash-frontend", "explorer-api", "explorer-frontend", "gateway", "node-api", "tap"].map(
        (one) => `Service ${one}`,
      ),
    ]);
  });

  it("hands the kubeconfig to who asks nodes and poets, when they have no address outside, and else not", async () => {
    const inside = { driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2, exposure: "none" } as const;
    const closed = await VersionStack.make(inside, FACTS_TODAY);
    for (const name of ["poet-1", "smoke"]) {
      ok(closed.environment(name).KUBECONFIG_TEXT, name);
      strictEqual("KUBECONFIG_TEXT" in stack.environment(name), false, name);
    }
  });

  it("runs the same steps in the same order as for a network of go-spacecraft", async () => {
    const era = await VersionStack.make({ miners: 4, bootnodes: 2 });
    const commands = (of: VersionStack) => of.commands.map(({ name }) => name);
    const ofBoth = commands(era).filter((name) => name !== "explorer-password"); // of a database that today's has not
    deepStrictEqual(commands(stack), ofBoth);
    const components = (of: VersionStack) =>
      of.resources.filter(({ type }) => type.startsWith("smeshnet:components:")).map(({ type, name }) => [type, name]);
    const differs = ["WebService", "Tap", "Protection"].map((name) => `smeshnet:components:${name}`);
    const own = (of: VersionStack) => components(of).filter(([type = ""]) => !differs.includes(type));
    deepStrictEqual(own(stack), own(era));
  });

  it("creates the gateway after explorer and dashboard, and those after the node's Service", () => {
    const waitsFor = (name: string) => new Set(stack.component(name).dependencies);
    const all = (name: string) => stack.below(stack.component(name)).map(({ urn }) => urn);
    for (const [step, after] of [
      ["explorer", "node-api"],
      ["dash", "explorer"],
      ["tap", "node-api"],
      ["gateway", "dash"],
      ["gateway", "tap"],
    ] as const)
      ok(all(after).length > 0 && all(after).every((urn) => waitsFor(step).has(urn)), `${step} after ${after}`);
  });

  it("leads the explorer's API to the pod of the last node, and the node's API to all", () => {
    const { spec } = stack.named(SERVICE, "explorer-api").inputs;
    deepStrictEqual(spec, {
      selector: { app: "miner", name: "miner-4" },
      ports: [{ name: "http", port: 5000 }],
    });
    const nodes = stack.named(SERVICE, "node-api").inputs.spec;
    deepStrictEqual(nodes, {
      selector: { app: "miner" },
      ports: [
        { name: "grpc", port: 9092 },
        { name: "json", port: 9095 },
      ],
    });
  });

  it("puts every object into the network's own namespace", () => {
    const objects = stack.custom.filter(({ type }) => type.startsWith("kubernetes:"));
    for (const { name, inputs } of objects)
      strictEqual((inputs.metadata as { namespace: string }).namespace, "v1-2-3-1", name);
  });

  it("tells frontends where to read, when they are built or when they start", () => {
    const told = {
      REACT_APP_DISCOVERY_SERVICE_URL: "/networks.json",
      REACT_APP_PUBLIC_API: "https://api-v1-2-3-1.net.spacemesh.io/",
      REACT_APP_STATS_API: "https://explorer-v1-2-3-1.net.spacemesh.io/api/",
      REACT_APP_LABELS_PER_UNIT: "128",
    };
    deepStrictEqual(environment("explorer-frontend"), told);
    deepStrictEqual(environment("dash-frontend"), told);
    strictEqual(container("dash-frontend").image, "spacemeshos/dash-frontend:v0.1.0");
  });

  it("lets the gateway serve frontends a list with this network alone, the entry that the edge has too", () => {
    const { data } = stack.named(CONFIG_MAP, "gateway-list").inputs as { data: Record<string, string> };
    const list: unknown = JSON.parse(data["networks.json"] ?? "");
    const stored = stack.named("cloudflare:index/workersKv:WorkersKv", "discovery-network").inputs.value;
    deepStrictEqual({ tag: "v1.2.3+1", entry: (list as object[])[0] }, JSON.parse(String(stored)));
    strictEqual((list as object[]).length, 1);
    const gateway = container("gateway");
    strictEqual(environment("gateway").LIST_FOLDER, "/srv/list");
    ok(gateway.volumeMounts?.some(({ name, mountPath }) => name === "list" && mountPath === "/srv/list"));
    const { data: config } = stack.named(CONFIG_MAP, "gateway").inputs as { data: { Caddyfile: string } };
    match(config.Caddyfile, /path \/networks\.json\n/);
  });

  it("hands the driver today's versions", () => {
    const spec = jsonOf(stack.environment("network").NETWORK_SPEC ?? "", NetworkSpec);
    strictEqual(spec?.images.poet, "spacemeshos/poet:v0.10.12");
    strictEqual(spec?.versions.smapp, "v1.7.4");
    strictEqual(stack.environment("network").DRIVER, "kubernetes");
  });

  it("takes versions and images that settings name instead", async () => {
    const other = await VersionStack.make(
      {
        driver: "kubernetes",
        kubeContext: "here",
        versionsToday: { dashboard: "v0.2.0" },
        images: {
          explorerFrontend: `registry.example/explorer@sha256:${"a".repeat(64)}`,
          caddy: `registry.example/caddy@sha256:${"b".repeat(64)}`,
        },
      },
      FACTS_TODAY,
    );
    const image = (name: string) => JSON.stringify(other.named(DEPLOYMENT, name).inputs);
    match(image("dash-frontend"), /"spacemeshos\/dash-frontend:v0\.2\.0"/);
    match(image("explorer-frontend"), /"registry\.example\/explorer@sha256:a{64}"/);
    match(image("gateway"), /"registry\.example\/caddy@sha256:b{64}"/);
    // What runs is what the page shows, and what the archive's versions.json keeps.
    const { inputs } = other.named(CONFIG_MAP, "page");
    match(JSON.stringify(inputs), /registry\.example\/explorer@sha256:a{64}/);
    match(JSON.stringify(other.outputs.versions), /registry\.example\/explorer@sha256:a{64}/);
  });

  it("leaves the resources of a network of go-spacecraft as they are", async () => {
    const era = await VersionStack.make({}, FACTS);
    strictEqual(era.custom.filter(({ name }) => name === "gateway-list").length, 0);
    const { spec } = era.named(DEPLOYMENT, "gateway").inputs;
    strictEqual(JSON.stringify(spec).includes("list"), false);
    deepStrictEqual(era.named(SERVICE, "node-api").inputs.spec, {
      selector: { app: "miner" },
      ports: [
        { name: "grpc", port: 6000 },
        { name: "json", port: 7000 },
      ],
    });
  });
});
