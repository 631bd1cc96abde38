import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { tlsNames } from "../../../infra/base/model/tls";
import { openSecretTexts, openStore } from "../../../infra/base/store/open";
import { keepCertificate } from "../../../infra/tls/record";
import { AnsweringServer, type Asked } from "../../support/answering";
import { BareRepository } from "../../support/bare-repository";
import { CHECKOUT } from "../../support/checkout";
import { ACCOUNT, SCOPED, TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { KEYED, RECORD_KEY } from "../../support/record-key";
import { settingsWith } from "../../support/settings";
import { toolchain } from "../../support/toolchain";

const SECRETS = {
  cloudflare: TOKEN,
  key: RECORD_KEY,
  passphrase: "the-passphrase-of-all-stacks",
  webhook: "token-of-the-webhook",
  cluster: "token-of-the-cluster",
};

const Diagnosis = z.strictObject({
  schema: z.literal(1),
  driver: z.string().optional(),
  demand: z
    .strictObject({
      kinds: z.array(z.looseObject({ what: z.string() })),
      total: z.strictObject({
        pods: z.number(),
        cpuMillis: z.number(),
        memoryBytes: z.number(),
        diskBytes: z.number(),
      }),
    })
    .optional(),
  findings: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(["ok", "warn", "fail"]),
      what: z.string(),
      fix: z.string().optional(),
      unproven: z.string().optional(),
    }),
  ),
});

/** What a cluster's API answers; a right counts when no text of `denied` names its resource. */
const clusterApi =
  (denied: readonly string[], cores: string) =>
  ({ call, body, headers }: Asked) => {
    if (headers.authorization !== `Bearer ${SECRETS.cluster}`)
      return { status: 401, body: { message: "who are you?" } };
    if (call === "GET /version") return { body: { major: "1", minor: "33+", gitVersion: "v1.33.1" } };
    if (call.startsWith("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews")) {
      const { resource, subresource } = JSON.parse(body).spec.resourceAttributes;
      const kind = subresource === undefined ? resource : `${resource}/${subresource}`;
      return { status: 201, body: { status: { allowed: !denied.includes(kind) } } };
    }
    if (call.startsWith("GET /api/v1/nodes?"))
      return {
        body: {
          items: [
            {
              metadata: { name: "a" },
              spec: {},
              status: { allocatable: { cpu: cores, memory: "128Gi", pods: "110" } },
            },
          ],
        },
      };
    if (call.startsWith("GET /api/v1/pods?")) return { body: { items: [] } };
    if (call.startsWith("GET /apis/storage.k8s.io/v1/storageclasses?"))
      return {
        body: {
          items: [
            { metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } },
          ],
        },
      };
    return { status: 404, body: { message: `unexpected ${call}` } };
  };

