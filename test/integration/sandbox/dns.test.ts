import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { decode, encode, type Packet, streamDecode, streamEncode } from "dns-packet";
import { newRecord } from "../../../sandbox/cloudflare/api/dns-records";
import { type DnsServer, startDnsServer } from "../../../sandbox/cloudflare/dns/server";
import { recordFields } from "../../../sandbox/cloudflare/records";
import type { DnsRecord } from "../../../sandbox/cloudflare/state";

const ZONE = { id: "zone1", name: "example.org" };
const LONG = "x".repeat(600);

const record = (type: string, name: string, content: string, more = {}): DnsRecord =>
  newRecord(recordFields({ type, name, content, ...more }, ZONE), ZONE);

describe("startDnsServer", () => {
  let server: DnsServer;
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  const records = [
    record("A", "1_2_3_1.net", "192.0.2.1"),
    record("A", "1_2_3_1.net", "192.0.2.2", { ttl: 60 }),
    record("AAAA", "six", "2001:db8::1"),
    record("CNAME", "api.test.net", "api-v1-2-3-1.net.example.org"),
    record("CNAME", "api-v1-2-3-1.net", "1_2_3_1.net.example.org"),
    record("CNAME", "away", "host.example.com"),
    record("CNAME", "loop", "loop.example.org"),
    record("A", "edge", "192.0.2.9", { proxied: true }),
    record("TXT", "_owner", `"${LONG}"`),
    record("CNAME", "*.wild", "parking.example.com"),
    record("A", "taken.wild", "192.0.2.3"),
    record("TXT", "_owner.deep.wild", "text"),
    record("MX", "@", "mail.example.org", { priority: 10 }),
  ];

  before(async () => {
    server = await startDnsServer("127.0.0.1", 0, () => ({ zones: [ZONE], records, edgeAddress: "127.250.1.1" }));
    resolver.setServers([`127.0.0.1:${server.port}`]);
  });
  after(() => server.close());

  it("answers address queries for names with underscores and in any case", async () => {
    deepStrictEqual(await resolver.resolve4("1_2_3_1.NET.example.ORG", { ttl: true }), [
      { address: "192.0.2.1", ttl: 300 },
      { address: "192.0.2.2", ttl: 60 },
    ]);
    deepStrictEqual(await resolver.resolve6("six.example.org"), ["2001:db8::1"]);
  });

  it("follows aliases inside the zone and leaves other aliases to the client", async () => {
    deepStrictEqual(await resolver.resolve4("api.test.net.example.org"), ["192.0.2.1", "192.0.2.2"]);
    deepStrictEqual(await resolver.resolveCname("api.test.net.example.org"), ["api-v1-2-3-1.net.example.org"]);
    const { answers } = await ask("away.example.org", "A");
    deepStrictEqual(
      answers?.map(({ type }) => type),
      ["CNAME"],
    );
    strictEqual((await ask("loop.example.org", "A")).flag_aa, true);
  });

  it("answers with a wildcard for names that do not exist, and only for those", async () => {
    for (const name of ["any.wild.example.org", "any.more.wild.example.org"]) {
      deepStrictEqual(await resolver.resolveCname(name), ["parking.example.com"]);
    }
    deepStrictEqual(await resolver.resolve4("taken.wild.example.org"), ["192.0.2.3"]);
    for (const name of ["taken.wild.example.org", "deep.wild.example.org"]) {
      await rejects(resolver.resolve6(name), { code: "ENODATA" });
    }
    await rejects(resolver.resolve4("x.deep.wild.example.org"), { code: "ENOTFOUND" });
  });

  it("answers with the edge's address for proxied hosts", async () => {
    deepStrictEqual(await resolver.resolve4("edge.example.org"), ["127.250.1.1"]);
  });

  it("serves long texts, mail servers, name servers and the zone's start of authority", async () => {
    deepStrictEqual(
      (await resolver.resolveTxt("_owner.example.org")).map((pieces) => pieces.join("")),
      [LONG],
    );
    deepStrictEqual(await resolver.resolveMx("example.org"), [{ exchange: "mail.example.org", priority: 10 }]);
    deepStrictEqual(await resolver.resolveNs("example.org"), ["ada.ns.cloudflare.com"]);
    strictEqual((await resolver.resolveSoa("example.org")).nsname, "ada.ns.cloudflare.com");
  });

  it("distinguishes an unknown name from a name without such a record, and refuses other zones", async () => {
    await rejects(resolver.resolve4("nobody.example.org"), { code: "ENOTFOUND" });
    await rejects(resolver.resolve6("edge.example.org"), { code: "ENODATA" });
    await rejects(resolver.resolve4("net.example.org"), { code: "ENODATA" });
    await rejects(resolver.resolve4("example.com"), { code: "EREFUSED" });
    const { authorities } = await ask("nobody.example.org", "A");
    deepStrictEqual(
      authorities?.map(({ type, name }) => [type, name]),
      [["SOA", "example.org"]],
    );
  });

  it("is authoritative and sends the client to TCP for an answer longer than a datagram", async () => {
    strictEqual((await ask("1_2_3_1.net.example.org", "A")).flag_aa, true);
    const cut = await ask("_owner.example.org", "TXT");
    deepStrictEqual([cut.flag_tc, cut.answers], [true, []]);

    const socket = connect(server.port, "127.0.0.1");
    socket.write(streamEncode(query("_owner.example.org", "TXT")));
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    strictEqual(streamDecode(answer).answers?.length, 1);
  });

  const query = (name: string, type: "A" | "TXT"): Packet => ({ type: "query", id: 7, questions: [{ type, name }] });

  /** Sends a query as one datagram without EDNS. */
  async function ask(name: string, type: "A" | "TXT") {
    const socket = createSocket("udp4");
    socket.send(encode(query(name, type)), server.port, "127.0.0.1");
    const [answer] = (await once(socket, "message")) as [Buffer];
    socket.close();
    return decode(answer);
  }
});
