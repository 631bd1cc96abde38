import type { Clock } from "../infra/base/lib/clock";
import { limited } from "../infra/base/lib/limited";
import type { Book } from "./book";
import type { Chain, Fate, Signed, Wallet } from "./chain/chain";
import type { Transaction } from "./core/ledger";
import { type Account, mayGoOn, nextSigning, proofAgainst, type Signing } from "./core/plan";
import type { Funds, Terms } from "./core/rules";
import type { Log } from "./log";

/** What the payer asks of a {@link Chain}. */
export interface PayChain extends Pick<Chain, "submit" | "fate"> {
  account(address: string, signal: AbortSignal): Promise<Account>;
}

export interface PayerOptions {
  readonly book: Book;
  readonly chain: PayChain;
  readonly wallet: Wallet;
  readonly terms: Terms;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a transaction must be proven dead before its gift gets another one, in seconds. */
  readonly patience: number;
}

/** Time limit of one question to a node, in seconds. */
const ANSWER_LIMIT = 20;
/** Questions without an answer after which a look ends. */
const MOST_FAULTS = 3;
/** Age at which the last look at the chain counts no more, in milliseconds. */
const STALE = 120_000;

/**
 * Pays what the book promises. Each transaction is written down before it is sent, and sent again with the same bytes
 * until the chain tells its fate.
 */
export class Payer {
  private account?: Account;
  private seenAt?: number;
  private lastFault?: string;
  /** When a node last answered or failed to, in milliseconds since 1970: the loop is alive. */
  lastStep: number;
  /** When a transaction was first proven dead, by its id. */
  private readonly deadSince = new Map<string, number>();

  constructor(private readonly options: PayerOptions) {
    this.lastStep = options.clock.now();
  }

  /** What the tap can pay with, by its last look. */
  get funds(): Funds {
    const { clock } = this.options;
    if (!this.account || this.seenAt === undefined || clock.now() - this.seenAt > STALE)
      return { notReady: "The network does not answer the tap. Try again in a few minutes." };
    const { balance, spawned } = this.account;
    if (!spawned && balance >= this.options.terms.fee)
      return { notReady: "The tap's account waits for its first transaction. Try again in a few minutes." };
    return { balance };
  }

  /** Balance of the account in smidge, by the last look; undefined before the first. */
  get balance(): bigint | undefined {
    return this.account?.balance;
  }

  /**
   * One look at the chain, with all that follows from it. A chain that does not answer is no error: the next look asks
   * again.
   */
  async look(signal: AbortSignal): Promise<void> {
    try {
      const fates = await this.fates(signal);
      const account = await this.ask(signal, (limit) => this.options.chain.account(this.options.wallet.address, limit));
      this.account = account;
      this.seenAt = this.options.clock.now();
      this.replaceDead(fates);
      this.sign(account);
      this.told(await this.send(fates, account, signal));
    } catch (error) {
      if (!(error instanceof ChainFault)) throw error;
      this.told(error.message);
    }
  }

  /** Asks for the fates of all open transactions, and writes down those that are settled. */
  private async fates(signal: AbortSignal): Promise<ReadonlyMap<string, Fate>> {
    const { book, chain, log } = this.options;
    const fates = new Map<string, Fate>();
    let faults = 0;
    for (const { id, gift, nonce } of book.ledger.open) {
      const answer = await this.ask(signal, (limit) => chain.fate(id, limit)).catch((error) => {
        if (!(error instanceof ChainFault) || ++faults >= MOST_FAULTS) throw error;
      });
      // Without an answer nothing follows for this one: it counts as pending.
      const { fate, layer } = answer ?? { fate: "pending" };
      fates.set(id, fate);
      if (fate !== "applied" && fate !== "failed") continue;
      if (fate === "applied") book.write({ kind: "applied", transaction: id, layer });
      else book.write({ kind: "failed", transaction: id });
      log(`transaction ${fate}`, { transaction: id, gift, nonce: `${nonce}`, layer });
    }
    return fates;
  }

  /** Gives a gift back its right to a transaction when the one that it has was dead at each look for some time. */
  private replaceDead(fates: ReadonlyMap<string, Fate>): void {
    const { book, clock, log, patience } = this.options;
    for (const one of book.ledger.open) {
      const by = proofAgainst(book.ledger, one, fates.get(one.id) ?? "pending");
      const since = this.deadSince.get(one.id);
      if (by === undefined) this.deadSince.delete(one.id);
      else if (since === undefined) this.deadSince.set(one.id, clock.now());
      else if (clock.now() - since >= patience * 1000) {
        book.write({ kind: "replaced", transaction: one.id, by });
        log("transaction replaced", { transaction: one.id, gift: one.gift, nonce: `${one.nonce}`, by });
      }
    }
  }

  /** Signs all that can be signed. Nothing of it has left the process when it is written down. */
  private sign(account: Account): void {
    const { book, terms, log } = this.options;
    for (let next: Signing | undefined; ; ) {
      next = nextSigning(book.ledger, account, terms);
      if (!next) return;
      const { id, raw, nonce } = this.signed(next);
      const gift = next.gift?.id;
      const bytes = Buffer.from(raw).toString("base64");
      book.write({ kind: "signed", transaction: id, nonce: `${nonce}`, raw: bytes, gift });
      log("transaction signed", { transaction: id, gift, nonce: `${nonce}` });
    }
  }

  private signed({ gift, nonce }: Signing): Signed {
    const { wallet } = this.options;
    return gift ? wallet.spend(gift.recipient, gift.amount, nonce) : wallet.spawn(nonce);
  }

  /** Sends what the node does not know, in the order of nonces. Returns the last refusal that did not stop it. */
  private async send(
    fates: ReadonlyMap<string, Fate>,
    account: Account,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { book, chain } = this.options;
    let refusal: string | undefined;
    for (const one of book.ledger.open) {
      if ((fates.get(one.id) ?? "unknown") !== "unknown") continue;
      try {
        await this.ask(signal, (limit) => chain.submit(one.raw, limit));
        this.wasSent(one);
      } catch (error) {
        if (!(error instanceof ChainFault) || !mayGoOn(one, account)) throw error;
        refusal = error.message;
      }
    }
    return refusal;
  }

  private wasSent({ id, wasSubmitted, gift, nonce }: Transaction): void {
    const { book, log } = this.options;
    if (!wasSubmitted) book.write({ kind: "submitted", transaction: id });
    log(wasSubmitted ? "transaction sent again" : "transaction sent", { transaction: id, gift, nonce: `${nonce}` });
  }

  /** Asks a node with a time limit. @throws {ChainFault} whatever goes wrong there */
  private async ask<T>(signal: AbortSignal, question: (limit: AbortSignal) => Promise<T>): Promise<T> {
    try {
      const answer = await limited(signal, ANSWER_LIMIT, question);
      this.lastStep = this.options.clock.now();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      this.lastStep = this.options.clock.now();
      throw new ChainFault(error instanceof Error ? error.message : String(error));
    }
  }

  /** Logs a fault when it is not the one of the last look. */
  private told(fault: string | undefined): void {
    if (fault !== undefined && fault !== this.lastFault) this.options.log("chain at fault", { why: fault });
    this.lastFault = fault;
  }
}

/** The chain did not answer, or refused. Anything else is our own mistake. */
class ChainFault extends Error {}
