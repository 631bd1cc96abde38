import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { networkPolicies } from "../../../../../infra/deploy/network/spacecraft/protection";
import { INTERNET, type Party, partiesOf, podWith, Reach, stranger } from "../../../../support/reach";
import { WAYS } from "../../../../support/registered-objects";

/** Pods of go-spacecraft in the same namespace, by its labels (k8s/sm.go; Helm charts of Elastic). */
const NODE = podWith({ name: "miner-1", restart: "false", app: "miner" });
const POET = podWith({ name: "poet-1", restart: "false" });
const FILEBEAT = podWith({ app: "filebeat-filebeat", chart: "filebeat-7.15.0" });

describe("the network policies in a cluster of go-spacecraft", () => {
  const network = new Reach(networkPolicies(true).map(({ spec }) => spec));
  const reaches = network.reaches.bind(network);
  let found: Map<string, Party>;
  before(async () => {
    found = await partiesOf(WAYS.find(({ driver, monitoring }) => driver === "spacecraft" && monitoring));
  });
  const pod = (name: string): Party => {
    const party = found.get(name);
    ok(party, name);
    return party;
  };

  it("close every pod that anything of ours registers, in both directions", () => {
    strictEqual(found.size, 10);
    for (const [name, party] of found)
      for (const direction of ["ingress", "egress"] as const) ok(network.isClosed(direction, party), name);
  });

  it("select no pod of go-spacecraft, so that peers, joiners, poets and logs go on as before", () => {
    for (const party of [NODE, POET, FILEBEAT])
      for (const direction of ["ingress", "egress"] as const) ok(!network.isClosed(direction, party));
    for (const port of [5001, 6000, 7000, 1010]) ok(reaches(INTERNET, NODE, port) && reaches(NODE, NODE, port));
    ok(reaches(INTERNET, POET, 5000) && reaches(NODE, POET, 5000) && reaches(POET, NODE, 6000));
    ok(reaches(FILEBEAT, INTERNET, 9200));
  });

  it("let explorer, gateway and Prometheus reach what they ask", () => {
    ok(reaches(pod("explorer-collector"), NODE, 6000));
    for (const name of ["explorer-collector", "explorer-api", "dash-api"])
      ok(reaches(pod(name), pod("explorer-mongo"), 27017));
    for (const [name, port] of Object.entries({
      "explorer-api": 5000,
      "explorer-frontend": 8080,
      "dash-api": 8080,
      "dash-frontend": 8080,
    }))
      ok(reaches(pod("gateway"), pod(name), port), name);
    for (const port of [6000, 7000]) ok(reaches(pod("gateway"), NODE, port));
    ok(reaches(pod("gateway"), POET, 5000));
    ok(reaches(pod("prometheus"), NODE, 1010) && reaches(pod("prometheus"), pod("gateway"), 9181));
    ok(reaches(pod("prometheus"), pod("alertmanager"), 9093) && reaches(pod("grafana"), pod("prometheus"), 9090));
    ok(reaches(pod("prometheus"), INTERNET, 9091), "a receiver of metrics");
    ok(reaches(pod("alertmanager"), INTERNET, 443), "Discord");
    ok(reaches(stranger({ "app.kubernetes.io/name": "prometheus" }), pod("gateway"), 9181), "a team's own Prometheus");
  });

  it("let everybody reach the gateway at its public ports, and Prometheus, which has no public Service", () => {
    const others = [INTERNET, NODE, POET, FILEBEAT, stranger({ "app.kubernetes.io/name": "gateway" })];
    for (const [name, party] of found)
      for (const port of [80, 443, 5000, 8080, 8443, 9090, 9093, 9180, 9181, 27017])
        for (const from of others) {
          const isOpen = name === "gateway" ? [8080, 8443].includes(port) : name === "prometheus" && port === 9090;
          strictEqual(reaches(from, party, port), isOpen, `${name} ${port}`);
        }
  });

  it("let explorer, dashboard and gateway alone ask the database", () => {
    const asking = [...found].filter(([, party]) => reaches(party, pod("explorer-mongo"), 27017)).map(([name]) => name);
    deepStrictEqual(asking.sort(), ["dash-api", "explorer-api", "explorer-collector", "gateway"]);
  });

  it("let every pod look up names, and none ask the cloud for its machine's credentials", () => {
    for (const [name, party] of found) {
      for (const protocol of ["UDP", "TCP"]) ok(network.allows("egress", party, INTERNET, 53, protocol), name);
      for (const port of [80, 443]) ok(!reaches(party, { address: "169.254.169.254" }, port), name);
      const isFree = ["prometheus", "alertmanager"].includes(name);
      strictEqual(reaches(party, INTERNET, 443), isFree, name);
    }
  });

  it("leave out what only a network with monitoring has", () => {
    const names = networkPolicies(false).map(({ name }) => name);
    deepStrictEqual(names, ["default-deny", "inside", "gateway", "database", "metrics"]);
  });
});
