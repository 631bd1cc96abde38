import { dayOf } from "./day";
import type { Entry } from "./entry";

/** A promise to pay. */
export interface Gift {
  readonly id: string;
  readonly recipient: string;
  readonly client: string;
  /** In smidge. */
  readonly amount: bigint;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  readonly state: "waiting" | "paid" | "failed";
  /** Id of the transaction that pays it; undefined until one is signed. */
  readonly transaction?: string;
  /** Layer in which it was paid, if the chain told. */
  readonly layer?: number;
}

/** A transaction that we signed. Its bytes stay the same for ever. */
export interface Transaction {
  readonly id: string;
  readonly nonce: bigint;
  readonly raw: Uint8Array;
  /** Undefined for the one that spawns the account. */
  readonly gift?: string;
  readonly state: "open" | "applied" | "failed" | "replaced";
  readonly wasSubmitted: boolean;
}

/**
 * What the journal says, folded. All questions of who may get a gift and which transaction comes next are asked here.
 * A gift counts from its promise on. A gift that failed gives its right to the recipient and the client back. The
 * budget of the day stays used, since fees were paid, and so a budget is never exceeded.
 */
export class Ledger {
  private readonly allGifts = new Map<string, Gift>();
  private readonly allTransactions = new Map<string, Transaction>();
  private readonly openIds = new Set<string>();
  private readonly unsignedIds = new Set<string>();
  /** Gifts by `DAY recipient|client NAME`. */
  private readonly rights = new Map<string, string>();
  private readonly used = new Map<string, bigint>();
  private owner?: { readonly network: string; readonly account: string };
  private greatestSettled?: Transaction;
  /** Sum of all gifts that are promised and not yet settled, in smidge. */
  promised = 0n;
  /** The least nonce above all that we ever signed. */
  nextNonce = 0n;
  /** Gifts by what became of them. */
  readonly count = { waiting: 0, paid: 0, failed: 0 };

  /** Whose journal it is; undefined when it is empty. */
  get of() {
    return this.owner;
  }

  /** Transactions whose end is unknown, by their nonces. */
  get open(): Transaction[] {
    return [...this.openIds]
      .flatMap((id) => this.allTransactions.get(id) ?? [])
      .sort((a, b) => (a.nonce < b.nonce ? -1 : 1));
  }

  /** Gifts that no transaction pays, in the order of their promises. */
  get unsigned(): Gift[] {
    return [...this.unsignedIds]
      .flatMap((id) => this.allGifts.get(id) ?? [])
      .sort((a, b) => a.acceptedAt - b.acceptedAt);
  }

