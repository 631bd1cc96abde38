import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { clientOf, isNetwork, TrustedProxies } from "../../../tap/core/client";
import { Ledger } from "../../../tap/core/ledger";
import { isRefusal } from "../../../tap/tap";
import { testAddress } from "../../support/tap/addresses";
import { HOUR, TapWorld } from "../../support/tap/world";

async function ready(): Promise<TapWorld> {
  const world = new TapWorld();
  await world.look();
  world.chain.nextLayer();
  await world.look();
  return world;
}

/** The code of a refusal, or `gift`. */
const said = (answer: object): string => (isRefusal(answer) ? answer.code : "gift");

describe("the rules of the tap", () => {
  it("allow one gift a UTC day for each address and each internet address", async () => {
    const world = await ready();
    strictEqual(said(world.ask(1, 1)), "gift");
    strictEqual(said(world.ask(1, 2)), "AddressServed");
    strictEqual(said(world.ask(2, 1)), "ClientServed");
    strictEqual(said(world.ask(2, 2)), "gift");
    world.now += 12 * HOUR;
    await world.look();
    strictEqual(said(world.ask(1, 1)), "gift");
  });

  it("count over a restart", async () => {
    const world = await ready();
    world.ask(1, 1);
    world.start();
    await world.look();
    strictEqual(said(world.ask(1, 2)), "AddressServed");
    strictEqual(world.tap.status().left, 4000n);
  });

  it("end at the budget of the day, and say when the next one begins", async () => {
    const world = await ready();
    for (const n of [1, 2, 3, 4, 5]) strictEqual(said(world.ask(n, n)), "gift");
    const answer = world.ask(6, 6);
    ok(isRefusal(answer));
    strictEqual(answer.code, "BudgetUsed");
    strictEqual(answer.tryAgain, Date.parse("2026-11-30T00:00:00Z"));
  });

  it("name the gift of the day to its recipient alone", async () => {
    const world = await ready();
    const gift = world.ask(1, 1);
    const [own, other] = [world.ask(1, 2), world.ask(2, 1)];
    ok(!isRefusal(gift) && isRefusal(own) && isRefusal(other));
    strictEqual(own.gift, gift.id);
    strictEqual(other.gift, undefined);
  });

  for (const [name, recipient] of [
    ["of another network", testAddress(1, "sm")],
    ["with a wrong letter", testAddress(1).replace(/.$/, (last) => (last === "q" ? "p" : "q"))],
    ["that is empty", ""],
    ["that is markup", "<script>alert(1)</script>"],
  ] as const)
    it(`refuse an address ${name}`, async () => {
      const world = await ready();
      strictEqual(said(world.tap.give({ recipient, client: "192.0.2.1" }, {})), "AddressInvalid");
    });
});

describe("the asking network", () => {
  const trusted = new TrustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

  for (const [name, peer, forwarded, expected] of [
    ["is the peer without proxies", "198.51.100.7", undefined, "198.51.100.7"],
    ["is the peer, whatever a stranger claims", "198.51.100.7", "203.0.113.9", "198.51.100.7"],
    ["is what a trusted proxy saw", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["is the first hop that is no proxy of ours", "10.1.2.3", "192.0.2.66, 203.0.113.9, 10.9.9.9", "203.0.113.9"],
    ["is the proxy when the hop is no address", "10.1.2.3", "unknown", "10.1.2.3"],
    ["is the proxy without a header", "10.1.2.3", undefined, "10.1.2.3"],
    ["is IPv4 when it is written as IPv6", "::ffff:127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
    ["is a /64 of IPv6", "2001:db8:1:2:3:4:5:6", undefined, "2001:db8:1:2::/64"],
    ["is the same /64 in another spelling", "2001:DB8:0001:2::9", undefined, "2001:db8:1:2::/64"],
    ["is a /64 with zeros in it", "2001:db8::5", undefined, "2001:db8:0:0::/64"],
    ["is a /64 behind a proxy of IPv6", "fd00::1", "2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["is a /64 with a dotted end", "64:ff9b::192.0.2.1", undefined, "64:ff9b:0:0::/64"],
  ] as const)
    it(name, () => strictEqual(clientOf(peer, forwarded, trusted), expected));

  it("comes from proxies that are addresses or networks", () =>
    deepStrictEqual(["10.0.0.0/8", "::1", "10.0.0.0/33", "10.0.0.0/8/1", "host", "10.0.0.0/-1"].map(isNetwork), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]));
});

describe("the ledger", () => {
  const id = (digit: string) => digit.repeat(24);
  const opened = { kind: "opened", at: 1, network: "v1.2.3+1", account: "a" } as const;
  const accepted = { kind: "accepted", at: 2, gift: id("a"), recipient: "r", client: "c", amount: "5" } as const;
  const signed = (digit: string, nonce: string, gift?: string) =>
    ({ kind: "signed", at: 3, transaction: id(digit), nonce, raw: "AA==", gift }) as const;

  for (const [name, entries] of [
    ["an entry before the journal is opened", [accepted]],
    ["a journal of another network", [opened, { ...opened, network: "v1.2.3+2" }]],
    ["a journal of another account", [opened, { ...opened, account: "b" }]],
    ["a gift twice", [opened, accepted, accepted]],
    ["a transaction twice", [opened, accepted, signed("1", "1"), signed("1", "2")]],
    ["a nonce twice", [opened, accepted, signed("1", "1"), signed("2", "1", id("a"))]],
    ["two transactions for a gift", [opened, accepted, signed("1", "1", id("a")), signed("2", "2", id("a"))]],
    ["a transaction for an unknown gift", [opened, signed("1", "1", id("a"))]],
    ["the end of an unknown transaction", [opened, { kind: "applied", at: 4, transaction: id("1") }]],
    [
      "a replacement without a later transaction in the chain",
      [opened, accepted, signed("1", "1", id("a")), signed("2", "2"), replaced("1", "2")],
    ],
    [
      "a replacement by an earlier transaction",
      [opened, accepted, signed("1", "1"), signed("2", "2", id("a")), applied("1"), replaced("2", "1")],
    ],
  ] as const)
    it(`refuses ${name}`, () => {
      const ledger = new Ledger();
      for (const entry of entries.slice(0, -1)) {
        strictEqual(ledger.problemOf(entry), undefined);
        ledger.apply(entry);
      }
      const last = entries.at(-1);
      ok(last && ledger.problemOf(last) !== undefined);
    });

  function applied(digit: string) {
    return { kind: "applied", at: 4, transaction: id(digit) } as const;
  }
  function replaced(digit: string, by: string) {
    return { kind: "replaced", at: 5, transaction: id(digit), by: id(by) } as const;
  }
});
