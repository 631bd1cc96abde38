import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert";
import type { V1Node, V1Service } from "@kubernetes/client-node";
import { NetworkFacts } from "../../../../../infra/base/model/network-facts";
import { factsOf, multiaddress } from "../../../../../infra/deploy/network/kubernetes/facts";
import type { Listed } from "../../../../../infra/deploy/network/kubernetes/listed";
import { postSizes } from "../../../../../infra/deploy/network/kubernetes/post";
import { madeWith } from "../../../../support/kubernetes-api";

const NAMES = ["poet-1", "miner-1", "miner-2", "miner-3", "miner-4"];
const PORTS = ["p2p", "grpcport", "jsonport", "restport"];
const service = (name: string, type: string, i: number): V1Service => ({
  metadata: { name },
  spec: {
    type,
    ports: PORTS.map((port, j) => ({
      name: port,
      port: 7000 + j,
      ...(type === "NodePort" && { nodePort: 30000 + 10 * i + j }),
    })),
  },
  status: type === "LoadBalancer" ? { loadBalancer: { ingress: [{ hostname: `${name}.lb.example` }] } } : {},
});
const machine = (...addresses: [type: string, address: string][]): V1Node => ({
  status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
});
const listed = (type: string, ...nodes: V1Node[]): Listed => ({
  ...{ deployments: [], pods: [], nodes },
  services: NAMES.map((name, i) => service(name, type, i)),
});
const TWO = [
  machine(["InternalIP", "10.0.0.1"], ["ExternalIP", "203.0.113.1"]),
  machine(["ExternalIP", "203.0.113.2"]),
];

describe("factsOf", () => {
  it("tells where nodes and poets are, and which p2p addresses joiners take", async () => {
    const made = await madeWith({ bootnodes: 2 });
    const facts = factsOf(made, listed("NodePort", ...TWO));
    ok(NetworkFacts.safeParse(facts).success);
    deepStrictEqual(facts.nodes.slice(0, 2), [
      { name: "miner-1", grpc: "203.0.113.1:30011", json: "203.0.113.1:30012" },
      { name: "miner-2", grpc: "203.0.113.2:30021", json: "203.0.113.2:30022" },
    ]);
    deepStrictEqual(facts.poets, [{ name: "poet-1", rest: "203.0.113.1:30003" }]);
    deepStrictEqual(facts.p2p, [
      `/ip4/203.0.113.1/tcp/30010/p2p/${made.keys.peerIds[0]}`,
      `/ip4/203.0.113.2/tcp/30020/p2p/${made.keys.peerIds[1]}`,
    ]);
    deepStrictEqual([facts.driver, facts.hrp, facts.genesisId], ["kubernetes", "stest", made.genesisId]);
    strictEqual("nodeImage" in facts, false);
    const { p2p, genesis } = JSON.parse(facts.nodeConfig);
    deepStrictEqual(p2p.bootnodes, facts.p2p);
    strictEqual(genesis["genesis-time"], made.genesisTime);
  });

  it("takes a load balancer's host", async () => {
    const { nodes, p2p } = factsOf(await madeWith({ exposure: "loadBalancer" }), listed("LoadBalancer"));
    strictEqual(nodes[0]?.grpc, "miner-1.lb.example:7001");
    match(p2p?.[0] ?? "", /^\/dns4\/miner-1\.lb\.example\/tcp\/7000\/p2p\/12D3/);
  });

  it("names places inside the cluster when nothing is exposed, and no p2p address to joiners", async () => {
    const facts = factsOf(await madeWith({ exposure: "none" }), listed("ClusterIP", ...TWO));
    ok(NetworkFacts.safeParse(facts).success);
    const at = (place: string) => `${place.replace(":", ".v1-2-3-1.svc:")}`;
    deepStrictEqual(facts.nodes[1], { name: "miner-2", grpc: at("miner-2:9092"), json: at("miner-2:9095") });
    deepStrictEqual(facts.poets, [{ name: "poet-1", rest: at("poet-1:5000") }]);
    deepStrictEqual(facts.p2p, []);
    deepStrictEqual(JSON.parse(facts.nodeConfig).p2p.bootnodes, []);
    doesNotMatch(facts.nodeConfig, /miner-|svc|203\.0/);
  });

  it("refuses a network that nobody reaches", async () => {
    const node = await madeWith();
    throws(() => factsOf(node, listed("NodePort")), /at which address the port p2p of miner-1/);
    const balanced = await madeWith({ exposure: "loadBalancer" });
    const none = { ...listed("LoadBalancer"), services: [] };
    throws(() => factsOf(balanced, none), /load balancer of miner-1 .* has no IPv4 address or host/);
  });
});

describe("multiaddress", () => {
  it("says ip4 of addresses, and dns4 of hosts", () =>
    deepStrictEqual(
      ["203.0.113.5:1", "a.example:2"].map((at) => multiaddress(at, "12D3")),
      ["/ip4/203.0.113.5/tcp/1/p2p/12D3", "/dns4/a.example/tcp/2/p2p/12D3"],
    ));
});

describe("postSizes", () => {
  it("are those of the preset, and of the file where it says others", () => {
    deepStrictEqual(postSizes("fastnet", {}), { labelsPerUnit: 128, minNumUnits: 2, maxNumUnits: 4 });
    deepStrictEqual(postSizes("standalone", {}), { labelsPerUnit: 64, minNumUnits: 1, maxNumUnits: 2 });
    deepStrictEqual(postSizes("testnet", { post: { "post-max-numunits": 9 } }), {
      labelsPerUnit: 1024,
      minNumUnits: 2,
      maxNumUnits: 9,
    });
  });
});
