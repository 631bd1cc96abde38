import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { FACTS_TODAY, VersionStack } from "../../support/version-stack";

const SERVICE = "kubernetes:core/v1:Service";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const TODAY = { driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2 } as const;

describe("version stack with monitoring", () => {
  let stack: VersionStack;
  before(async () => {
    stack = await VersionStack.make(
      { ...TODAY, monitoring: true, remoteWrite: "https://m.example.org/w" },
      FACTS_TODAY,
    );
  });

  const names = (one: VersionStack, type: string) =>
    one.custom.filter((resource) => resource.type === type).map(({ name }) => name);

  it("has a Service in front of the metrics of each program", () => {
    const metric = names(stack, SERVICE).filter((name) => name.endsWith("-metric"));
    deepStrictEqual(metric.sort(), [
      "explorer-metric",
      "gateway-metric",
      ...["miner-1-metric", "miner-2-metric", "miner-3-metric", "miner-4-metric"],
      ...["poet-1-metric", "poet-2-metric"],
      "tap-metric",
    ]);
  });

  it("reads the tap's metrics at a port of their own, and only where there is a tap", async () => {
    const ports = (one: VersionStack) => {
      const { spec } = one.named(DEPLOYMENT, "tap").inputs as {
        spec: { template: { spec: { containers: [{ env: { name: string; value: string }[]; ports: unknown[] }] } } };
      };
      const [{ env, ports }] = spec.template.spec.containers;
      return [env.find(({ name }) => name === "TAP_METRICS_LISTEN")?.value, ports.length];
    };
    const unwatched = await VersionStack.make({ ...TODAY }, FACTS_TODAY);
    deepStrictEqual(
      [ports(stack), ports(unwatched)],
      [
        ["0.0.0.0:9216", 2],
        [undefined, 1],
      ],
    );
    const none = await VersionStack.make({ ...TODAY, monitoring: true, tap: "none" }, FACTS_TODAY);
    ok(!names(none, SERVICE).includes("tap-metric"));
    const told = (one: VersionStack) =>
      one.custom.some(({ inputs }) => JSON.stringify(inputs).includes("tap-metric:9216"));
    deepStrictEqual([told(stack), told(none)], [true, false]);
  });

  it("leaves the Services of nodes to go-spacecraft, which makes them", async () => {
    const era = await VersionStack.make({ monitoring: true });
    deepStrictEqual(
      names(era, SERVICE).filter((name) => name.endsWith("-metric")),
      ["gateway-metric"],
    );
  });

  it("runs both programs without a token of the cluster", () => {
    for (const name of ["prometheus", "alertmanager"]) {
      const { spec } = stack.named(DEPLOYMENT, name).inputs as {
        spec: { template: { spec: { automountServiceAccountToken: boolean } } };
      };
      strictEqual(spec.template.spec.automountServiceAccountToken, false);
    }
  });

  it("hands no secret to the engine", () => {
    const step = stack.custom.find(({ name, type }) => name === "monitoring" && type === "command:local:Command");
    ok(step);
    const { environment } = step.shown as { environment: Record<string, unknown> };
    deepStrictEqual(Object.keys(environment).sort(), ["KUBECONFIG_TEXT", "NAMESPACE", "SMESHNET_STEP"]);
    strictEqual(environment.KUBECONFIG_TEXT, "[secret]");
  });

  describe("and Grafana", () => {
    let shown: VersionStack;
    before(async () => {
      shown = await VersionStack.make({ ...TODAY, monitoring: true, grafana: true }, FACTS_TODAY);
    });

    it("gives Grafana the dashboard of this network, and no password that the engine knows", () => {
      const config = shown.named("kubernetes:core/v1:ConfigMap", "grafana").inputs as { data: Record<string, string> };
      deepStrictEqual(Object.keys(config.data).sort(), ["datasource.yml", "network.json", "provider.yml"]);
      ok(config.data["network.json"]?.includes('"title": "Spacemesh v1.2.3+1"'));
      const step = shown.custom.find(({ name }) => name === "grafana-password");
      ok(step);
      const { environment, create } = step.shown as { environment: Record<string, unknown>; create: string };
      strictEqual(create, "exec node scripts/smeshnet.cjs step monitoring password v1.2.3+1");
      deepStrictEqual(Object.keys(environment).sort(), ["KUBECONFIG_TEXT", "NAMESPACE", "SMESHNET_STEP"]);
    });

    it("makes Grafana's Service one inside the cluster", () => {
      const { spec } = shown.named(SERVICE, "grafana").inputs as { spec: { type?: string } };
      strictEqual(spec.type, undefined);
    });

    it("leaves Grafana out unless a setting asks for it, and loads none of its builders then", () => {
      ok(!names(stack, DEPLOYMENT).includes("grafana"));
    });
  });

  it("counts requests at the gateway of a watched network only", async () => {
    const counts = (one: VersionStack): boolean => {
      const { data } = one.named("kubernetes:core/v1:ConfigMap", "gateway").inputs as { data: { Caddyfile: string } };
      return /^\tmetrics$/m.test(data.Caddyfile);
    };
    const other = await VersionStack.make({ ...TODAY }, FACTS_TODAY);
    deepStrictEqual([counts(stack), counts(other)], [true, false]);
  });

  it("hands the names of its curves to page and channel, and gives the gateway a way to them before its pods", () => {
    const names = ["layers", "consensus", "peers", "poets", "nodes", "requests"];
    deepStrictEqual(stack.outputs.curves, names);
    const { data } = stack.named("kubernetes:core/v1:ConfigMap", "page").inputs as { data: Record<string, string> };
    const shown = [...(data["index.html"] ?? "").matchAll(/ data-curve="\/curves\/(\w+)"/g)].map(([, name]) => name);
    deepStrictEqual(shown, names);
    const curves = stack.named(SERVICE, "curves");
    const { spec } = curves.inputs as { spec: { type?: string; selector: object } };
    deepStrictEqual([spec.type, spec.selector], [undefined, { "app.kubernetes.io/name": "prometheus" }]);
    ok(stack.named(DEPLOYMENT, "gateway").dependencies.includes(curves.urn));
  });

  it("is left out unless a setting asks for it", async () => {
    const other = await VersionStack.make({ ...TODAY }, FACTS_TODAY);
    ok(!names(other, DEPLOYMENT).includes("prometheus"));
    ok(!names(other, SERVICE).includes("curves"));
    ok(!("curves" in other.outputs));
  });
});
