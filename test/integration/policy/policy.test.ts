import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as cloudflare from "@pulumi/cloudflare";
import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { CADDY_IMAGE, harmless, NOBODY, runsAs } from "../../../infra/base/model/pods";
import { caddyfile } from "../../../infra/deploy/gateway/caddyfile";
import { CHECKOUT } from "../../support/checkout";
import { Engine } from "../../support/engine";
import { SETTINGS_OF_AN_OPERATOR } from "../../support/settings";
import { toolchain } from "../../support/toolchain";

const PACK = join(CHECKOUT, "policy");
const POLICIES = { policyPacks: [PACK] };

describe("the policy pack on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;

  before(() => {
    engine = new Engine(["command-v1.2.1", "cloudflare-v6.22.1", "kubernetes-v4.25.0"]);
    const name = "standins";
    const plugins = { analyzers: [{ name: "policy-smeshnet", path: PACK }] };
    writeFileSync(join(engine.folder, "work/Pulumi.yaml"), stringify({ name, runtime: "nodejs", plugins }));
  });
  after(() => engine.close());

  /** A new stack with an operator's settings. */
  const stackOf = (name: string, program: PulumiFn): Promise<Stack> =>
    engine.stack(name, program, {
      PATH: `${toolchain().bin}:${process.env.PATH}`,
      ...Object.fromEntries(
        Object.entries(SETTINGS_OF_AN_OPERATOR).map(([key, value]) => [
          `SMESHNET_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
    });

  /** What the policies say to a preview: its violations as `RULE RESOURCE: MESSAGE`, and whether they fail it. */
  async function previewOf(stack: Stack): Promise<{ failed: boolean; said: string[] }> {
    const said: string[] = [];
    const onEvent = ({ policyEvent }: EngineEvent) => {
      const { policyName, resourceUrn = "", message } = policyEvent ?? {};
      const [, text] = message?.split("\n") ?? []; // the first line describes the rule
      if (policyEvent) said.push(`${policyName} ${resourceUrn.split("::").at(-1)}: ${text?.replace(/<\{%.*$/, "")}`);
    };
    const failed = await stack.preview({ ...POLICIES, onEvent }).then(
      () => false,
      () => true,
    );
    return { failed, said: said.sort() };
  }

  describe("for single resources", () => {
    const folder = () => join(engine.folder, "rendered");

    /** A record, a public Service, a Deployment and a Caddyfile, as they should be or each with its mistake. */
    const program = (bad: boolean) => async () => {
      const provider = new k8s.Provider("rendered", { renderYamlToDirectory: folder() });
      const seen = new local.Command("address", { create: "echo 203.0.113.5" });
      const name = bad ? "www.spacemesh.io" : "api.test.net.spacemesh.io";
      const record = { zoneId: "zone", name, type: "A", content: seen.stdout, ttl: 60 };
      new cloudflare.DnsRecord("record", record);
      const route = bad ? "{\n\treverse_proxy 10.1.2.3:9093\n}\n" : caddyfile([], false);
      new k8s.core.v1.ConfigMap("caddyfile", { data: { Caddyfile: route } }, { provider });
      const selector = { "app.kubernetes.io/name": "gateway" };
      new k8s.core.v1.Service(
        "gateway",
        {
          metadata: { name: bad ? "second" : "gateway" },
          spec: { type: "LoadBalancer", selector, ports: [{ port: 443, targetPort: 8443 }] },
        },
        { provider },
      );
      const requests = { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" };
      const { memory, ...others } = requests;
      const limits = bad ? others : { ...others, memory };
      const spec = {
        ...runsAs(NOBODY),
        ...(bad && { automountServiceAccountToken: true }),
        containers: [
          {
            name: "main",
            image: bad ? "caddy:latest" : CADDY_IMAGE,
            resources: { requests, limits },
            readinessProbe: bad ? { tcpSocket: { port: 8080 } } : { httpGet: { path: "/", port: 8080 } },
            ...harmless(),
          },
        ],
      };
      const template = { metadata: { labels: selector }, spec };
      new k8s.apps.v1.Deployment(
        "workload",
        { metadata: { name: "workload" }, spec: { selector: { matchLabels: selector }, template } },
        { provider },
      );
    };

    it("say nothing to a good program, and let it pass", async () => {
      const stack = await stackOf("good", program(false));
      deepStrictEqual(await previewOf(stack), { failed: false, said: [] });
    });

    it("name every mistake of a bad one in its preview, and fail it", async () => {
      const stack = await stackOf("bad", program(true));
      const { failed, said } = await previewOf(stack);
      ok(failed);
      deepStrictEqual(said, [
        "container-limited workload: Container main has no memory limit. Set resources.limits.memory.",
        'image-pinned workload: Container main runs the image "caddy:latest". ' +
          "Give it a tag other than latest, or a digest.",
        "names-in-our-zone record: The name www.spacemesh.io is outside our part of the zone. " +
          "Choose a name below net.spacemesh.io, or discover.net.spacemesh.io.",
        "node-api-private caddyfile: The gateway leads to 10.1.2.3:9093, a private port of a node. " +
          "Remove that route.",
        "one-entrance gateway: Service second is a second entrance (LoadBalancer). " +
          "Make it a ClusterIP, and route to it in the gateway.",
        "pod-restricted workload: The pod gets a key to the API server. Set automountServiceAccountToken to false.",
        "ready-when-asked workload: Container main is ready when its port is open. " +
          "Set readinessProbe.httpGet, or grpc.",
      ]);
    });

    it("stop an update before it makes the resource", async () => {
      const log = join(engine.folder, "made");
      const stack = await stackOf("stopped", async () => {
        const provider = new k8s.Provider("rendered", { renderYamlToDirectory: folder() });
        const service = { metadata: { name: "second" }, spec: { type: "NodePort", ports: [{ port: 8080 }] } };
        const refused = new k8s.core.v1.Service("second", service, { provider });
        new local.Command("after", { create: `echo made >> ${log}` }, { dependsOn: refused });
      });
      await rejects(stack.up(POLICIES), /one-entrance/);
      ok(!existsSync(log));
    });
  });

  describe("for a promoted network", () => {
    let log: string;
    let spec: string;
    let leaveOut: "nothing" | "network" | "guard and network";

    class Component extends pulumi.ComponentResource {
      constructor(kind: string, name: string, args: local.CommandArgs, dependsOn: pulumi.Resource[]) {
        super(`smeshnet:components:${kind}`, name, {}, { dependsOn });
        new local.Command(name, args, { parent: this });
        this.registerOutputs({});
      }
    }

    const version = async () => {
      const say = (what: string) => `echo ${what} >> ${log}`;
      const environment = { NETWORK_SPEC: spec };
      const network =
        leaveOut === "nothing"
          ? [new Component("Network", "network", { create: say("up"), delete: say("down"), environment }, [])]
          : [];
      if (leaveOut !== "guard and network") {
        new Component("RetirementGuard", "guard", { delete: `${say("asked")}; exit 1` }, network);
      }
    };

    let stack: Stack;
    let channel: Stack;
    let pointsTo = "1_2_3_1";
    before(async () => {
      log = join(engine.folder, "log");
      spec = '{"layerDuration":300}';
      leaveOut = "nothing";
      stack = await stackOf("1_2_3_1", version);
      await stack.up(POLICIES);
      deepStrictEqual(steps(), ["up"]);
      channel = await stackOf("testnet", async () => ({ network: pointsTo }));
      await channel.up();
    });
    beforeEach(() => {
      spec = '{"layerDuration":300}';
      leaveOut = "nothing";
    });

    const steps = () => readFileSync(log, "utf8").trim().split("\n");

    it("let the same program pass", async () => {
      strictEqual((await stack.up(POLICIES)).summary.resourceChanges?.same, 5);
    });

    it("refuse to run its step again with another specification", async () => {
      spec = '{"layerDuration":30}';
      await rejects(stack.up(POLICIES), /testnet points to v1\.2\.3\+1.*\(NETWORK_SPEC\.layerDuration changed\)/);
      deepStrictEqual(steps(), ["up"]);
    });

    it("refuse a program without the network, in an update and in a preview", async () => {
      leaveOut = "network";
      await rejects(stack.up(POLICIES), /testnet points to v1\.2\.3\+1, and this update would remove its network/);
      deepStrictEqual(steps(), ["up"]);
      leaveOut = "guard and network";
      const { failed, said } = await previewOf(stack);
      ok(failed);
      deepStrictEqual(
        said.map((line) => line.split(" ")[0]),
        ["promoted-network-present"],
      );
    });

    it("leave a program without guard to the guard's own step, which refuses first", async () => {
      leaveOut = "guard and network";
      await rejects(stack.up(POLICIES));
      deepStrictEqual(steps(), ["up", "asked"]);
    });

    it("let every change pass when the channel points elsewhere", async () => {
      pointsTo = "1_2_4_1";
      await channel.up();
      spec = '{"layerDuration":30}';
      await stack.up(POLICIES);
      deepStrictEqual(steps(), ["up", "asked", "up"]);
    });
  });
});
