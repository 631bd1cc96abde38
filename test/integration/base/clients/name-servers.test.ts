import { deepStrictEqual } from "node:assert";
import { allAddressesOf } from "../../../../infra/base/clients/dns";
import { newRecord } from "../../../../sandbox/cloudflare/api/dns-records";
import { type DnsServer, startDnsServer } from "../../../../sandbox/cloudflare/dns/server";
import { recordFields } from "../../../../sandbox/cloudflare/records";
import type { DnsRecord } from "../../../../sandbox/cloudflare/state";
import { refusesLater } from "../../../support/errors";

const ZONE = { id: "zone1", name: "example.org" };
const record = (type: string, name: string, content: string) =>
  newRecord(recordFields({ type, name, content }, ZONE), ZONE);
const HOST = "api.net.example.org";
const OURS = record("A", HOST, "192.0.2.1");

describe("all addresses of a name", () => {
  const running: DnsServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  /** Name servers of one zone, each with its own records. */
  const servers = async (...each: DnsRecord[][]) => {
    const data = (records: DnsRecord[]) => () => ({ zones: [ZONE], records, edgeAddress: "127.250.1.1" });
    running.push(...(await Promise.all(each.map((records) => startDnsServer("127.0.0.1", 0, data(records))))));
    return { servers: running.map(({ port }) => `127.0.0.1:${port}`), zone: ZONE.name };
  };

  it("are those of IPv4 and IPv6, at every name server", async () => {
    const names = await servers(
      [OURS],
      [OURS, record("AAAA", HOST, "2001:db8::9")],
      [record("A", HOST, "203.0.113.9")],
    );
    deepStrictEqual((await allAddressesOf(HOST, names)).sort(), ["192.0.2.1", "2001:db8::9", "203.0.113.9"]);
  });

  it("are not known while one name server does not know the name", async () => {
    const names = await servers([OURS], []);
    const unknown = { names: [HOST, "ENOTFOUND", names.servers[1] ?? ""] };
    await refusesLater(allAddressesOf(HOST, names), "NameUnresolved", unknown);
  });

  it("are those of the servers that answer, when one is silent", async () => {
    const { servers: answering, zone } = await servers([OURS]);
    const silent = "127.0.0.1:9"; // refuses at once
    deepStrictEqual(await allAddressesOf(HOST, { servers: [silent, ...answering], zone }), ["192.0.2.1"]);
    await refusesLater(allAddressesOf(HOST, { servers: [silent], zone }), "NameUnresolved", { names: [silent] });
  });

  it("are the name's own, whatever a wildcard says, and the wildcard's for a name that is not there", async () => {
    const wildcard = record("CNAME", "*.net.example.org", "localhost");
    const names = await servers([wildcard, OURS]);
    deepStrictEqual(await allAddressesOf(HOST, names), ["192.0.2.1"]);
    const parked = await allAddressesOf("other.net.example.org", names);
    deepStrictEqual(parked.includes("127.0.0.1"), true);
  });
});
