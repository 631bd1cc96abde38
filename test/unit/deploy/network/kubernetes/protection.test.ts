import { deepStrictEqual, ok, strictEqual } from "node:assert";
import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { disruptionBudgets, networkPolicies } from "../../../../../infra/deploy/network/kubernetes/protection";
import type { Policy } from "../../../../../infra/deploy/network/policies";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";
import { INTERNET, type Party, partiesOf, podWith, Reach, stranger } from "../../../../support/reach";
import { WAYS } from "../../../../support/registered-objects";

const POLICIES = networkPolicies(kubernetesSpec()).map(({ object }) => (object as { spec: Policy["spec"] }).spec);
const network = new Reach(POLICIES);
const reaches = network.reaches.bind(network);
const allows = network.allows.bind(network);

describe("the network policies of a namespace", () => {
  let found: Map<string, Party>;
  before(async () => {
    found = await partiesOf(WAYS.find(({ driver }) => driver === "kubernetes"));
  });
  const pod = (name: string): Party => {
    const party = found.get(name);
    ok(party, name);
    return party;
  };

  it("let the public reach the gateway, and peers and joiners what nodes and poets publish", () => {
    for (const [name, ports] of Object.entries({
      gateway: [8080, 8443],
      "miner-1": [7513, 9092, 9095],
      "poet-1": [5000],
    }))
      for (const port of ports) ok(reaches(INTERNET, pod(name), port), `${name} ${port}`);
  });

  it("let nobody outside reach anything else", () => {
    for (const [name, party] of found)
      for (const port of [80, 2019, 5000, 5050, 5070, 8080, 9093, 9094, 9216]) {
        const isPublic = (name === "gateway" && port === 8080) || (/^poet-\d$/.test(name) && port === 5000);
        for (const from of [INTERNET, stranger({ app: "miner" }), stranger({ "app.kubernetes.io/name": "gateway" })])
          strictEqual(reaches(from, party, port), isPublic, `${name} ${port}`);
      }
  });

  it("let the gateway reach every program, and nodes what they need", () => {
    for (const name of found.keys()) ok(reaches(pod("gateway"), pod(name), 8080), name);
    ok(reaches(pod("gateway"), pod("miner-4"), 5000), "the explorer's statistics");
    ok(reaches(pod("miner-1"), pod("bootstrap"), 8080));
    ok(reaches(pod("miner-1"), pod("poet-1"), 5000));
    ok(reaches(pod("miner-1"), pod("miner-2"), 7513));
    ok(reaches(pod("miner-1"), INTERNET, 31751), "a joiner");
    ok(!reaches(pod("explorer-frontend"), pod("miner-1"), 9216));
    ok(!reaches(pod("poet-1"), pod("bootstrap"), 8080));
  });

  it("let the gateway alone reach the tap, whose word counts about who asks, and the tap reach nodes", () => {
    ok(reaches(pod("tap"), pod("miner-1"), 9092));
    ok(!reaches(pod("tap"), INTERNET, 443));
    for (const [name, party] of found) strictEqual(reaches(party, pod("tap"), 8080), name === "gateway", name);
  });

  it("let pods of Prometheus read metrics, wherever they run, and nothing private", () => {
    const labels = { "app.kubernetes.io/name": "prometheus" };
    for (const from of [stranger(labels), podWith(labels)]) {
      for (const port of [9216, 5070]) ok(reaches(from, pod("miner-4"), port), `${port}`);
      ok(reaches(from, pod("poet-1"), 9216));
      ok(reaches(from, pod("tap"), 9216) && !reaches(from, pod("tap"), 8080));
      ok(reaches(from, pod("gateway"), 9181));
      for (const port of [9093, 9094, 5050]) ok(!reaches(from, pod("miner-4"), port), `${port}`);
    }
  });

  it("let the API server, whose address nobody knows, reach Prometheus and no other part of the monitoring", () => {
    ok(reaches({ address: "172.16.0.2" }, pod("prometheus"), 9090));
    ok(!reaches({ address: "172.16.0.2" }, pod("alertmanager"), 9093));
  });

  it("let Prometheus tell Alertmanager, and both call the outside", () => {
    ok(reaches(pod("prometheus"), pod("alertmanager"), 9093));
    ok(!reaches(pod("miner-1"), pod("alertmanager"), 9093));
    ok(reaches(pod("prometheus"), INTERNET, 9091), "a receiver of metrics");
    ok(reaches(pod("alertmanager"), INTERNET, 443), "Discord");
    ok(!reaches(pod("alertmanager"), INTERNET, 80));
  });

  it("let every pod look up names, and none ask a cloud for its machine's credentials", () => {
    for (const [name, party] of found) {
      for (const protocol of ["UDP", "TCP"]) ok(allows("egress", party, INTERNET, 53, protocol), name);
      for (const address of ["169.254.169.254", "fd00:ec2::254"])
        for (const port of [80, 443]) ok(!reaches(party, { address }, port), `${name} ${address}`);
    }
  });

  it("begin with one that only closes, whatever the others open", () =>
    deepStrictEqual(POLICIES[0], { podSelector: {}, policyTypes: ["Ingress", "Egress"] }));

  it("close a pod of a component that is made later", () => {
    const later = podWith({ "app.kubernetes.io/name": "later" });
    ok(!reaches(INTERNET, later, 8080) && !reaches(later, INTERNET, 443));
    ok(reaches(pod("gateway"), later, 8080));
  });
});

describe("the disruption budgets of a network", () => {
  it("let one node and one poet go at a time, also where there is one alone", () => {
    const budgets = disruptionBudgets(kubernetesSpec()).map(({ object }) => object as V1PodDisruptionBudget);
    deepStrictEqual(
      budgets.map(({ spec }) => spec),
      ["miner", "poet"].map((app) => ({ maxUnavailable: 1, selector: { matchLabels: { app } } })),
    );
  });
});
