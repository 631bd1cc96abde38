import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { isRefusal } from "../../../tap/tap";
import { GOOD } from "../../support/tap/fake-chain";
import { HOUR, TapWorld } from "../../support/tap/world";

/** A world whose account is spawned. */
async function ready(): Promise<TapWorld> {
  const world = new TapWorld();
  await world.look();
  world.chain.nextLayer();
  await world.look();
  return world;
}

function promised(world: TapWorld, number: number): string {
  const answer = world.ask(number, number);
  ok(!isRefusal(answer), "refused");
  return answer.id;
}

const kinds = ({ disk }: TapWorld): string[] => disk.map(({ kind }) => kind);

describe("the tap's payer", () => {
  it("spawns the account first, and gives nothing before", async () => {
    const world = new TapWorld();
    const early = world.ask(1, 1);
    ok(isRefusal(early) && early.code === "NetworkNotReady");
    await world.look();
    const late = world.ask(1, 1);
    ok(isRefusal(late) && late.code === "NetworkNotReady");
    world.chain.nextLayer();
    await world.look();
    promised(world, 1);
    deepStrictEqual(kinds(world), ["opened", "signed", "submitted", "applied", "accepted"]);
  });

  it("says paid only when the chain applied the transaction", async () => {
    const world = await ready();
    const id = promised(world, 1);
    await world.look();
    await world.look();
    strictEqual(world.tap.gift(id)?.state, "waiting");
    world.chain.nextLayer();
    strictEqual(world.tap.gift(id)?.state, "waiting");
    await world.look();
    strictEqual(world.tap.gift(id)?.state, "paid");
    strictEqual(world.tap.gift(id)?.layer, 3);
  });

  it("sends the same bytes again when the node forgot them, also after a restart", async () => {
    const world = await ready();
    world.chain.manners = { ...GOOD, forgets: 1 };
    const id = promised(world, 1);
    await world.look();
    const first = world.tap.gift(id)?.transaction;
    await world.look();
    world.start();
    await world.look();
    world.chain.manners = GOOD;
    await world.look();
    world.chain.nextLayer();
    await world.look();
    deepStrictEqual(
      world.chain.payments.map((one) => one.id),
      [first],
    );
    strictEqual(kinds(world).filter((kind) => kind === "signed").length, 2);
  });

  it("replaces a transaction only when a later one is in the chain, and only after its patience", async () => {
    const world = await ready();
    world.chain.useNonce();
    const id = promised(world, 1);
    world.chain.manners = { ...GOOD, forgets: 1 };
    await world.look(); // signed and forgotten
    const dead = world.tap.gift(id)?.transaction;
    world.chain.useNonce();
    world.chain.manners = GOOD;
    world.now += HOUR;
    await world.look(); // refused: somebody used its nonce
    await world.look();
    strictEqual(world.tap.gift(id)?.transaction, dead);
    promised(world, 2);
    await world.look();
    world.chain.nextLayer();
    await world.look(); // proven for the first time
    world.now += HOUR / 10;
    await world.look();
    strictEqual(world.tap.gift(id)?.transaction, dead);
    world.now += HOUR / 10;
    await world.look();
    ok(world.tap.gift(id)?.transaction !== dead);
    world.chain.nextLayer();
    await world.look();
    strictEqual(world.tap.gift(id)?.state, "paid");
    strictEqual(world.chain.payments.length, 2);
  });

  it("gives the right back for a transaction that failed, and not the budget", async () => {
    const world = await ready();
    const id = promised(world, 1);
    await world.look();
    world.chain.manners = { ...GOOD, fails: 1 };
    world.chain.nextLayer();
    await world.look();
    strictEqual(world.tap.gift(id)?.state, "failed");
    strictEqual(world.tap.status().left, 4000n);
    promised(world, 1);
    strictEqual(world.tap.status().left, 3000n);
  });

  it("signs nothing that the balance does not cover, and pays when it is filled up", async () => {
    const world = await ready();
    world.chain.balance = 2500n;
    await world.look();
    promised(world, 1);
    promised(world, 2);
    const third = world.ask(3, 3);
    ok(isRefusal(third) && third.code === "TapEmpty");
    world.chain.balance = 1500n;
    await world.look();
    strictEqual(kinds(world).filter((kind) => kind === "signed").length, 2); // the spawn and one gift
    world.chain.balance = 50_000n;
    await world.look();
    world.chain.nextLayer();
    await world.look();
    strictEqual(world.chain.payments.length, 2);
  });

  it("gives nothing while the chain does not answer", async () => {
    const world = await ready();
    world.now += HOUR;
    world.chain.manners = { ...GOOD, isSilent: 1 };
    await world.look();
    const answer = world.ask(1, 1);
    ok(isRefusal(answer) && answer.code === "NetworkNotReady");
  });
});
