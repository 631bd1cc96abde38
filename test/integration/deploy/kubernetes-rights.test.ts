import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { V1Namespace, V1Secret, V1ServiceList } from "@kubernetes/client-node";
import { objectApi } from "../../../infra/base/clients/kubernetes/objects";
import { ownKubeconfig } from "../../../infra/base/clients/kubernetes/own-kubeconfig";
import { runWith } from "../../../infra/base/lib/run";
import { RIGHTS, RIGHTS_OF_NONE, type Right } from "../../../infra/base/model/kubernetes-rights";
import { byClients, proxyInto } from "../../../infra/base/observe/nodes";
import type { NetworkDriver } from "../../../infra/deploy/network/driver";
import { kubernetesDriver } from "../../../infra/deploy/network/kubernetes/driver";
import { realWorld, type World } from "../../../infra/deploy/network/kubernetes/world";
import { handOut } from "../../../infra/tls/hand-out";
import { SHARED } from "../../../sandbox/kubernetes/cluster-record";
import { adminKubeconfig } from "../../../sandbox/kubernetes/credentials";
import { MemoryStore } from "../../simulation/archive/memory-store";
import { accountWithout, distinct, nameOf, tokenOf } from "../../support/accounts";
import { CHECKOUT } from "../../support/checkout";
import { eventually } from "../../support/cluster-world";
import { isRefusal } from "../../support/errors";
import { kubernetesSpec } from "../../support/kubernetes-spec";
import { SecretSearch } from "../../support/secrets";
import { SharedWorld } from "../../support/shared-world";

const LITTLE = { cpu: "100m", memory: "64Mi", disk: "1Gi" };
const SETTINGS = {
  kubeContext: "smeshnet",
  miners: 2,
  genesisDelay: 0,
  networkTimeout: 90,
  storageClass: "default",
  resources: { node: LITTLE, poet: LITTLE },
};
const SPEC = kubernetesSpec(SETTINGS);
const INSIDE = kubernetesSpec({ ...SETTINGS, exposure: "none" });

/** Needed with the settings of SPEC. */
const NEEDED = distinct(RIGHTS.filter(({ without, neededWith }) => without === undefined || neededWith));

