import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../../../infra/base/model/endpoints";
import { caddyfile, HTTP_PORT, TLS_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { privateRoutes } from "../../../policy/checks/caddyfile";
import { PUBLIC_PORTS } from "../../../policy/checks/entrance";
import { RULES } from "../../../policy/checks/rules";
import { type Resource, UNKNOWN } from "../../../policy/checks/value";
import { ChannelStack } from "../../support/channel-stack";
import { promotion } from "../../support/promotions";
import { settingsWith } from "../../support/settings";
import { VersionStack } from "../../support/version-stack";

const SETTINGS = settingsWith();

/** All violations of a resource, each with the name of its rule. */
const violations = (type: string, properties: Record<string, unknown>, name = "thing"): string[] =>
  all({ type, name, urn: `urn:pulumi:1_2_3_1::smeshnet::${type}::${name}`, properties });

const all = (resource: Resource): string[] =>
  RULES.filter(({ concerns }) => concerns.test(resource.type)).flatMap(({ name, check }) =>
    check(resource, SETTINGS).map((text) => `${name}: ${text}`),
  );

/** The names of the rules that a resource breaks. */
const broken = (...resource: Parameters<typeof violations>): string[] => [
  ...new Set(violations(...resource).map((text) => text.split(":")[0] ?? "")),
];

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const DOMAIN = "cloudflare:index/workersCustomDomain:WorkersCustomDomain";
const SERVICE = "kubernetes:core/v1:Service";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

describe("the policies", () => {
  for (const tls of [true, false]) {
    it(`accept every resource of a network, ${tls ? "with" : "without"} certificates`, async () => {
      const { resources } = await VersionStack.make({ tls });
      strictEqual(resources.filter(({ type }) => type === DEPLOYMENT).length, 7);
      deepStrictEqual(resources.flatMap(accepted), []);
    });
  }

  it("accept every resource of a channel", async () => {
    const { resources } = await ChannelStack.make({ promotion: promotion(1, "v1.2.3") });
    notStrictEqual(resources.filter(({ type }) => type === RECORD).length, 0);
    deepStrictEqual(resources.flatMap(accepted), []);
  });

  it("say nothing about what the engine does not know yet", () => {
    const unknown: [string, Record<string, unknown>][] = [
      [RECORD, { name: UNKNOWN, zoneId: UNKNOWN }],
      [SERVICE, { metadata: { name: "gateway" }, spec: UNKNOWN }],
      [SERVICE, { metadata: UNKNOWN, spec: { type: UNKNOWN, ports: UNKNOWN } }],
      [DEPLOYMENT, { spec: { template: UNKNOWN } }],
      [DEPLOYMENT, deployment({ ...GOOD, image: UNKNOWN, resources: UNKNOWN, securityContext: UNKNOWN })],
      ["kubernetes:core/v1:ConfigMap", { data: { Caddyfile: UNKNOWN } }],
    ];
    for (const [type, properties] of unknown) deepStrictEqual(violations(type, properties), []);
  });

  it("still judge the rest of a resource with an unknown part", () => {
    deepStrictEqual(broken(DEPLOYMENT, deployment({ ...GOOD, env: [{ name: "A", value: UNKNOWN }], image: "caddy" })), [
      "image-pinned",
    ]);
  });
});

/** A resource of our own programs; without inputs a resource of the engine. */
function accepted({ type, name, urn, inputs }: { type: string; name: string; urn: string; inputs: unknown }): string[] {
  return all({ type, name, urn, properties: inputs as Record<string, unknown> });
}

describe("names-in-our-zone", () => {
  const ours = ["1_2_3_1.net.spacemesh.io", "api.test.net.spacemesh.io", "API.Test.NET.spacemesh.io."];
  for (const name of ours) {
    it(`accepts ${name}`, () => deepStrictEqual(violations(RECORD, { name, zoneId: SETTINGS.zoneId }), []));
  }
  it("accepts the host of the network list", () => {
    deepStrictEqual(violations(DOMAIN, { hostname: SETTINGS.discoveryHost, zoneId: SETTINGS.zoneId }), []);
  });

  const others = [
    "spacemesh.io",
    "www.spacemesh.io",
    "net.spacemesh.io",
    "evilnet.spacemesh.io",
    "a.net.spacemesh.io.x.org",
  ];
  for (const name of others) {
    it(`refuses ${name}`, () =>
      deepStrictEqual(broken(RECORD, { name, zoneId: SETTINGS.zoneId }), ["names-in-our-zone"]));
  }
  it("refuses the host of a Worker, and the pattern of its routes", () => {
    deepStrictEqual(broken(DOMAIN, { hostname: "spacemesh.io" }), ["names-in-our-zone"]);
    const route = "cloudflare:index/workersRoute:WorkersRoute";
    deepStrictEqual(broken(route, { pattern: "https://www.spacemesh.io/*" }), ["names-in-our-zone"]);
    deepStrictEqual(broken(route, { pattern: "test.net.spacemesh.io/*" }), []);
  });
  it("refuses another zone", () => {
    match(violations(RECORD, { name: "a.net.spacemesh.io", zoneId: "other" }).join(), /The zone other is not ours/);
  });
});

describe("one-entrance", () => {
  it("accepts the gateway, and Services inside the cluster", () => {
    deepStrictEqual(violations(SERVICE, GATEWAY), []);
    deepStrictEqual(violations(SERVICE, service("explorer-api", {})), []);
    deepStrictEqual(violations(SERVICE, service("explorer-api", { type: "ClusterIP" })), []);
  });
  for (const spec of [{ type: "LoadBalancer" }, { type: "NodePort" }, { externalIPs: ["203.0.113.1"] }]) {
    it(`refuses ${JSON.stringify(spec)} elsewhere`, () => {
      const rules = broken(SERVICE, service("explorer-api", { ...spec, selector: GATEWAY.spec.selector }));
      deepStrictEqual(rules, ["one-entrance"]);
    });
  }
  it("refuses a node port of the gateway", () => {
    deepStrictEqual(broken(SERVICE, { ...GATEWAY, spec: { ...GATEWAY.spec, type: "NodePort" } }), ["one-entrance"]);
  });
  for (const type of ["networking.k8s.io/v1:Ingress", "gateway.networking.k8s.io/v1:HTTPRoute"]) {
    it(`refuses ${type}`, () => deepStrictEqual(broken(`kubernetes:${type}`, {}), ["one-entrance"]));
  }
});

describe("node-api-private", () => {
  const open = (changes: object) => ({ ...GATEWAY, spec: { ...GATEWAY.spec, ...changes } });

  it("knows the gateway's ports", () => deepStrictEqual(PUBLIC_PORTS.slice(0, 2), [HTTP_PORT, TLS_PORT]));
  it("refuses a public Service that selects the nodes", () => {
    deepStrictEqual(broken(SERVICE, open({ selector: { app: "miner" } })), ["node-api-private"]);
    deepStrictEqual(broken(SERVICE, open({ selector: undefined })), ["node-api-private"]);
  });
  for (const port of [9093, 6000, 2019]) {
    it(`refuses a public port that leads to ${port}`, () => {
      deepStrictEqual(broken(SERVICE, open({ ports: [{ port: 443, targetPort: port }] })), ["node-api-private"]);
      deepStrictEqual(broken(SERVICE, open({ ports: [{ port }] })), ["node-api-private"]);
    });
  }
  it("refuses a port of the machine", () => {
    deepStrictEqual(broken(DEPLOYMENT, deployment({ ...GOOD, ports: [{ containerPort: 9093, hostPort: 9093 }] })), [
      "node-api-private",
    ]);
    deepStrictEqual(broken(DEPLOYMENT, deployment(GOOD, { hostNetwork: true })), ["node-api-private"]);
  });

  const sets = [networkEndpoints(parseBuildTag("v1.2.3+1"), 2, SETTINGS), channelEndpoints("testnet", 2, SETTINGS)];
  const text = caddyfile(sets, true);
  const upstream = "h2c://{$NODE_API_SERVICE_HOST}:{$NODE_API_SERVICE_PORT_GRPC}";

  it("accepts the gateway's Caddyfile", () => {
    for (const tls of [true, false]) deepStrictEqual(privateRoutes(caddyfile(sets, tls)), []);
  });
  it("refuses a call in the list of public calls that is private", () => {
    for (const path of [
      "/spacemesh.v1.SmesherService/*",
      "/spacemesh.v1.*",
      "*",
      "/Spacemesh.v1.NodeService/Shutdown",
    ]) {
      const leaky = text.replace("path /spacemesh", `path ${path} /spacemesh`);
      notStrictEqual(leaky, text);
      deepStrictEqual(privateRoutes(leaky).length, 1, path);
    }
    strictEqual(privateRoutes(text.replace("path /v1/node/echo", "path /v1/* /v1/node/echo")).length, 1);
  });
  it("refuses a route to the nodes without a list", () => {
    for (const route of [
      `reverse_proxy ${upstream}`,
      `reverse_proxy @grpc ${upstream}`,
      "reverse_proxy node-api:6000",
    ]) {
      deepStrictEqual(broken("kubernetes:core/v1:ConfigMap", { data: { Caddyfile: `:8080 {\n\t${route}\n}\n` } }), [
        "node-api-private",
      ]);
    }
  });
  it("accepts a route to the nodes for one public path", () => {
    deepStrictEqual(privateRoutes(`:8080 {\n\treverse_proxy /v1/node/echo ${upstream}\n}\n`), []);
  });
  it("refuses a route to a poet without a list, and a list with a call of its driver or owner", () => {
    const poet = "{$POET_1_SERVICE_HOST}:{$POET_1_SERVICE_PORT}";
    match(privateRoutes(`:8080 {\n\treverse_proxy ${poet}\n}\n`).join(), /leads to a poet without a list of paths/);
    const denied = `:8080 {\n\t@public {\n\tpath /v1/*\n\tnot path /v1/start\n\t}\n\treverse_proxy @public ${poet}\n}\n`;
    match(privateRoutes(denied).join(), /lets \/v1\/start through to a poet/);
    deepStrictEqual(privateRoutes(`:8080 {\n\treverse_proxy /v1/info ${poet}\n}\n`), []);
  });
  it("refuses a route to a private port", () => {
    match(privateRoutes(":8080 {\n\treverse_proxy 10.1.2.3:9093\n}\n").join(), /leads to 10\.1\.2\.3:9093/);
  });
});

describe("image-pinned", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  for (const image of ["caddy:2.11.9", `caddy@${digest}`, `registry:5000/caddy:2@${digest}`, "registry:5000/a/b:v1"]) {
    it(`accepts ${image}`, () => deepStrictEqual(violations(DEPLOYMENT, deployment({ ...GOOD, image })), []));
  }
  for (const image of ["caddy", "caddy:latest", "registry:5000/caddy", "", "caddy@sha256:short", undefined]) {
    it(`refuses ${JSON.stringify(image)}`, () =>
      deepStrictEqual(broken(DEPLOYMENT, deployment({ ...GOOD, image })), ["image-pinned"]));
  }
  it("finds containers of every kind of workload", () => {
    const containers = [{ ...GOOD, image: "a" }];
    const template = {
      spec: { automountServiceAccountToken: false, containers, initContainers: [{ ...GOOD, image: "b" }] },
    };
    const kinds: [string, Record<string, unknown>][] = [
      ["core/v1:Pod", template],
      ["apps/v1:StatefulSet", { spec: { template } }],
      ["apps/v1:DaemonSetPatch", { spec: { template } }],
      ["batch/v1:Job", { spec: { template } }],
      ["batch/v1:CronJob", { spec: { jobTemplate: { spec: { template } } } }],
    ];
    for (const [type, properties] of kinds) strictEqual(violations(`kubernetes:${type}`, properties).length, 2, type);
  });
});

