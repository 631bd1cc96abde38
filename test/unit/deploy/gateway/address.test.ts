import { deepStrictEqual, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1ContainerStatus, V1Pod, V1Service } from "@kubernetes/client-node";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { isPrivate, recordTypeOf } from "../../../../infra/base/model/addresses";
import { addressOf, isOnThisMachine } from "../../../../infra/deploy/gateway/address";
import { type GatewayWorld, gatewayAlive, imagesNow } from "../../../../infra/deploy/gateway/alive";
import { trial } from "../../../support/checkout";
import { refuses, refusesLater } from "../../../support/errors";
import { QuickClock } from "../../../support/late-kv";

const SERVICES: Record<string, V1Service> = JSON.parse(readFileSync(join(trial("T33"), "services.json"), "utf8"));
const at = (...addresses: string[]): V1Service => ({
  status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } },
});

describe("the address of a load balancer, and the record made of it (T33)", () => {
  for (const [name, address, type] of [
    ["ipv6-first", "203.0.113.10", "A"],
    ["two-ipv4", "203.0.113.10", "A"],
    ["host-and-ip", "lb.example.org", "CNAME"],
    ["empty-text", undefined, undefined],
    ["pending", undefined, undefined],
  ] as const)
    it(`of the service ${name} is ${address}`, () => {
      const found = addressOf(SERVICES[name] as V1Service);
      deepStrictEqual([found, found && recordTypeOf(found)], [address, type]);
    });

  it("is refused when it has only IPv6 addresses, or only private ones", () => {
    refuses(() => addressOf(SERVICES["ipv6-only"] as V1Service), "GatewayWithoutIpv4", { names: ["2001:db8::10"] });
    refuses(() => addressOf(SERVICES.private as V1Service), "GatewayAddressPrivate", { names: ["10.0.0.5"] });
    for (const address of ["127.0.0.1", "169.254.1.1", "172.31.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0"])
      refuses(() => addressOf(at(address)), "GatewayAddressPrivate", { names: [address] });
  });

  it("is the first public one, behind private and IPv6 ones", () =>
    strictEqual(addressOf(at("fd00::1", "10.0.0.5", "203.0.113.11", "203.0.113.12")), "203.0.113.11"));

  it("may be one of this machine for a cluster of this machine, and still no other private one", () => {
    strictEqual(addressOf(at("127.9.96.1"), true), "127.9.96.1");
    refuses(() => addressOf(at("192.168.1.1"), true), "GatewayAddressPrivate");
    const kubeconfig = (server: string) =>
      JSON.stringify({
        "current-context": "c",
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        clusters: [{ name: "c", cluster: { server } }],
      });
    const servers = ["https://127.9.0.1:6443", "https://[::1]:6443", "https://203.0.113.1", "https://10.0.0.1"];
    deepStrictEqual(
      servers.map((server) => isOnThisMachine(kubeconfig(server))),
      [true, true, false, false],
    );
  });

  it("has the record type AAAA where it is an IPv6 address", () => strictEqual(recordTypeOf("2001:db8::10"), "AAAA"));

  it("of a private network is told by its form, also inside an IPv6 address", () => {
    const addresses = [
      "fd00::1",
      "fe80::1",
      "::1",
      "::ffff:10.0.0.5",
      "2001:db8::10",
      "203.0.113.10",
      "8.8.8.8",
      "host",
    ];
    deepStrictEqual(addresses.map(isPrivate), [true, true, true, true, false, false, false, false]);
  });

  const world = (service: V1Service, address: string): GatewayWorld => ({
    service: async () => service,
    pods: async () => [],
    at: async () => address,
    isLocal: false,
    calls: {} as GatewayWorld["calls"], // a network at such an address is not asked
  });
  const alive = (clock: QuickClock, asked: GatewayWorld) =>
    gatewayAlive({ kubeconfig: "", limit: 600 } as Parameters<typeof gatewayAlive>[0], runWith({ clock }), asked);

  it("is followed by a look at the pods that stay, also when the cluster's API fails once", async () => {
    const pod = (sha256: string, deletionTimestamp?: Date): V1Pod => ({
      metadata: { labels: { "app.kubernetes.io/part-of": "smeshnet" }, deletionTimestamp },
      spec: { containers: [{ name: "caddy", image: "caddy:2" }] },
      status: {
        containerStatuses: [{ name: "caddy", imageID: `docker.io/caddy@sha256:${sha256}` } as V1ContainerStatus],
      },
    });
    const answers = [undefined, [pod("a".repeat(64)), pod("b".repeat(64), new Date(0))]];
    const pods = async () => {
      const answer = answers.shift();
      if (!answer) throw new UserError("ClusterApiFailed", "The API answers 429.", "");
      return answer;
    };
    const images = await imagesNow({ pods }, 60, runWith({ clock: new QuickClock() }));
    deepStrictEqual(images, [{ image: "caddy:2", sha256: "a".repeat(64) }]);
  });

  it("that is private fails a deployment at once, also behind a host", async () => {
    const clock = new QuickClock();
    const began = clock.now();
    await refusesLater(alive(clock, world(SERVICES.private as V1Service, "")), "GatewayAddressPrivate");
    const hidden = alive(clock, world(SERVICES["host-and-ip"] as V1Service, "10.0.0.5"));
    await refusesLater(hidden, "GatewayAddressPrivate", { names: ["10.0.0.5"] });
    strictEqual(clock.now(), began);
    const error: unknown = await alive(clock, world(SERVICES["ipv6-only"] as V1Service, "")).catch(
      (failure) => failure,
    );
    strictEqual(error instanceof UserError && error.code, "WaitTimedOut"); // an IPv4 address may still come
  });
});
