import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { buildTag, parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkEndpoints } from "../../../infra/base/model/endpoints";
import type { Settings } from "../../../infra/base/model/settings";
import { tlsNames } from "../../../infra/base/model/tls";
import { openSecretTexts } from "../../../infra/base/store/open";
import { handOut } from "../../../infra/tls/hand-out";
import { keepCertificate, type TlsCertificate, type TlsStore } from "../../../infra/tls/record";
import { renewCertificate } from "../../../infra/tls/renew";
import { type Gateways, gateways, handOutToAll, requireAll } from "../../../scripts/tls/hand-out";
import { refuses, refusesLater } from "../../support/errors";
import { MemoryStore } from "../../support/memory-store";
import { KEYED } from "../../support/record-key";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../support/sample-network";
import { settingsWith } from "../../support/settings";
import { kubeconfigOf, VersionedApi } from "../../support/versioned-api";

const SETTINGS = settingsWith({ kubeContext: "shared" });
const NOW = Date.now();

const certificate = (generation: number): TlsCertificate => ({
  generation,
  names: tlsNames(SETTINGS),
  issuer: "E8",
  serial: `0${generation}`,
  directory: SETTINGS.acmeDirectory,
  notBefore: new Date(NOW - 1000).toISOString(),
  notAfter: new Date(NOW + 90 * 86_400_000).toISOString(),
  chain: `CHAIN ${generation}`,
  privateKey: "KEY\n",
});

type Outputs = Parameters<Gateways["hand"]>[1];

const NAMESPACE = "network";

/** Networks by their tags, each with a cluster of its own. */
class World {
  readonly store = new MemoryStore();
  private readonly networks = new Map<string, { outputs: Outputs; isLeaving: boolean } | undefined>();
  private readonly clusters = new Map<string, VersionedApi>();
  /** What happens before a network's cluster is reached. */
  before: (network: string) => unknown = () => undefined;

  add(tag: string, { isLeaving = false, tls = true } = {}): void {
    const endpoints = networkEndpoints(parseBuildTag(tag), 1, { ...SETTINGS, tls, port: tls ? 443 : 80 });
    this.networks.set(tag, { outputs: { ...SAMPLE_NETWORK, endpoints } as never, isLeaving });
    this.clusters.set(tag, new VersionedApi());
  }

  /** A stack whose network is being made, or is gone by now. */
  addIncomplete(tag: string): void {
    this.networks.set(tag, undefined);
  }

  /** A run that hands out a generation. */
  async run(generation: number) {
    await keepCertificate(this.kept, certificate(generation));
    const said: string[] = [];
    const hand: Gateways["hand"] = async (tag) => {
      const name = buildTag(tag);
      await this.before(name);
      const { signal } = runWith();
      return handOut(certificate(generation), kubeconfigOf(NAMESPACE), this.store, signal, this.clusters.get(name));
    };
    const tags = async () => [...this.networks.keys()].map(parseBuildTag);
    const network: Gateways["network"] = async (tag) => this.networks.get(buildTag(tag));
    const result = await handOutToAll({ generation }, { tags, network, hand }, runWith({ say: (l) => said.push(l) }));
    return { ...result, said };
  }

  readonly kept: TlsStore = { store: this.store, secretTexts: openSecretTexts(KEYED) };

  /** The certificate of each network. */
  get held(): string[] {
    return [...this.clusters.values()].map((cluster) => cluster.text(NAMESPACE).split("\n")[0] ?? "");
  }
}

const unreachable = (): never => {
  throw new UserError("ClusterApiFailed", "The cluster's API did not answer.", "Check it.");
};