describe("container-limited", () => {
  it("names each limit that is missing", () => {
    const container = { ...GOOD, resources: { requests: SIZE, limits: { ...SIZE, memory: undefined } } };
    deepStrictEqual(violations(DEPLOYMENT, deployment(container)), [
      "container-limited: Container main has no memory limit. Set resources.limits.memory.",
    ]);
  });
  it("names each request that is missing", () => {
    deepStrictEqual(
      violations(
        DEPLOYMENT,
        deployment({ ...GOOD, resources: { limits: SIZE, requests: { ...SIZE, "ephemeral-storage": undefined } } }),
      ),
      ["container-limited: Container main has no ephemeral-storage request. Set resources.requests.ephemeral-storage."],
    );
  });
});

describe("pod-restricted", () => {
  const refused = (container: object, pod: object = {}) => violations(DEPLOYMENT, deployment(container, pod));
  const security = (changes: object, pod?: object) =>
    refused({ ...GOOD, securityContext: { ...GOOD.securityContext, ...changes } }, pod);

  it("accepts a user other than root, by the container or its pod", () => {
    const pod = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };
    const own = { runAsNonRoot: undefined, runAsUser: undefined, seccompProfile: undefined };
    deepStrictEqual(security(own, { securityContext: pod }), []);
    strictEqual(security(own).length, 3);
  });

  const changes: [string, object][] = [
    ["is privileged", { privileged: true }],
    ["runs as root", { runAsUser: 0 }],
    ["may run as root", { runAsNonRoot: false }],
    ["runs as the user of its image", { runAsUser: undefined }],
    ["may get more rights", { allowPrivilegeEscalation: undefined }],
    ["may change its image", { readOnlyRootFilesystem: false }],
    ["may make every system call", { seccompProfile: { type: "Unconfined" } }],
    ["has capabilities of root", { capabilities: { drop: ["KILL"] } }],
    ["has capabilities of root", { capabilities: undefined }],
    ["adds the capability SYS_ADMIN", { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "SYS_ADMIN"] } }],
  ];
  for (const [what, change] of changes)
    it(`refuses a container that ${what}: ${JSON.stringify(change)}`, () => {
      const [said, ...more] = security(change);
      deepStrictEqual(more, []);
      ok(said?.startsWith(`pod-restricted: Container main ${what}`), said);
    });

  it("accepts the one capability that the standard allows", () =>
    deepStrictEqual(security({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }), []));

  it("judges containers that run first too", () => {
    const said = refused(GOOD, { initContainers: [{ ...GOOD, name: "first", securityContext: {} }] });
    strictEqual(said.filter((text) => text.includes("Container first")).length, 6);
  });

  const pods: [RegExp, object][] = [
    [/key to the API server/, { automountServiceAccountToken: undefined }],
    [/machine's processes/, { hostPID: true }],
    [/machine's processes/, { hostIPC: true }],
    [/volume logs is a hostPath/, { volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] }],
    [/volume tmp may fill/, { volumes: [{ name: "tmp", emptyDir: {} }] }],
  ];
  for (const [what, pod] of pods)
    it(`refuses a pod with ${JSON.stringify(pod)}`, () => {
      const [said, ...more] = refused(GOOD, pod);
      deepStrictEqual(more, []);
      match(said ?? "", what);
    });
});

