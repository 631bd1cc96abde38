import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { dayOf } from "../../../tap/core/day";
import { isRefusal } from "../../../tap/tap";
import { BAD, GOOD } from "../../support/tap/fake-chain";
import { Crash, HOUR, TapWorld, TERMS } from "../../support/tap/world";

/** What happens next in a run. */
type Event =
  | { readonly kind: "ask"; readonly recipient: number; readonly client: number }
  | { readonly kind: "look" }
  | { readonly kind: "layer" }
  | { readonly kind: "restart" }
  | { readonly kind: "hours" }
  | { readonly kind: "foreign" }
  | { readonly kind: "die"; readonly steps: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("ask" as const), recipient: fc.nat(7), client: fc.nat(7) }) },
  { weight: 6, arbitrary: fc.constant({ kind: "look" as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: "layer" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "hours" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "foreign" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("die" as const), steps: fc.nat(12) }) },
);

/** What visitors were told. */
interface Told {
  readonly promised: Set<string>;
  readonly paid: Set<string>;
}

/** Acts, and starts the process again when it died. */
async function survive(world: TapWorld, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    world.start();
  }
}

async function play(world: TapWorld, told: Told, next: Event): Promise<void> {
  await survive(world, async () => {
    if (next.kind === "ask") {
      const answer = world.ask(next.recipient, next.client);
      if (!isRefusal(answer)) told.promised.add(answer.id);
    } else if (next.kind === "look") await world.look();
    else if (next.kind === "layer") world.chain.nextLayer();
    else if (next.kind === "restart") world.start();
    else if (next.kind === "hours") world.now += 7 * HOUR;
    else if (next.kind === "foreign") world.chain.useNonce();
    else world.dieAfter(next.steps);
  });
  for (const id of told.promised) if (world.tap.gift(id)?.state === "paid") told.paid.add(id);
}

/** Lets the chain behave, until all that was promised is settled. A last gift proves that stuck nonces are dead. */
async function settle(world: TapWorld, told: Told): Promise<void> {
  world.chain.manners = GOOD;
  world.start();
  for (let i = 0; i < 40; i++) {
    if (i % 10 === 5) {
      world.now += 24 * HOUR;
      await world.look();
      await play(world, told, { kind: "ask", recipient: 100 + i, client: 100 + i });
    }
    await play(world, told, { kind: "look" });
    await play(world, told, { kind: "layer" });
    world.now += HOUR / 2;
  }
  await world.look();
}

function judge(world: TapWorld, { promised, paid }: Told): void {
  const accepted = world.disk.flatMap((entry) => (entry.kind === "accepted" ? [entry] : []));
  const used = new Map<string, bigint>();
  const perDay = new Map<string, number>();
  for (const { at, amount, gift, recipient, client } of accepted) {
    used.set(dayOf(at), (used.get(dayOf(at)) ?? 0n) + BigInt(amount));
    if (world.tap.gift(gift)?.state === "failed") continue;
    for (const name of [recipient, client]) {
      const key = `${dayOf(at)} ${name}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
  }
  for (const [day, sum] of used) ok(sum <= TERMS.budget, `${sum} on ${day}`);
  for (const [key, count] of perDay) strictEqual(count, 1, `gifts of ${key}`);
  // What was paid is exactly what is told as paid, each gift once.
  const gifts = accepted.flatMap(({ gift }) => world.tap.gift(gift) ?? []);
  const recipients = gifts.filter(({ state }) => state === "paid").map(({ recipient }) => recipient);
  deepStrictEqual(world.chain.payments.map(({ to }) => to).sort(), recipients.sort());
  for (const id of paid) strictEqual(world.tap.gift(id)?.state, "paid");
  for (const id of promised) ok(["paid", "failed"].includes(world.tap.gift(id)?.state ?? ""), `${id} is lost`);
}

describe("a tap that is killed at any step, on a chain with bad manners", function () {
  this.timeout(60_000);

  it("keeps each promise once, and no budget is exceeded", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(event, { minLength: 10, maxLength: 80 }), async (seed, events) => {
        const world = new TapWorld(seed);
        await world.look();
        world.chain.nextLayer();
        await world.look();
        world.chain.manners = BAD;
        const told = { promised: new Set<string>(), paid: new Set<string>() };
        for (const next of events) await play(world, told, next);
        await settle(world, told);
        judge(world, told);
      }),
      { numRuns: 300 },
    );
  });
});
