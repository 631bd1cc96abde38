import { createHash } from "node:crypto";
import { z } from "zod";
import type { Fate, Signed, Wallet } from "../../../tap/chain/chain";
import type { PayChain } from "../../../tap/payer";

/** A transaction of the fake chain; its bytes are this as JSON. */
const Content = z.object({
  kind: z.enum(["spawn", "spend"]),
  nonce: z.string().transform(BigInt),
  to: z.string(),
  amount: z.string().transform(BigInt),
});

export const FEE = 100n;

const idOf = (raw: Uint8Array): string => createHash("sha256").update(raw).digest("hex");

/** Signs transactions of the fake chain: the same call always gives the same bytes. */
export class FakeWallet implements Wallet {
  constructor(readonly address: string) {}

  spawn(nonce: bigint): Signed {
    return signed("spawn", this.address, 0n, nonce);
  }

  spend(to: string, amount: bigint, nonce: bigint): Signed {
    return signed("spend", to, amount, nonce);
  }
}

function signed(kind: "spawn" | "spend", to: string, amount: bigint, nonce: bigint): Signed {
  const raw = new TextEncoder().encode(JSON.stringify({ kind, nonce: `${nonce}`, to, amount: `${amount}` }));
  return { id: idOf(raw), raw, nonce };
}

/** How a chain misbehaves: the probability of each fault at each occasion. */
export interface Manners {
  /** A submission is refused. */
  readonly refuses: number;
  /** A submission is taken, and forgotten. */
  readonly forgets: number;
  /** A submission is taken, and the answer is lost. */
  readonly breaksOff: number;
  /** A pending transaction is dropped in a layer. */
  readonly drops: number;
  /** A pending transaction waits for a later layer. */
  readonly delays: number;
  /** A transaction is applied, and fails. */
  readonly fails: number;
  /** A question finds no answer. */
  readonly isSilent: number;
}

export const GOOD: Manners = { refuses: 0, forgets: 0, breaksOff: 0, drops: 0, delays: 0, fails: 0, isSilent: 0 };
export const BAD: Manners = {
  refuses: 0.1,
  forgets: 0.1,
  breaksOff: 0.1,
  drops: 0.1,
  delays: 0.3,
  fails: 0.05,
  isSilent: 0.03,
};
/** Fewer faults, for a run whose time is limited. */
export const RUDE: Manners = {
  refuses: 0.01,
  forgets: 0.05,
  breaksOff: 0.01,
  drops: 0.05,
  delays: 0.3,
  fails: 0.03,
  isSilent: 0.005,
};

/** Numbers from 0 to 1 that look random, and are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Pending = z.infer<typeof Content> & { readonly id: string };

/**
 * One account's view of a chain, by the rules of go-spacemesh: a nonce counts once, a later one skips those before it,
 * and a transaction that fails uses its nonce up.
 */
export class FakeChain implements PayChain {
  manners = GOOD;
  /** All that was ever applied, in its order. */
  readonly payments: { readonly to: string; readonly amount: bigint; readonly id: string }[] = [];
  private readonly pool = new Map<string, Pending>();
  private readonly settled = new Map<string, { readonly fate: Fate; readonly layer: number }>();
  private nextNonce = 0n;
  private spawned = false;
  private layer = 1;

  constructor(
    public balance: bigint,
    private readonly random: () => number,
  ) {}

  async account() {
    this.mayBeSilent();
    let { nextNonce } = this;
    for (const { nonce } of this.pool.values()) if (nonce >= nextNonce) nextNonce = nonce + 1n;
    return { balance: this.balance, nextNonce, spawned: this.spawned };
  }

  async submit(raw: Uint8Array): Promise<void> {
    const id = idOf(raw);
    const transaction = { ...Content.parse(JSON.parse(new TextDecoder().decode(raw))), id };
    if (this.chance("refuses")) throw new Error("mempool is full");
    if (this.settled.has(id)) throw new Error("transaction already known");
    if (transaction.nonce < this.nextNonce) throw new Error("bad nonce");
    if (this.chance("forgets")) return;
    this.pool.set(id, transaction);
    if (this.chance("breaksOff")) throw new Error("connection reset");
  }

  async fate(id: string): Promise<{ fate: Fate; layer?: number }> {
    this.mayBeSilent();
    return this.settled.get(id) ?? { fate: this.pool.has(id) ? "pending" : "unknown" };
  }

  /** One layer: applies what is pending, as the manners allow. */
  nextLayer(): void {
    this.layer++;
    for (const one of [...this.pool.values()].sort((a, b) => (a.nonce < b.nonce ? -1 : 1))) {
      if (this.chance("drops") || one.nonce < this.nextNonce) this.pool.delete(one.id);
      else if (!this.chance("delays")) this.apply(one);
    }
  }

  /** Somebody else uses the account's key. */
  useNonce(): void {
    this.nextNonce++;
  }

  private apply(one: Pending): void {
    this.pool.delete(one.id);
    this.nextNonce = one.nonce + 1n;
    this.balance -= FEE;
    const isDone = !this.chance("fails") && this.balance >= one.amount && (one.kind === "spawn" || this.spawned);
    this.settled.set(one.id, { fate: isDone ? "applied" : "failed", layer: this.layer });
    if (!isDone) return;
    if (one.kind === "spawn") this.spawned = true;
    else {
      this.balance -= one.amount;
      this.payments.push({ to: one.to, amount: one.amount, id: one.id });
    }
  }

  private chance(fault: keyof Manners): boolean {
    return this.random() < this.manners[fault];
  }

  private mayBeSilent(): void {
    if (this.chance("isSilent")) throw new Error("no answer");
  }
}