  /** When the oldest gift that waits was promised, in milliseconds since 1970; undefined when none waits. */
  get oldestWaiting(): number | undefined {
    const signed = this.open.flatMap(({ gift }) => (gift === undefined ? [] : (this.allGifts.get(gift) ?? [])));
    const all = [...signed, ...this.unsigned].map(({ acceptedAt }) => acceptedAt);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  /** The transaction with the greatest nonce that is in the chain, also a failed one. Nonces below it are used. */
  get lastSettled(): Transaction | undefined {
    return this.greatestSettled;
  }

  gift(id: string): Gift | undefined {
    return this.allGifts.get(id);
  }

  /** The gift that somebody got on the UTC day of a time, unless it failed. */
  giftOf(kind: "recipient" | "client", name: string, at: number): Gift | undefined {
    return this.allGifts.get(this.rights.get(rightOf(kind, name, at)) ?? "");
  }

  /** What was promised on the UTC day of a time, in smidge. */
  usedOn(at: number): bigint {
    return this.used.get(dayOf(at)) ?? 0n;
  }

  /** Why an entry cannot follow on those before, as a phrase; undefined when it can. */
  problemOf(entry: Entry): string | undefined {
    if (entry.kind === "opened") {
      const isOurs = !this.owner || (this.owner.network === entry.network && this.owner.account === entry.account);
      return isOurs ? undefined : "it is of another network or account";
    }
    if (!this.owner) return "nobody opened the journal";
    if (entry.kind === "accepted") return this.allGifts.has(entry.gift) ? "the gift exists" : undefined;
    if (entry.kind === "signed") return this.problemOfSigned(entry.transaction, BigInt(entry.nonce), entry.gift);
    const transaction = this.allTransactions.get(entry.transaction);
    if (transaction?.state !== "open") return "the transaction is not open";
    if (entry.kind !== "replaced") return undefined;
    const by = this.allTransactions.get(entry.by);
    const proves = by && by.nonce > transaction.nonce && (by.state === "applied" || by.state === "failed");
    return proves ? undefined : "the other transaction proves nothing";
  }

  private problemOfSigned(id: string, nonce: bigint, giftId: string | undefined): string | undefined {
    if (this.allTransactions.has(id)) return "the transaction exists";
    if (nonce < this.nextNonce) return "its nonce is used";
    return giftId === undefined || this.unsignedIds.has(giftId) ? undefined : "the gift needs no transaction";
  }

  /** Takes an entry without a {@link problemOf}. */
  apply(entry: Entry): void {
    if (entry.kind === "opened") this.owner ??= { network: entry.network, account: entry.account };
    else if (entry.kind === "accepted") this.accept(entry);
    else if (entry.kind === "signed") this.sign(entry);
    else if (entry.kind === "submitted") this.change(entry.transaction, { wasSubmitted: true });
    else if (entry.kind === "applied") this.settle(entry.transaction, "applied", { state: "paid", layer: entry.layer });
    else if (entry.kind === "failed") this.settle(entry.transaction, "failed", { state: "failed" });
    else {
      const gift = this.close(entry.transaction, "replaced");
      if (gift) this.unsignedIds.add(gift.id);
    }
  }

  private accept({ gift: id, recipient, client, amount: digits, at }: Extract<Entry, { kind: "accepted" }>): void {
    const amount = BigInt(digits);
    this.allGifts.set(id, { id, recipient, client, amount, acceptedAt: at, state: "waiting" });
    this.unsignedIds.add(id);
    this.rights.set(rightOf("recipient", recipient, at), id);
    this.rights.set(rightOf("client", client, at), id);
    this.used.set(dayOf(at), this.usedOn(at) + amount);
    this.promised += amount;
    this.count.waiting++;
  }

  private sign({ transaction: id, nonce: digits, raw, gift }: Extract<Entry, { kind: "signed" }>): void {
    const nonce = BigInt(digits);
    const bytes = new Uint8Array(Buffer.from(raw, "base64"));
    this.allTransactions.set(id, { id, nonce, raw: bytes, gift, state: "open", wasSubmitted: false });
    this.openIds.add(id);
    this.nextNonce = nonce + 1n;
    const found = this.allGifts.get(gift ?? "");
    if (!found) return;
    this.allGifts.set(found.id, { ...found, transaction: id });
    this.unsignedIds.delete(found.id);
  }

  private settle(id: string, state: "applied" | "failed", end: Pick<Gift, "state" | "layer">): void {
    const gift = this.close(id, state);
    const transaction = this.allTransactions.get(id);
    if (transaction && transaction.nonce >= (this.greatestSettled?.nonce ?? 0n)) this.greatestSettled = transaction;
    if (!gift) return;
    this.allGifts.set(gift.id, { ...gift, ...end });
    this.promised -= gift.amount;
    this.count.waiting--;
    this.count[end.state]++;
    if (end.state !== "failed") return;
    for (const kind of ["recipient", "client"] as const) {
      const right = rightOf(kind, gift[kind], gift.acceptedAt);
      if (this.rights.get(right) === gift.id) this.rights.delete(right);
    }
  }

  /** Ends a transaction. Returns the gift that it pays. */
  private close(id: string, state: Transaction["state"]): Gift | undefined {
    this.change(id, { state });
    this.openIds.delete(id);
    return this.allGifts.get(this.allTransactions.get(id)?.gift ?? "");
  }

  private change(id: string, parts: Partial<Transaction>): void {
    const found = this.allTransactions.get(id);
    if (found) this.allTransactions.set(id, { ...found, ...parts });
  }
}

const rightOf = (kind: "recipient" | "client", name: string, at: number): string => `${dayOf(at)} ${kind} ${name}`;