describe("ready-when-asked", () => {
  const refused = (changes: object) => violations(DEPLOYMENT, deployment({ ...GOOD, ...changes }));

  it("accepts a question to the program", () => {
    for (const probe of [{ httpGet: { path: "/", port: 1 } }, { grpc: { port: 1 } }, { exec: { command: ["ask"] } }])
      deepStrictEqual(refused({ readinessProbe: probe }), []);
  });
  it("refuses an open port, and nothing at all", () => {
    match(refused({ readinessProbe: { tcpSocket: { port: 1 } } }).join(), /^ready-when-asked: .* port is open/);
    match(refused({ readinessProbe: undefined }).join(), /^ready-when-asked: .* ready unasked/);
  });
  it("knows who can only be asked for a port, or not at all", () => {
    deepStrictEqual(refused({ name: "dash-api", readinessProbe: { tcpSocket: { port: 1 } } }), []);
    deepStrictEqual(refused({ name: "explorer-collector", readinessProbe: undefined }), []);
  });
  it("asks nobody who runs first, or runs to its end", () => {
    const first = { ...GOOD, name: "first", readinessProbe: undefined };
    deepStrictEqual(violations(DEPLOYMENT, deployment(GOOD, { initContainers: [first] })), []);
    deepStrictEqual(violations("kubernetes:batch/v1:Job", deployment(first)), []);
  });
});

const SIZE = { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" };

/** A container that breaks no rule. */
const GOOD = {
  name: "main",
  image: "caddy:2.11.9",
  resources: { limits: SIZE, requests: SIZE },
  readinessProbe: { httpGet: { path: "/", port: 8080 } },
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/** The gateway's Service, which breaks no rule. */
const GATEWAY = service("gateway", {
  type: "LoadBalancer",
  selector: { "app.kubernetes.io/name": "gateway" },
  ports: [
    { port: 80, targetPort: 8080 },
    { port: 443, targetPort: 8443 },
  ],
});

function service<T extends object>(name: string, spec: T) {
  return { metadata: { name }, spec };
}

function deployment(container: object, pod: object = {}) {
  return { spec: { template: { spec: { automountServiceAccountToken: false, ...pod, containers: [container] } } } };
}
