import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import type { Registered } from "../../support/program";
import { ADDRESS, COMMIT, FACTS, KUBECONFIG, SMOKE, VersionStack } from "../../support/version-stack";

const HOSTS = [
  "1_2_3_1.net.spacemesh.io",
  "api-v1-2-3-1.net.spacemesh.io",
  "explorer-v1-2-3-1.net.spacemesh.io",
  "dash-v1-2-3-1.net.spacemesh.io",
  "poet-1-v1-2-3-1.net.spacemesh.io",
  "poet-2-v1-2-3-1.net.spacemesh.io",
];

const KV = "cloudflare:index/workersKv:WorkersKv";
const DNS = "cloudflare:index/dnsRecord:DnsRecord";

describe("version stack", () => {
  let stack: VersionStack;
  before(async () => {
    stack = await VersionStack.make();
  });

  it("contains every step of the cycle and nothing else", () => {
    const steps = stack.custom.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    deepStrictEqual(
      steps.filter((step) => step !== "Stack smeshnet-1_2_3_1").sort(),
      [
        ...[
          "devnext",
          "history",
          "network",
          "log-archive",
          "poet-1",
          "poet-2",
          "smoke",
          "gateway-tls",
          "gateway-alive",
        ].map(command),
        command("explorer-password"),
        ...["discovery-listed", "dns-resolved", "page-served", "devnet", "guard"].map(command),
        ...["cloudflare cloudflare-dns", "cloudflare cloudflare-kv", "kubernetes network-cluster"],
        ...["explorer-mongo", "explorer-api", "explorer-frontend", "dash-api", "dash-frontend", "gateway"].flatMap(
          (name) => [`Service ${name}`, `Deployment ${name}`],
        ),
        "Deployment explorer-collector",
        "PersistentVolumeClaim explorer-mongo",
        "PodDisruptionBudget gateway",
        ...["default-deny", "inside", "gateway", "database", "metrics"].map((name) => `NetworkPolicy ${name}`),
        "Service node-api",
        "ConfigMap gateway",
        "ConfigMap page",
        ...["discovery-config", "discovery-network", "page-edge"].map((name) => `WorkersKv ${name}`),
        ...[...HOSTS, "_smeshnet.1_2_3_1.net.spacemesh.io"].map((host) => `DnsRecord ${host}`),
      ].sort(),
    );
  });

  it("runs steps by command lines without a path of the machine", () => {
    const lines = stack.commands.flatMap(({ inputs }) => [inputs.create, inputs.delete].filter(Boolean)).map(String);
    for (const line of lines) match(line, /^exec node scripts\/smeshnet\.cjs step [^/]+$/);
  });

  it("runs four steps on retirement: guard, archive, removal of the network and history", () => {
    const onDelete = stack.commands.filter(({ inputs }) => inputs.delete).map(({ inputs }) => inputs.delete);
    deepStrictEqual(onDelete.map((line) => String(line).split(" step ")[1]).sort(), [
      "archive collect v1.2.3+1",
      "guard v1.2.3+1",
      "history close v1.2.3+1",
      "network down v1.2.3+1",
    ]);
  });

  const order: [step: string, after: string[]][] = [
    ["history", ["devnext"]],
    ["network", ["history"]],
    ["log-archive", ["network"]],
    ["poet-1", ["log-archive"]],
    ["poet-2", ["log-archive"]],
    ["smoke", ["poet-1", "poet-2"]],
    ["protection", ["smoke"]],
    ["node-api", ["smoke", "protection"]],
    ["explorer", ["node-api"]],
    ["dash", ["explorer"]],
    ["gateway", ["explorer", "dash"]],
    ["discovery", ["gateway"]],
    ["dns", ["gateway"]],
    ["page", ["discovery", "dns"]],
    ["devnet", ["page"]],
    ["guard", ["devnet"]],
  ];
  for (const [step, after] of order) {
    it(`creates ${step} after all of ${after.join(" and ")}`, () => {
      const waitsFor = new Set(stack.component(step).dependencies);
      const before = after.flatMap((name) => stack.below(stack.component(name)));
      notStrictEqual(before.length, 0);
      deepStrictEqual(
        before.filter(({ urn }) => !waitsFor.has(urn)),
        [],
      );
    });
  }

  it("writes records and keys at Cloudflare by providers of their own, whose tokens no state shows", () => {
    const byPart = { [DNS]: "cloudflare-dns", [KV]: "cloudflare-kv" };
    for (const [type, name] of Object.entries(byPart)) {
      const { urn, inputs } = stack.named("pulumi:providers:cloudflare", name);
      deepStrictEqual(inputs, {});
      const written = stack.custom.filter((one) => one.type === type);
      ok(written.length > 0);
      for (const one of written) strictEqual(one.provider, `${urn}::${name}-id`, one.name);
    }
  });

  it("puts every resource below the component of its step, so that a destroy runs in reverse", () => {
    const components = new Set(stack.resources.filter(({ custom }) => !custom).map(({ urn }) => urn));
    const isTop = ({ type }: Registered) => type === "pulumi:pulumi:Stack" || type === "pulumi:providers:cloudflare";
    const astray = stack.custom.filter((one) => !isTop(one) && !components.has(one.parent));
    deepStrictEqual(astray, []);
  });

  it("creates in-cluster resources with the network's provider, and deletes them with the network", () => {
    const inCluster = stack.custom.filter(({ type }) => type.startsWith("kubernetes:"));
    strictEqual(inCluster.length, 23);
    const cluster = stack.named("pulumi:providers:kubernetes", "network-cluster");
    const network = stack.named("command:local:Command", "network");
    for (const { name, provider, deletedWith } of inCluster) {
      strictEqual(provider, `${cluster.urn}::network-cluster-id`, name);
      strictEqual(deletedWith, network.urn, name);
    }
    strictEqual(cluster.deletedWith, network.urn);
  });

  it("deletes objects with a fixed name before it replaces them", () => {
    const fixed = stack.custom.filter(({ type, inputs }) => {
      const metadata = inputs.metadata as { name?: string } | undefined;
      return type === DNS || metadata?.name !== undefined;
    });
    deepStrictEqual(
      fixed.filter(({ deleteBeforeReplace }) => !deleteBeforeReplace),
      [],
    );
  });

  it("marks the kubeconfig as a secret in every input and output", () => {
    const holders = stack.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(KUBECONFIG));
    deepStrictEqual(holders.map(({ name }) => name).sort(), [
      ...["explorer-password", "gateway-alive", "gateway-tls", "log-archive", "network-cluster"],
    ]);
    deepStrictEqual(
      holders.filter(({ shown }) => JSON.stringify(shown).includes(KUBECONFIG)),
      [],
    );
    deepStrictEqual(stack.secretOutputs, ["kubeconfig"]);
  });

  it("points every host to the gateway's address, and names the owner in a TXT record", () => {
    const records = stack.ofType(DNS).map(({ inputs }) => inputs);
    const addresses = records.filter(({ type }) => type === "A");
    deepStrictEqual(
      addresses.map(({ name, content, ttl, proxied }) => [name, content, ttl, proxied]),
      HOSTS.map((host) => [host, ADDRESS, 60, false]),
    );
    const [owner] = records.filter(({ type }) => type === "TXT");
    deepStrictEqual([owner?.name, owner?.content], ["_smeshnet.1_2_3_1.net.spacemesh.io", '"build-tag=v1.2.3+1"']);
  });

  it("writes entry, config and page to the edge, each under its own key", () => {
    const values = new Map(stack.ofType(KV).map(({ inputs }) => [inputs.keyName, String(inputs.value)]));
    deepStrictEqual([...values.keys()].sort(), ["config:1_2_3_1", "network:1_2_3_1", "page:1_2_3_1"]);
    strictEqual(values.get("config:1_2_3_1"), FACTS.nodeConfig);
    const { tag, entry } = JSON.parse(values.get("network:1_2_3_1") ?? "") as { tag: string; entry: { netID: number } };
    deepStrictEqual([tag, entry.netID], ["v1.2.3+1", 7]);
    for (const { inputs } of stack.ofType(KV)) {
      deepStrictEqual([inputs.accountId, inputs.namespaceId], ["account", "kv-namespace"]);
    }
  });

  it("serves one page at the gateway and at the edge, and keeps only the edge's after a destroy", () => {
    const { data } = stack.named("kubernetes:core/v1:ConfigMap", "page").inputs as { data: Record<string, string> };
    strictEqual(data["index.html"], stack.named(KV, "page-edge").inputs.value);
    match(data["index.html"] ?? "", /v1\.2\.3\+1/);
    deepStrictEqual(
      stack.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name),
      ["page-edge"],
    );
  });

  it("lets the gateway accept the channels' hosts from the first day", () => {
    const { data, metadata } = stack.named("kubernetes:core/v1:ConfigMap", "gateway").inputs as {
      data: { Caddyfile: string };
      metadata: Record<string, unknown>;
    };
    match(data.Caddyfile, /@api host api-v1-2-3-1\.net\.spacemesh\.io api\.test\.net\.spacemesh\.io\n/);
    match(data.Caddyfile, /@poet2 host poet-2-v1-2-3-1\.net\.spacemesh\.io poet-2\.test\.net\.spacemesh\.io\n/);
    strictEqual("name" in metadata, false, "a fixed name would not roll the pods when the text changes");
  });

  it("passes each poet's address to that poet's step", () => {
    strictEqual(stack.environment("poet-1").POET_ADDRESS, "203.0.113.9:5001");
    strictEqual(stack.environment("poet-2").POET_ADDRESS, "203.0.113.9:5002");
  });

  it("archives the settings, versions, facts and outputs with the logs", () => {
    const record = stack.environment("log-archive").NETWORK_RECORD ?? "";
    const { tag, documents } = JSON.parse(record) as { tag: string; documents: Record<string, unknown> };
    strictEqual(tag, "v1.2.3+1");
    deepStrictEqual(Object.keys(documents).sort(), ["config.json", "facts.json", "versions.json"]);
    deepStrictEqual(documents["facts.json"], FACTS);
    strictEqual(stack.environment("log-archive").STACK, "1_2_3_1");
  });

  it("hands the commit that the first step decided on to the smoke test and the last branch", () => {
    strictEqual(stack.environment("devnext").COMMIT, undefined);
    for (const name of ["smoke", "devnet"]) strictEqual(stack.environment(name).COMMIT, COMMIT, name);
  });

  it("returns the outputs that channels and commands read", () => {
    const { schema, tag, address, genesisId, facts, smoke, commit } = stack.outputs;
    deepStrictEqual([schema, tag, address, genesisId, commit], [1, "v1.2.3+1", ADDRESS, "9eeb", COMMIT]);
    deepStrictEqual([facts, smoke], [FACTS, SMOKE]);
  });

  it("shows and returns the digests that the gateway's step saw, and none in a stack from before", async () => {
    const images = [{ image: "spacemeshos/poet:v0.10.10", sha256: "a1".repeat(32) }];
    const seen = await VersionStack.make({}, FACTS, {}, { images });
    const old = await VersionStack.make({}, FACTS, { genesisId: "9eeb" }, {});
    const again = await VersionStack.make({}, FACTS, { genesisId: "9eeb", images }, { images });
    deepStrictEqual([seen.outputs.images, again.outputs.images], [images, images]);
    ok(!("images" in old.outputs), "the engine would warn of it at each preview");
    const page = (of: VersionStack) => String(of.named(KV, "page-edge").inputs.value);
    match(page(seen), /<code title="sha256:(a1){32}">sha256:a1a1a1a1a1a1<\/code>/);
    strictEqual(page(seen).replace(/<br><code title="sha256:[^"]*">[^<]*<\/code>/, ""), page(old));
    ok(!seen.secretOutputs.includes("images"));
  });

  it("opens one port without TLS, and HTTP as well with TLS", async () => {
    const plain = await VersionStack.make({ tls: false, port: 8080 });
    const elsewhere = await VersionStack.make({ port: 8443, httpPort: 8080 });
    const portsOf = ({ inputs }: Registered) => (inputs.spec as { ports: { port: number }[] }).ports;
    const gateway = (of: VersionStack) =>
      portsOf(of.named("kubernetes:core/v1:Service", "gateway")).map(({ port }) => port);
    deepStrictEqual([gateway(plain), gateway(stack), gateway(elsewhere)], [[8080], [80, 443], [8080, 8443]]);
  });

  it("mounts the certificate that a step handed to the cluster, and holds it nowhere", async () => {
    const plain = await VersionStack.make({ tls: false, port: 8080 });
    const gateway = (of: VersionStack) => of.named("kubernetes:apps/v1:Deployment", "gateway");
    const secrets = (of: VersionStack) =>
      (
        gateway(of).inputs.spec as { template: { spec: { volumes: { secret?: { secretName: string } }[] } } }
      ).template.spec.volumes.flatMap(({ secret }) => secret?.secretName ?? []);
    deepStrictEqual([secrets(plain), secrets(stack)], [[], ["gateway-tls"]]);
    const step = stack.named("command:local:Command", "gateway-tls");
    match(String(step.inputs.create), / step gateway tls v1\.2\.3\+1$/);
    ok(gateway(stack).dependencies.includes(step.urn));
    deepStrictEqual(Object.keys(step.inputs.environment as object).sort(), [
      "ARCHIVE",
      "KUBECONFIG_TEXT",
      "SMESHNET_STEP",
    ]);
    deepStrictEqual(
      plain.commands.filter(({ name }) => name === "gateway-tls"),
      [],
    );
  });

  it("keeps one of two gateways while machines are drained", async () => {
    const plain = await VersionStack.make({ tls: false, port: 8080 });
    const budgets = (of: VersionStack) =>
      of.ofType("kubernetes:policy/v1:PodDisruptionBudget").map(({ inputs }) => inputs.spec);
    const selector = { matchLabels: { "app.kubernetes.io/name": "gateway" } };
    deepStrictEqual(
      [budgets(plain), budgets(stack)],
      [[{ maxUnavailable: 1, selector }], [{ maxUnavailable: 1, selector }]],
    );
  });
});

const command = (name: string): string => `Command ${name}`;
