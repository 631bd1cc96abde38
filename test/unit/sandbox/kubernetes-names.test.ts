import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1Service } from "@kubernetes/client-node";
import { resolveService, serviceAddress, withAddress, withAddresses } from "../../../sandbox/kubernetes/names";

const service = (namespace: string, name: string, clusterIP: string): [string, V1Service] => [
  `${namespace}/${name}`,
  { metadata: { namespace, name }, spec: { clusterIP, ports: [{ port: 80 }] } },
];

const services = new Map([
  service("v1-2-3-1", "poet-1", "10.3.128.1"),
  service("v1-2-3-1", "headless", "None"),
  service("v1-2-3-2", "poet-1", "10.3.128.2"),
]);

const context = {
  namespace: "v1-2-3-1",
  env: {},
  resolve: (name: string) => serviceAddress(services, name, "v1-2-3-1"),
};

describe("serviceAddress", () => {
  it("knows a Service by its short name in its namespace, and by longer names everywhere", () => {
    const address = (name: string) => serviceAddress(services, name, "v1-2-3-1");
    strictEqual(address("poet-1"), "127.3.128.1");
    strictEqual(address("poet-1.v1-2-3-2"), "127.3.128.2");
    strictEqual(address("poet-1.v1-2-3-2.svc"), "127.3.128.2");
    strictEqual(address("poet-1.v1-2-3-2.svc.cluster.local"), "127.3.128.2");
  });

  it("knows no other name, and no Service without an address", () => {
    for (const name of ["poet-2", "headless", "poet-1.other", "poet-1.v1-2-3-1.example.org", "", "."])
      strictEqual(serviceAddress(services, name, "v1-2-3-1"), undefined, name);
  });
});

describe("resolveService", () => {
  it("takes addresses as they are, and a cluster's as the sandbox serves it", () => {
    deepStrictEqual(
      ["127.0.0.1", "10.3.1.7", "localhost", "::1"].map((host) => resolveService(context, host)),
      ["127.0.0.1", "127.3.1.7", "127.0.0.1", "::1"],
    );
  });

  it("takes the variables of Services outside of a cluster", () => {
    const env = { POET_1_SERVICE_HOST: "127.3.128.7" };
    strictEqual(resolveService({ namespace: "default", env }, "poet-1"), "127.3.128.7");
    strictEqual(resolveService({ namespace: "default", env }, "poet-2"), undefined);
  });
});

describe("withAddress and withAddresses", () => {
  it("replace the host of a URL, of a multiaddress and of HOST:PORT", () => {
    const changes = {
      "http://poet-1:5000": "http://127.3.128.1:5000",
      "http://poet-1": "http://127.3.128.1",
      "http://poet-1/v1/info?a=b": "http://127.3.128.1/v1/info?a=b",
      "dns://poet-1": "dns://127.3.128.1",
      "/dns4/poet-1/tcp/7513/p2p/12D3": "/ip4/127.3.128.1/tcp/7513/p2p/12D3",
      "/dns/poet-1": "/ip4/127.3.128.1",
      "poet-1:5000": "127.3.128.1:5000",
    };
    for (const [before, after] of Object.entries(changes)) strictEqual(withAddress(context, before), after);
  });

  it("leave every other text as it is", () => {
    for (const text of ["poet-1", "http://example.org/poet-1", "/ip4/1.2.3.4/tcp/1", "127.0.0.1:5000", "my poet-1:1 x"])
      strictEqual(withAddress(context, text), text);
  });

  it("reach every text of a document, and each part of a list", () => {
    const document = {
      poets: [{ address: "http://poet-1:5000", pubkey: "a" }],
      list: "poet-1:1,poet-2:2",
      n: 5,
      no: null,
    };
    deepStrictEqual(withAddresses(context, document), {
      poets: [{ address: "http://127.3.128.1:5000", pubkey: "a" }],
      list: "127.3.128.1:1,poet-2:2",
      n: 5,
      no: null,
    });
  });
});
