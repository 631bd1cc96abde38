import { deepStrictEqual, strictEqual } from "node:assert";
import { runWith } from "../../../../infra/base/lib/run";
import type { NetworkFacts } from "../../../../infra/base/model/network-facts";
import { networkSpec } from "../../../../infra/base/model/network-spec";
import type { Settings } from "../../../../infra/base/model/settings";
import { madeBy } from "../../../../infra/deploy/network/drivers";
import type { RunningNetwork } from "../../../../infra/simmer/networks";
import { shipLogs } from "../../../../scripts/simmer/shipping";
import { nodesToday } from "../../../../scripts/simmer/world";
import { refuses, refusesLater } from "../../../support/errors";
import { MemoryStore } from "../../../support/memory-store";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../../support/sample-network";
import { settingsWith } from "../../../support/settings";

const KUBERNETES = settingsWith({ driver: "kubernetes", kubeContext: "shared" });
const SPACECRAFT = settingsWith({ kubeContext: "shared" });
const { tag } = SAMPLE_NETWORK;
const store = new MemoryStore();

const specUnder = ({ facts, versions }: typeof SAMPLE_NETWORK, settings: Settings) =>
  madeBy(tag, { facts, versions }, settings, { store, credentials: {} }).spec;

describe("madeBy", () => {
  it("gives the spec of the driver that made a network, whatever the setting says by now", () => {
    deepStrictEqual(specUnder(SAMPLE_TODAY, SPACECRAFT), networkSpec(tag, KUBERNETES, SAMPLE_TODAY.versions));
    deepStrictEqual(specUnder(SAMPLE_NETWORK, KUBERNETES), networkSpec(tag, SPACECRAFT, SAMPLE_NETWORK.versions));
  });

  it("takes facts without a driver for those of go-spacecraft", () => {
    strictEqual(SAMPLE_NETWORK.facts.driver, undefined);
    strictEqual(specUnder(SAMPLE_NETWORK, KUBERNETES).gcp?.project, "project");
  });

  it("refuses when a setting is gone that the network's driver needs", () => {
    const without = settingsWith({ driver: "kubernetes", kubeContext: "shared", gcpZone: "" });
    refuses(() => specUnder(SAMPLE_NETWORK, without), "DriverSettingsMissing", { names: ["gcpZone", "spacecraft"] });
  });
});

describe("commands for running networks", () => {
  const { PATH, KUBECONFIG } = process.env;
  before(() => {
    Object.assign(process.env, { KUBECONFIG: "/nowhere/kubeconfig", PATH: "/nowhere" });
  });
  after(() => {
    process.env.PATH = PATH;
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  });
  const network = (facts: NetworkFacts): RunningNetwork =>
    ({ tag, outputs: { ...SAMPLE_TODAY, facts }, isLeaving: false }) as never;
  const asks = { logs: shipLogs, "today's nodes": nodesToday };

  for (const [what, ask] of Object.entries(asks)) {
    it(`look for ${what} in the namespace of a network that runs in one, after the setting changed`, async () => {
      const asked = ask(network(SAMPLE_TODAY.facts), { settings: SPACECRAFT, store } as never, runWith());
      await refusesLater(asked, "KubeconfigMissing", { exitCode: 2, names: ["/nowhere/kubeconfig"] });
    });
    it(`look for ${what} in the cluster of a network that has one, after the setting changed`, async () => {
      const asked = ask(network(SAMPLE_NETWORK.facts), { settings: KUBERNETES, store } as never, runWith());
      await refusesLater(asked, "ProgramMissing", { names: ["gcloud"] });
    });
  }
});
