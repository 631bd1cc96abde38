import { deepStrictEqual, strictEqual } from "node:assert";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { hostsOf, networkEndpoints } from "../../../infra/base/model/endpoints";
import { namesResolved, type PublicDns } from "../../../infra/deploy/dns";
import { refusesLater } from "../../support/errors";

const tag = parseBuildTag("v1.2.3+1");
const endpoints = networkEndpoints(tag, 1, { zone: "example.org", subdomain: "net", tls: false, port: 80 });
const OURS = "192.0.2.1";

/** The public's DNS, in which some hosts have other addresses than ours. */
const dns = (others: Readonly<Record<string, readonly string[]>>): PublicDns => ({
  addresses: async (host) => others[host] ?? [OURS],
  texts: async () => ["build-tag=v1.2.3+1"],
  grpc: async () => "c0ffee",
  at: async (published) => published,
  allAt: async (published) => [published],
});

const resolved = (others: Readonly<Record<string, readonly string[]>>, address = OURS) =>
  namesResolved({ tag, endpoints, address, names: { servers: [], zone: "" }, limit: 0 }, runWith(), dns(others));

describe("the names of a network", () => {
  it("are proven when each leads to the gateway and to nothing else", async () => {
    deepStrictEqual(await resolved({}), { hosts: hostsOf(endpoints), address: OURS, genesisId: "c0ffee" });
  });

  for (const foreign of ["203.0.113.9", "2001:db8::9"]) {
    for (const host of hostsOf(endpoints)) {
      it(`are not proven while ${host} leads to ${foreign}, too`, async () => {
        const names = [host, foreign];
        await refusesLater(resolved({ [host]: [OURS, foreign] }), "WaitTimedOut", { names });
        await refusesLater(resolved({ [host]: [foreign, OURS] }), "WaitTimedOut", { names });
        await refusesLater(resolved({ [host]: [foreign] }), "WaitTimedOut", { names });
      });
    }
  }

  it("may lead to any of the addresses of a load balancer with a name", async () => {
    const many = { ...dns({ [endpoints.apiHost]: ["192.0.2.7"] }), allAt: async () => [OURS, "192.0.2.7"] };
    const options = { tag, endpoints, address: OURS, names: { servers: [], zone: "" }, limit: 0 };
    strictEqual((await namesResolved(options, runWith(), many)).genesisId, "c0ffee");
  });
});
