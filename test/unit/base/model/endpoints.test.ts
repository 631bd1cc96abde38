import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelEndpoints, hostsOf, networkEndpoints } from "../../../../infra/base/model/endpoints";

const tag = parseBuildTag("v1.2.3+1");
const cloud = { zone: "spacemesh.io", subdomain: "net", tls: true, port: 443 };

describe("networkEndpoints", () => {
  it("have a tap where a network of today is to have one, and else none", () => {
    const tap = { balance: "3", gift: "1", budget: "2", gate: "pow" } as const;
    const of = (choice: object) => networkEndpoints(tag, 1, { ...cloud, ...choice });
    strictEqual(of({ driver: "kubernetes", tap }).tap, "https://tap-v1-2-3-1.net.spacemesh.io/");
    ok(hostsOf(of({ driver: "kubernetes", tap })).includes("tap-v1-2-3-1.net.spacemesh.io"));
    strictEqual(
      channelEndpoints("testnet", 1, { ...cloud, driver: "kubernetes", tap }).tapHost,
      "tap.test.net.spacemesh.io",
    );
    for (const choice of [{}, { driver: "spacecraft", tap }, { driver: "kubernetes", tap: "none" }])
      deepStrictEqual(of(choice), of({}));
    strictEqual("tapHost" in of({}), false);
  });

  it("serves the page at a name with underscores by HTTP, and the services at names with hyphens by TLS", () => {
    const { page, grpc, explorerApi, dashApi, poets } = networkEndpoints(tag, 2, cloud);
    strictEqual(page, "http://1_2_3_1.net.spacemesh.io/");
    strictEqual(grpc, "https://api-v1-2-3-1.net.spacemesh.io/");
    strictEqual(explorerApi, "https://explorer-v1-2-3-1.net.spacemesh.io/api/");
    strictEqual(dashApi, "wss://dash-v1-2-3-1.net.spacemesh.io/ws");
    deepStrictEqual(poets, ["https://poet-1-v1-2-3-1.net.spacemesh.io/", "https://poet-2-v1-2-3-1.net.spacemesh.io/"]);
  });

  it("writes the port only when it is not the scheme's own", () => {
    const local = { ...cloud, tls: false, port: 8080 };
    strictEqual(networkEndpoints(tag, 1, local).page, "http://1_2_3_1.net.spacemesh.io:8080/");
    strictEqual(networkEndpoints(tag, 1, local).dashApi, "ws://dash-v1-2-3-1.net.spacemesh.io:8080/ws");
    strictEqual(networkEndpoints(tag, 1, { ...cloud, port: 8443 }).page, "http://1_2_3_1.net.spacemesh.io/");
    const { page, json } = networkEndpoints(tag, 1, { ...cloud, port: 8443, httpPort: 8080 });
    strictEqual(page, "http://1_2_3_1.net.spacemesh.io:8080/");
    strictEqual(json, "https://api-v1-2-3-1.net.spacemesh.io:8443/");
  });
});

describe("channelEndpoints", () => {
  it("puts the names of testnet below test.net", () => {
    const { page, grpc, poetHosts } = channelEndpoints("testnet", 1, cloud);
    strictEqual(page, "https://test.net.spacemesh.io/");
    strictEqual(grpc, "https://api.test.net.spacemesh.io/");
    deepStrictEqual(poetHosts, ["poet-1.test.net.spacemesh.io"]);
  });
});
