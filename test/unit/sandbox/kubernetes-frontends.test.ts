import { deepStrictEqual } from "node:assert";
import type { V1EndpointSlice, V1Service } from "@kubernetes/client-node";
import { addressPlan } from "../../../sandbox/kubernetes/address-plan";
import { frontendsOf } from "../../../sandbox/kubernetes/frontends";

const plan = addressPlan(3);

function service(spec: Partial<V1Service["spec"]> = {}, status: V1Service["status"] = {}): V1Service {
  const ports = [{ name: "http", port: 80, targetPort: "web" }];
  return { metadata: { name: "web", namespace: "default" }, spec: { clusterIP: "10.3.128.9", ports, ...spec }, status };
}

function slice(...endpoints: { address: string; ready?: boolean }[]): V1EndpointSlice {
  return {
    addressType: "IPv4",
    metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    ports: [{ name: "http", port: 8080 }],
    endpoints: endpoints.map(({ address, ready }) => ({ addresses: [address], conditions: { ready } })),
  };
}

const placesOf = (one: V1Service, ...slices: V1EndpointSlice[]) =>
  frontendsOf([one], slices, plan).map(({ address, port }) => `${address}:${port}`);

describe("frontendsOf", () => {
  it("puts the ready endpoints of all slices behind the cluster address", () => {
    const slices = [
      slice({ address: "10.3.1.1", ready: true }, { address: "10.3.1.2", ready: false }),
      slice({ address: "10.3.1.3" }),
    ];
    deepStrictEqual(frontendsOf([service()], slices, plan), [
      {
        address: "127.3.128.9",
        port: 80,
        endpoints: [
          { address: "127.3.1.1", port: 8080 },
          { address: "127.3.1.3", port: 8080 },
        ],
      },
    ]);
  });

  it("adds every node's external address at the node port", () => {
    const ports = [{ name: "http", port: 80, nodePort: 30080 }];
    const places = placesOf(service({ type: "NodePort", ports }), slice({ address: "10.3.1.1" }));
    deepStrictEqual(places, ["127.3.128.9:80", "127.3.64.1:30080", "127.3.64.2:30080", "127.3.64.3:30080"]);
  });

  it("adds the load balancer's address", () => {
    const status = { loadBalancer: { ingress: [{ ip: "127.3.96.1" }] } };
    const places = placesOf(service({ type: "LoadBalancer" }, status), slice({ address: "10.3.1.1" }));
    deepStrictEqual(places, ["127.3.128.9:80", "127.3.96.1:80"]);
  });

  it("returns nothing without a ready endpoint, for UDP, or without a cluster address", () => {
    const ready = slice({ address: "10.3.1.1" });
    deepStrictEqual(placesOf(service(), slice({ address: "10.3.1.1", ready: false })), []);
    deepStrictEqual(placesOf(service({ ports: [{ name: "http", port: 80, protocol: "UDP" }] }), ready), []);
    deepStrictEqual(placesOf(service({ clusterIP: "None" }), ready), []);
  });
});