describe("a certificate for all running networks", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    for (const tag of ["v1.2.3+1", "v1.2.3+2", "v1.2.4+1"]) world.add(tag);
  });

  it("reaches all others when one cluster does not answer, and that one by the next run", async () => {
    world.before = (network) => network === "v1.2.3+1" && unreachable();
    const { networks, failed } = await world.run(2);
    deepStrictEqual(world.held, ["", "CHAIN 2", "CHAIN 2"]);
    deepStrictEqual(networks, ["v1.2.3+2", "v1.2.4+1"]);
    refuses(() => requireAll({ networks, failed }, 2), "TlsHandOutIncomplete", {
      names: ["1 of 3 networks", "certificate 2", "v1.2.3+1", "did not answer"],
    });
    world.before = () => undefined;
    const mended = await world.run(2);
    deepStrictEqual(world.held, ["CHAIN 2", "CHAIN 2", "CHAIN 2"]);
    requireAll(mended, 2);
    match(mended.said.join("\n"), /v1.2.3\+1: its gateway gets .* 2\nv1.2.3\+2: its gateway has .* 2/);
  });

  it("is not given to a network that is being made, half retired or without TLS, and that is no failure", async () => {
    world.add("v1.3.0+1", { isLeaving: true });
    world.add("v1.3.0+2", { tls: false });
    world.addIncomplete("v1.3.0+3");
    const { networks, failed } = await world.run(1);
    deepStrictEqual(networks, ["v1.2.3+1", "v1.2.3+2", "v1.2.4+1"]);
    deepStrictEqual(failed, []);
    deepStrictEqual(world.held.slice(3), ["", ""]);
  });

  it("is no failure of a network whose retirement began in the meantime", async () => {
    world.before = (network) => {
      if (network !== "v1.2.3+2") return;
      world.addIncomplete(network);
      unreachable();
    };
    const { networks, failed } = await world.run(1);
    deepStrictEqual([networks, failed], [["v1.2.3+1", "v1.2.4+1"], []]);
  });

  it("reaches a network that was completed after the run that renewed", async () => {
    await world.run(2);
    world.add("v1.3.0+1");
    const { networks } = await world.run(2);
    strictEqual(networks.length, 4);
    strictEqual(world.held[3], "CHAIN 2");
  });

  it("is never older than the one that a run at the same time handed out", async () => {
    await world.run(1);
    // The slow run waits at the second network, until the fast one is through.
    let fast: Promise<unknown> | undefined;
    world.before = async (network) => {
      if (network !== "v1.2.3+2" || fast) return;
      fast = world.run(3);
      await fast;
    };
    const { networks, failed, said } = await world.run(2);
    deepStrictEqual(world.held, ["CHAIN 3", "CHAIN 3", "CHAIN 3"]);
    deepStrictEqual([networks.length, failed], [3, []]);
    strictEqual(said.filter((line) => line.includes("a newer TLS certificate than 2")).length, 2);
  });

  it("is handed out by the next run when one was killed after it kept the certificate", async () => {
    await keepCertificate(world.kept, certificate(1));
    const next = { ...world.kept, settings: SETTINGS, cloudflare: {} as never };
    const { certificate: kept, reason } = await renewCertificate(next, runWith());
    deepStrictEqual([kept.generation, reason], [1, undefined]); // it asked nobody
    await world.run(kept.generation);
    deepStrictEqual(world.held, ["CHAIN 1", "CHAIN 1", "CHAIN 1"]);
  });

  it("does not hide a fault of ours behind those of clusters", async () => {
    world.before = () => Promise.reject(new TypeError("ours"));
    await rejects(world.run(1), TypeError);
  });
});

describe("the way to the gateways of running networks", () => {
  const { PATH, KUBECONFIG } = process.env;
  before(() => {
    Object.assign(process.env, { KUBECONFIG: "/nowhere/kubeconfig", PATH: "/nowhere" });
  });
  after(() => {
    process.env.PATH = PATH;
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  });
  const hand = (driver: Settings["driver"], { tag, facts }: typeof SAMPLE_NETWORK) => {
    const settings = settingsWith({ driver, kubeContext: "shared" });
    const world = gateways(certificate(1), { settings, store: new MemoryStore() }, runWith());
    return world.hand(tag, { ...SAMPLE_TODAY, facts } as never);
  };

  it("is that of the driver that made each network, whatever the setting says by now", async () => {
    for (const driver of ["kubernetes", "spacecraft"] as const) {
      const today = { exitCode: 2, names: ["/nowhere/kubeconfig"] } as const;
      await refusesLater(hand(driver, SAMPLE_TODAY as never), "KubeconfigMissing", today);
      await refusesLater(hand(driver, SAMPLE_NETWORK), "ProgramMissing", { names: ["gcloud"] });
    }
  });
});
