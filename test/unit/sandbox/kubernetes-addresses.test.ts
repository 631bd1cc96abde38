import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import {
  addressPlan,
  LAST_CLUSTER,
  loadBalancerAddress,
  loopbackOf,
  nodeAddress,
  POD_ADDRESSES,
  podAddress,
} from "../../../sandbox/kubernetes/address-plan";
import { freeAddress } from "../../../sandbox/kubernetes/services";

const anyCluster = fc.integer({ min: 1, max: LAST_CLUSTER }).map(addressPlan);

describe("addressPlan", () => {
  it("gives pods the addresses from 10.N.1.1 to 10.N.63.255", () => {
    const plan = addressPlan(7);
    strictEqual(podAddress(plan, 0), "10.7.1.1");
    strictEqual(podAddress(plan, POD_ADDRESSES - 1), "10.7.63.255");
  });

  it("maps addresses of pods and services to 127.0.0.0/8 and leaves others unchanged", () => {
    strictEqual(loopbackOf("10.7.128.9"), "127.7.128.9");
    strictEqual(loopbackOf("192.0.2.10"), "192.0.2.10");
  });

  it("never gives the same address to two purposes", () => {
    fc.assert(
      fc.property(anyCluster, fc.integer({ min: 0, max: POD_ADDRESSES - 1 }), (plan, pod) => {
        const addresses = [
          plan.kubelet,
          loopbackOf(podAddress(plan, pod)),
          nodeAddress(plan, 1),
          loadBalancerAddress(plan, 1),
        ];
        strictEqual(new Set(addresses).size, addresses.length);
        ok(addresses.every((address) => address.startsWith(`127.${plan.number}.`)));
      }),
    );
  });

  it("gives each cluster its own ports, below Linux's ephemeral ports", () => {
    const ports = Array.from({ length: LAST_CLUSTER }, (_, i) => Object.values(addressPlan(i + 1).ports)).flat();
    strictEqual(new Set(ports).size, ports.length);
    ok(Math.max(...ports) < 32_768);
  });

  it("gives a load balancer the first free address", () => {
    const plan = addressPlan(3);
    const taken = new Set(["127.3.96.1", "127.3.96.3"]);
    deepStrictEqual([freeAddress(plan, new Set()), freeAddress(plan, taken)], ["127.3.96.1", "127.3.96.2"]);
  });
});