describe("smeshnet doctor", function () {
  this.timeout(120_000);

  let folder: string;
  let cloudflare: TestCloudflare;
  let cluster: AnsweringServer;
  let discord: AnsweringServer;
  let node: BareRepository;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-doctor-"));
    for (const name of ["home", "state", "store", "empty", "pulumi"]) mkdirSync(join(folder, name));
    const archive = `file://${join(folder, "store")}`;
    const kept = { store: openStore(archive, KEYED), secretTexts: openSecretTexts(KEYED) };
    await keepCertificate(kept, {
      generation: 1,
      directory: settingsWith().acmeDirectory,
      names: tlsNames(settingsWith({ zone: ZONE.name, discoveryHost: `d.${ZONE.name}` })),
      issuer: "E8",
      serial: "01",
      notBefore: new Date(Date.now() - 86_400_000).toISOString(),
      notAfter: new Date(Date.now() + 89 * 86_400_000).toISOString(),
      chain: "chain",
      privateKey: "key",
    });
    node = new BareRepository();
    node.commit("main", "README.md", "the node");
    cloudflare = new TestCloudflare(join(folder, "cloudflare"));
    await cloudflare.start();
    discord = await new AnsweringServer(() => ({ body: { id: "1", name: "network news" } })).start();
  });
  beforeEach(async () => {
    cluster = await new AnsweringServer(clusterApi([], "64")).start();
  });
  afterEach(() => cluster.stop());
  after(async () => {
    await discord.stop();
    await cloudflare.remove();
    node.remove();
    rmSync(folder, { recursive: true });
  });

  const bare = () => ({ HOME: join(folder, "home"), PATH: process.env.PATH });

  /** Everything that the driver `kubernetes` needs. */
  const complete = () => {
    const KUBECONFIG = join(folder, "kubeconfig");
    const config = {
      "current-context": "none",
      clusters: [{ name: "c", cluster: { server: cluster.url } }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { token: SECRETS.cluster } }],
    };
    writeFileSync(KUBECONFIG, JSON.stringify(config));
    return {
      ...bare(),
      PATH: [toolchain().bin, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(folder, "pulumi"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: SECRETS.passphrase,
      CLOUDFLARE_API_TOKEN: SECRETS.cloudflare,
      CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
      SMESHNET_RECORD_KEY: SECRETS.key,
      DISCORD_WEBHOOK: `${discord.url}/api/webhooks/1/${SECRETS.webhook}`,
      KUBECONFIG,
      SMESHNET_DRIVER: "kubernetes",
      SMESHNET_KUBE_CONTEXT: "here",
      SMESHNET_ZONE: ZONE.name,
      SMESHNET_DISCOVERY_HOST: `discover.${ZONE.name}`,
      SMESHNET_ZONE_ID: ZONE.id,
      SMESHNET_ACCOUNT_ID: ACCOUNT,
      SMESHNET_ARCHIVE: `file://${join(folder, "store")}`,
      SMESHNET_NODE_REPOSITORY: node.url,
    };
  };

  const doctor = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    new Promise<{ exitCode: number; stdout: string; stderr: string; lines: string[] }>((resolve) => {
      const program = [join(CHECKOUT, "scripts/smeshnet.cjs"), "doctor", ...args];
      execFile(process.execPath, program, { env, cwd: tmpdir() }, (error, stdout, stderr) => {
        for (const [name, secret] of Object.entries(SECRETS))
          ok(!(stdout + stderr).includes(secret), `${name} is shown`);
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr, lines: stdout.trim().split("\n") });
      });
    });

  const failing = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("fail "));

  it("finds nothing wrong where all is there, and touches nothing", async () => {
    // The pulumi CLI writes a log of each call into its own folder.
    const kept = () => ["home", "state", "store"].flatMap((name) => readdirSync(join(folder, name)));
    const before = kept();
    const { exitCode, stdout, stderr, lines } = await doctor(complete());
    strictEqual(exitCode, 0, stdout + stderr);
    deepStrictEqual(
      lines.map((line) => line.split(/[ :]+/, 2)[1]),
      [
        ...["tools.node", "tools.pulumi", "tools.plugins", "tools.git", "settings", "keys.records", "keys.passphrase"],
        ...["backend", "cluster.api", "cluster.rights", "cluster.resources", "cluster.storage", "cluster.exposure"],
        ...["cloudflare.token", "cloudflare.zone", "cloudflare.dns", "cloudflare.kv", "cloudflare.workers"],
        ...["store", "tls", "repository", "signers", "webhook"],
      ],
    );
    match(stdout, /^ok {3}cluster\.api: context here answers, Kubernetes v1\.33\.1$/m);
    match(stdout, /^ok {3}cluster\.resources: the network wants 14\.5 cores, .* 1 machines have 64 cores/m);
    match(stdout, /^ok {3}webhook: Discord knows the webhook as "network news"$/m);
    match(
      stdout,
      /^ok {3}cloudflare\.kv: 0 KV namespaces can be read with CLOUDFLARE_API_TOKEN; not proven: the right Workers KV Storage Edit$/m,
    );
    deepStrictEqual(kept(), before);
    deepStrictEqual(
      cluster.calls.filter((call) => !/^GET |selfsubjectaccessreviews$/.test(call)),
      [],
    );
    deepStrictEqual(discord.calls, [`GET /api/webhooks/1/${SECRETS.webhook}`]);
  });

  it("prints JSON of its documented form, with what the network asks of the cluster", async () => {
    const { exitCode, stdout } = await doctor(complete(), "--json");
    strictEqual(exitCode, 0);
    const { driver, demand, findings } = Diagnosis.parse(JSON.parse(stdout));
    strictEqual(driver, "kubernetes");
    deepStrictEqual(demand?.total, {
      pods: 21,
      cpuMillis: 14500,
      memoryBytes: 18048 * 2 ** 20,
      diskBytes: 111 * 2 ** 30,
    });
    ok(findings.length > 20);
  });

  it("names each missing right with the rule that gives it", async () => {
    cluster.answer = clusterApi(["secrets", "pods/log", "nodes/proxy"], "64");
    const { exitCode, lines, stderr } = await doctor(complete());
    strictEqual(exitCode, 1);
    const rights = lines.filter((line) => line.includes("cluster.rights"));
    deepStrictEqual(
      rights.map((line) => line.split(" (Add")[0]),
      [
        "fail cluster.rights: may not get, create, patch secrets in a network's namespace",
        "fail cluster.rights: may not get pods/log in a network's namespace",
        "warn cluster.rights: may not get nodes/proxy in the cluster: the archive cannot tell whether the kubelet dropped log lines",
      ],
    );
    deepStrictEqual(failing(lines).length, 2);
    match(stderr, /^error\[DoctorFound\]: A first deployment would fail: cluster\.rights\. /m);
  });

  it("says that a cluster is too small, before anything is made", async () => {
    cluster.answer = clusterApi([], "8");
    const { exitCode, lines } = await doctor(complete());
    strictEqual(exitCode, 1);
    deepStrictEqual(failing(lines), [
      "fail cluster.resources: the network wants 14.5 cores, the cluster has 8 cores (Add machines, or lower smeshnet:miners or smeshnet:resources)",
    ]);
  });

  it("names a wrong kubeconfig, context, token and address in a line each", async () => {
    const env = complete();
    const broken = join(folder, "broken");
    writeFileSync(broken, `token: ${SECRETS.cluster}\n  bad: [`);
    const cases: [NodeJS.ProcessEnv, RegExp][] = [
      [{ ...env, KUBECONFIG: join(folder, "missing") }, /There is no kubeconfig at .*missing \(Set KUBECONFIG/],
      [{ ...env, KUBECONFIG: broken }, /broken is not a kubeconfig \(Correct the file/],
      [{ ...env, SMESHNET_KUBE_CONTEXT: "there" }, /no context "there"\. Contexts there: here \(/],
    ];
    for (const [changed, line] of cases) {
      const { exitCode, lines } = await doctor(changed);
      strictEqual(exitCode, 1);
      const [only = "", ...others] = failing(lines);
      match(only, /^fail cluster\.api: /);
      match(only, line);
      deepStrictEqual(others, []);
    }
    await cluster.stop();
    const silent = await doctor(env);
    match(
      failing(silent.lines).join("\n"),
      /^fail cluster\.api: GET \/version failed: the cluster's API did not answer/,
    );
    await cluster.start();
  });

  it("names a store without a TLS certificate, unless there is no TLS", async () => {
    const empty = { ...complete(), SMESHNET_ARCHIVE: `file://${join(folder, "empty")}` };
    const { exitCode, lines } = await doctor(empty);
    strictEqual(exitCode, 1);
    deepStrictEqual(failing(lines), ["fail tls: the store holds no valid TLS certificate (Run `smeshnet tls renew`)"]);
    deepStrictEqual(failing((await doctor({ ...empty, SMESHNET_TLS: "false" })).lines), []);
  });

  it("tells what it waits for, and ends a question that nobody answers", async () => {
    const deaf = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(deaf, "listening");
    const address = deaf.address();
    ok(typeof address === "object" && address);
    const CLOUDFLARE_BASE_URL = `http://127.0.0.1:${address.port}`;
    const { exitCode, lines, stderr } = await doctor({ ...complete(), CLOUDFLARE_BASE_URL }, "--timeout", "4");
    deaf.close();
    strictEqual(exitCode, 1);
    match(stderr, /^waiting for .*cloudflare\.token/m);
    deepStrictEqual(failing(lines), [
      "fail cloudflare.token: no answer in 4 s (Check the network, or wait longer with --timeout)",
    ]);
  });

  it("names a refused token, a foreign zone and a wrong webhook, and shows none of them", async () => {
    const wrong = { ...complete(), CLOUDFLARE_API_TOKEN: "another-token-of-nobody", DISCORD_WEBHOOK: "https://hush" };
    const { exitCode, lines, stdout } = await doctor(wrong);
    strictEqual(exitCode, 1);
    match(
      failing(lines).join("\n"),
      /^fail cloudflare\.token: Cloudflare refused GET user\/tokens\/verify \(HTTP 403, /,
    );
    const { CLOUDFLARE_API_TOKEN: _, ...others } = complete();
    const mixed = await doctor({ ...others, ...SCOPED, CLOUDFLARE_WORKERS_TOKEN: SCOPED.CLOUDFLARE_DNS_TOKEN });
    strictEqual(mixed.exitCode, 1);
    deepStrictEqual(
      mixed.lines.filter((line) => line.includes("cloudflare.")).map((line) => line.replace(/account1/, "ID")),
      [
        "ok   cloudflare.token: CLOUDFLARE_DNS_TOKEN is active",
        "warn cloudflare.zone: Cloudflare refused GET zones/zone1 (HTTP 403, Unauthorized to access requested resource (code 9109)) (Give CLOUDFLARE_DNS_TOKEN the right Zone Read, or correct the id)",
        "ok   cloudflare.dns: DNS records can be read with CLOUDFLARE_DNS_TOKEN; not proven: the right DNS Edit",
        "ok   cloudflare.token: CLOUDFLARE_KV_TOKEN is active",
        "ok   cloudflare.kv: 0 KV namespaces can be read with CLOUDFLARE_KV_TOKEN; not proven: the right Workers KV Storage Edit",
        "ok   cloudflare.token: CLOUDFLARE_WORKERS_TOKEN is active",
        "fail cloudflare.workers: Cloudflare refused GET accounts/ID/workers/scripts (HTTP 403, Authentication error (code 10000)) (Give CLOUDFLARE_WORKERS_TOKEN the right Workers Scripts Edit, or correct the id)",
      ],
    );
    match(failing(lines).join("\n"), /^fail webhook: DISCORD_WEBHOOK \(not shown\) is not the URL of a webhook/m);
    doesNotMatch(stdout, /another-token|hush/);
    const other = await doctor({
      ...complete(),
      SMESHNET_ZONE: "example.net",
      SMESHNET_DISCOVERY_HOST: "d.example.net",
    });
    deepStrictEqual(failing(other.lines), [
      "fail cloudflare.zone: zone zone1 is example.org, but smeshnet:zone is example.net (Correct smeshnet:zoneId or smeshnet:zone)",
    ]);
  });

  it("asks Google Cloud for the account and the project with the driver spacecraft, and for nothing else", async () => {
    const bin = join(folder, "google");
    const log = join(folder, "calls");
    const program = (name: string, text: string) => {
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, name), `#!/bin/sh\necho "$0 $*" >> ${log}\n${text}\n`, { mode: 0o755 });
    };
    program("gke-gcloud-auth-plugin", "exit 1");
    program("go-spacecraft", "exit 1");
    program(
      "gcloud",
      `case "$1" in
        auth) echo '[{"account": "sam@example.org"}]' ;;
        projects) echo '{"projectId": "p1", "lifecycleState": "ACTIVE"}' ;;
      esac`,
    );
    const google = { SMESHNET_GCP_PROJECT: "p1", SMESHNET_GCP_LOCATION: "us-east1", SMESHNET_GCP_ZONE: "us-east1-b" };
    const env = { ...complete(), ...google, SMESHNET_DRIVER: "spacecraft" };
    const { exitCode, stdout, stderr } = await doctor({ ...env, PATH: [bin, env.PATH].join(delimiter) });
    strictEqual(exitCode, 0, stdout + stderr);
    match(stdout, /^ok {3}google\.account: gcloud is logged in as sam@example\.org$/m);
    match(stdout, /^ok {3}google\.project: project p1 is ACTIVE; not proven: /m);
    match(stdout, /^ok {3}tools\.go-spacecraft: /m);
    doesNotMatch(stdout, /cluster\./);
    deepStrictEqual(readFileSync(log, "utf8").trim().split("\n"), [
      `${join(bin, "gcloud")} auth list --filter=status:ACTIVE --format=json`,
      `${join(bin, "gcloud")} projects describe p1 --format=json`,
    ]);
    deepStrictEqual(cluster.calls, []);
  });

  it("lists all that is missing in an empty environment, with exit code 2", async () => {
    const env = { ...bare(), SMESHNET_DRIVER: "kubernetes", SMESHNET_NODE_REPOSITORY: "file:///nowhere" };
    const { exitCode, stdout, stderr, lines } = await doctor(env);
    strictEqual(exitCode, 2, stdout);
    for (const key of ["zoneId", "accountId", "archive", "kubeContext"])
      match(stdout, new RegExp(`^fail settings: smeshnet:${key} is .*\\(Set it in Pulumi\\.yaml or SMESHNET_`, "m"));
    for (const name of ["keys.records", "backend", "cloudflare.token", "repository"])
      ok(
        lines.some((line) => line.startsWith(`fail ${name}: `)),
        name,
      );
    match(stderr, /^error\[DoctorFound\]: /m);
    doesNotMatch(stdout, /undefined|\[object/);
  });
});
