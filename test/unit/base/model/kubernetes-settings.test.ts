import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { z } from "zod";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { KubernetesSettings } from "../../../../infra/base/model/kubernetes-settings";
import { effectiveGenesis, NetworkFacts } from "../../../../infra/base/model/network-facts";
import { NetworkSpec, netId } from "../../../../infra/base/model/network-spec";
import { quantityIn } from "../../../../infra/base/model/quantity";
import { kubernetesSpec } from "../../../support/kubernetes-spec";
import { FACTS, FACTS_TODAY } from "../../../support/version-stack";

const ADDRESS = "stest1qqqqqqx3pllnhamat3a4kmwexd39kkgst7p52jqjwx5wl";
const TAP = { balance: "30", gift: "10", budget: "20", gate: "pow" };
const takes = (key: keyof typeof KubernetesSettings, value: unknown): boolean =>
  z.object(KubernetesSettings).shape[key].safeParse(value).success;
const resources = (changes: object) => {
  const one = { cpu: "1", memory: "1Gi", disk: "1Gi" };
  return { node: { ...one, ...changes }, poet: one };
};

describe("the settings of the driver kubernetes", () => {
  const CASES: Partial<Record<keyof typeof KubernetesSettings, readonly [good: unknown[], bad: unknown[]]>> = {
    kubeContext: [
      ["", "gke_project_zone_name", "kind-a"],
      ["a b", 5],
    ],
    preset: [
      ["fastnet", "standalone", "testnet"],
      ["mainnet", ""],
    ],
    hrp: [
      ["sm", "stest"],
      ["", "1sm", "Sm", "s-m", "a".repeat(21)],
    ],
    coinbase: [
      ["", ADDRESS],
      ["0x1234", "stest1", `${ADDRESS}b`],
    ],
    accounts: [
      [{}, { [ADDRESS]: "9223372036854775807" }, { [ADDRESS]: 5 }],
      [{ [ADDRESS]: "1.5" }, { [ADDRESS]: -1 }, { [ADDRESS]: "01" }, { [ADDRESS]: 2 ** 53 }, { nobody: "1" }],
    ],
    tap: [
      ["none", TAP, { ...TAP, gate: "none" }, { ...TAP, gift: 5 }],
      ["", {}, { ...TAP, gift: "0" }, { ...TAP, gift: "1.5" }, { ...TAP, gate: "captcha" }, { ...TAP, more: "1" }],
    ],
    smeshers: [
      [0, 3, 499],
      [-1, 1.5, 500],
    ],
    nodeConfig: [
      [{}, { hare3: { "round-duration": "300ms" } }],
      [{ hare3: 5 }, []],
    ],
    resources: [
      [resources({}), resources({ cpu: "500m", memory: "1600Mi", disk: "10G" })],
      [resources({ cpu: "a" }), resources({ memory: "-1Gi" }), resources({ disk: "" }), resources({ gpu: "1" })],
    ],
    storageClass: [
      ["default", "none", "premium-rwo"],
      ["", "A b"],
    ],
    exposure: [
      ["nodePort", "loadBalancer", "none"],
      ["None", ""],
    ],
  };
  for (const [key, [good, bad]] of Object.entries(CASES))
    it(`${key} takes what it should, and nothing else`, () => {
      for (const value of good) ok(takes(key as keyof typeof KubernetesSettings, value), JSON.stringify(value));
      for (const value of bad) ok(!takes(key as keyof typeof KubernetesSettings, value), JSON.stringify(value));
    });

  it("take no quantity that cannot be counted", () => {
    for (const text of ["500m", "2", "0.5", "1600Mi", "1Ki", "10G", "5k", "2T", "3M", "1Ti"]) {
      ok(takes("resources", resources({ memory: text })), text);
      ok((quantityIn(text) ?? 0) > 0, text);
    }
  });
});

describe("the spec of a network of today", () => {
  it("smeshes on all nodes but the last, unless told", () => {
    strictEqual(kubernetesSpec().kubernetes.smeshers, 3);
    strictEqual(kubernetesSpec({ smeshers: 1 }).kubernetes.smeshers, 1);
  });

  it("is read again as it was written", () => {
    const spec = kubernetesSpec({ accounts: { [ADDRESS]: "9223372036854775807" } });
    deepStrictEqual(NetworkSpec.parse(JSON.parse(JSON.stringify(spec))), spec);
    strictEqual("gcp" in spec, false);
  });

  it("is refused with the namespace or the cluster of another network", () => {
    for (const key of ["namespace", "cluster"])
      strictEqual(NetworkSpec.safeParse({ ...kubernetesSpec(), [key]: "v9-9-9-9" }).success, false, key);
  });

  it("has an id of its own for each build", () => {
    const ids = ["v1.2.3+1", "v1.2.3+2", "v1.2.4+1"].map((tag) => netId(parseBuildTag(tag)));
    strictEqual(new Set(ids).size, 3);
    for (const id of ids) ok(id >= 1 && id < 2 ** 31);
  });
});

describe("the facts of a network", () => {
  it("are read for both drivers", () => {
    for (const facts of [FACTS, FACTS_TODAY]) deepStrictEqual(NetworkFacts.parse(facts), facts);
    strictEqual(NetworkFacts.safeParse({ ...FACTS_TODAY, driver: "another" }).success, false);
    strictEqual(NetworkFacts.safeParse({ ...FACTS_TODAY, p2p: [""] }).success, false);
  });

  it("have their first verifiable layer after two epochs", () =>
    strictEqual(effectiveGenesis({ layersPerEpoch: 8 }), 16));
});