describe("the driver kubernetes as the account of packaging/kubernetes/rights.yaml", function () {
  this.timeout(180_000);

  const world = new SharedWorld();
  const usual = { KUBECONFIG: process.env.KUBECONFIG, PATH: process.env.PATH };
  const store = new MemoryStore();
  const said: string[] = [];
  const run = { ...runWith(), say: (line: string) => void said.push(line) };
  const driver = kubernetesDriver(store, realWorld);
  const search = new SecretSearch();
  let token: string;

  before(async () => {
    await world.up();
    await apply("rights.yaml");
    token = await tokenOf(world.api, "smeshnet");
    process.env.KUBECONFIG = kubeconfig(token);
    process.env.PATH = [join(CHECKOUT, "node_modules/.bin"), process.env.PATH].join(delimiter);
  });
  after(async () => {
    search.stop();
    Object.assign(process.env, usual);
    if (usual.KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    await world.close();
  });

  async function apply(file: string): Promise<void> {
    const flags = ["--kubeconfig", join(world.home, "kubeconfig"), "-f", `packaging/kubernetes/${file}`];
    const { exitCode, stderr } = await world.run("kubectl", ["apply", ...flags]);
    strictEqual(exitCode, 0, stderr);
  }

  let files = 0;
  function kubeconfig(given: string): string {
    const { server, ca } = world.credentials;
    const [cluster] = (adminKubeconfig(SHARED, world.credentials) as { clusters: [object] }).clusters;
    ok(server && ca);
    const file = join(world.home, `account-${++files}.json`);
    const contexts = [{ name: "smeshnet", context: { cluster: SHARED, user: "smeshnet" } }];
    const users = [{ name: "smeshnet", user: { token: given } }];
    writeFileSync(file, JSON.stringify({ clusters: [cluster], contexts, users }), { mode: 0o600 });
    return file;
  }

  /** Hands a generation out as the account. The store has generations up to 8. */
  const hand = async (generation: number) => {
    const certificate = { generation, chain: `chain ${generation}\n`, privateKey: "key\n" };
    const list = async () => [1, 2, 3, 4, 5, 6, 7, 8].map((kept) => `tls/${kept}.json`);
    return handOut(certificate, (await driver.kubeconfig(SPEC, run)) ?? "", { list }, run.signal);
  };
  const handed = async () => {
    const secret = await world.api.find<V1Secret>(`/api/v1/namespaces/${SPEC.namespace}/secrets/gateway-tls`);
    return Buffer.from(secret?.data?.["tls.pem"] ?? "", "base64").toString();
  };

  const namespace = () => world.api.find<V1Namespace>(`/api/v1/namespaces/${SPEC.namespace}`);

  /** The driver with another account. It takes the token from the kubeconfig, so that no program runs for it. */
  const as = (file: string): NetworkDriver => {
    const other: World = {
      ask: realWorld.ask,
      async open({ namespace: name, kubernetes: { context } }, signal) {
        const text = await ownKubeconfig(context, name, { KUBECONFIG: file });
        return { api: objectApi(text, signal), kubeconfig: text };
      },
    };
    return kubernetesDriver(store, other);
  };
  const without = async (right: Right) => as(await accountWithout(world.api, right, kubeconfig));
  const named = (name: string): Right => RIGHTS.find((right) => nameOf(right) === name) as Right;
  const refusedWith = async (act: Promise<unknown>, code: string, ...names: string[]): Promise<void> =>
    act.then(
      () => ok(false, "it was not refused"),
      (error: unknown) => void isRefusal(error, code, { names }),
    );

  for (const right of NEEDED) {
    it(`makes nothing without the right to ${nameOf(right)}`, async () => {
      const one = await without(right);
      // Without this one nobody can tell which cluster it is.
      if (nameOf(right) === "get namespaces") await refusedWith(one.up(SPEC, run), "ClusterApiFailed", "403");
      else await refusedWith(one.up(SPEC, run), "RightsMissing", `${right.verb} ${right.resource}`);
      strictEqual(await namespace(), undefined);
      deepStrictEqual(await store.list("namespaces/"), []);
    });
  }

  it("makes a network, inspects it and takes it for complete", async () => {
    const { facts, kubeconfig: handed } = await driver.up(SPEC, run);
    strictEqual(facts.nodes.length, 2);
    search.texts.set("the kubeconfig of the state", handed);
    search.texts.set("the facts of the state", JSON.stringify(facts));
    match(JSON.stringify(await driver.inspect(SPEC, run)), /"plan":\{"action":"adopt"/);
    deepStrictEqual(
      (await driver.inventory({ kubeContext: "smeshnet" } as never, run)).map(({ name }) => name),
      [SPEC.namespace],
    );
  });

  it("hands the TLS certificate to the gateway, and a renewed one in its place", async () => {
    for (const generation of [1, 2]) {
      strictEqual(await hand(generation), "given");
      strictEqual(await handed(), `chain ${generation}\nkey\n`);
    }
    strictEqual(await hand(2), "same");
  });

  it("keeps the newest TLS certificate when several runs hand theirs out at the same time", async () => {
    await Promise.all([8, 3, 7, 4, 6, 5].map(hand));
    strictEqual(await handed(), "chain 8\nkey\n");
    strictEqual(await hand(7), "newer");
    strictEqual(await handed(), "chain 8\nkey\n");
  });

  it("removes nothing without the right to delete namespaces", async () => {
    await refusedWith(
      (await as(kubeconfig(await tokenOf(world.api, "no-delete-namespaces")))).down(SPEC, run),
      "ClusterApiFailed",
      "403",
    );
    strictEqual((await namespace())?.status?.phase, "Active");
  });

  for (const name of ["list deployments", "list services", "list pods", "get secrets", "get configmaps"]) {
    it(`says in one line that it may not ${name}, when it inspects`, async () => {
      const { verb, resource } = named(name);
      const file = kubeconfig(await tokenOf(world.api, `no-${verb}-${resource}`));
      await refusedWith(as(file).inspect(SPEC, run), "ClusterApiFailed", "403", resource);
    });
  }

  it("removes the network", async () => {
    await driver.down(SPEC, run);
    strictEqual(await namespace(), undefined);
    deepStrictEqual(await driver.leftovers(SPEC, run), []);
  });

  it("makes nothing without addresses outside, unless it may ask through the API server", async () => {
    await refusedWith(driver.up(INSIDE, run), "RightsMissing", "get, create services/proxy", "rights-none.yaml");
    strictEqual(await namespace(), undefined);
  });

  it("asks nodes and poets without addresses outside through the API server", async () => {
    await apply("rights-none.yaml");
    const questions = objectApi(await ownKubeconfig("smeshnet", INSIDE.namespace, process.env));
    for (const right of RIGHTS_OF_NONE) // the authorizer of the API server follows its own watch of bindings
      await eventually(async () => (await questions.may(right, INSIDE.namespace)) || undefined);
    const { facts, kubeconfig: handed } = await driver.up(INSIDE, run);
    deepStrictEqual(
      facts.nodes.map(({ grpc }) => grpc),
      ["miner-1.v1-2-3-1.svc:9092", "miner-2.v1-2-3-1.svc:9092"],
    );
    const calls = byClients(proxyInto(facts, () => handed, run.signal));
    for (const { grpc } of facts.nodes) {
      const { version, genesisId, status } = await calls.node(grpc);
      deepStrictEqual([version, genesisId, status.connectedPeers], ["v1.2.3+1", facts.genesisId, 1]);
      strictEqual(await calls.stateRoot(grpc, 1), ""); // no layer has one so early
    }
    deepStrictEqual((await calls.poet(facts.poets[0]?.rest ?? "")).kind, "phases");
    await rejects(calls.node("miner-3.v1-2-3-1.svc:9092"), /^CallError: miner-3\..*\(services "miner-3" not found\)/);
    const { items } = await world.api.get<V1ServiceList>(`/api/v1/namespaces/${INSIDE.namespace}/services`);
    deepStrictEqual([...new Set(items.map(({ spec }) => spec?.type))], ["ClusterIP"]);
    await driver.down(INSIDE, run);
  });

  it("shows its token nowhere: not in progress, state, records or command lines", () => {
    search.texts.set("progress", said.join("\n"));
    for (const [key, bytes] of store.objects) search.texts.set(key, `${bytes}`);
    ok(search.texts.size >= 5);
    deepStrictEqual(search.found({ token }), []);
  });
});
