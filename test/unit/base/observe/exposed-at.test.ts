import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1Node, V1Service } from "@kubernetes/client-node";
import { exposedAt } from "../../../../infra/base/observe/exposed";

const machine = (...addresses: [type: string, address: string][]): V1Node => ({
  status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
});
const service = (spec: V1Service["spec"], ingress: object[] = []): V1Service => ({
  metadata: { name: "miner-2" },
  spec: { ports: [{ name: "grpcport", port: 9092, nodePort: 30001 }], ...spec },
  status: { loadBalancer: { ingress } },
});
const at = (nodes: V1Node[], one = service({ type: "NodePort" }), port = "grpcport") =>
  exposedAt({ nodes, services: [one] }, "miner-2", port);

describe("exposedAt", () => {
  const inside = [machine(["InternalIP", "10.0.0.1"]), machine(["InternalIP", "10.0.0.2"])];

  it("takes the machines' inner addresses where none has an outer one", () => {
    strictEqual(at(inside), "10.0.0.2:30001");
    strictEqual(at([machine(["InternalIP", "fd00::1"], ["InternalIP", "10.0.0.9"])]), "10.0.0.9:30001");
    strictEqual(at([...inside, machine(["ExternalIP", "203.0.113.1"])]), "203.0.113.1:30001");
  });

  it("is nowhere without machines, without a node port, and of another Service", () => {
    strictEqual(at([]), undefined);
    strictEqual(at(inside, service({ type: "NodePort", ports: [{ name: "grpcport", port: 1 }] })), undefined);
    strictEqual(at(inside, undefined, "jsonport"), undefined);
    strictEqual(exposedAt({ nodes: inside, services: [] }, "miner-2", "grpcport"), undefined);
  });

  it("takes the first address or host of a load balancer that is no IPv6 address, with the Service's own port", () => {
    const balanced = (...ingress: object[]) => at(inside, service({ type: "LoadBalancer" }, ingress));
    deepStrictEqual(
      [
        balanced({ ip: "203.0.113.7" }),
        balanced({ hostname: "a.example" }),
        balanced({ ip: "2001:db8::1" }, { ip: "203.0.113.8" }),
        balanced({ ip: "2001:db8::1" }),
        balanced(),
      ],
      ["203.0.113.7:9092", "a.example:9092", "203.0.113.8:9092", undefined, undefined],
    );
  });
});
