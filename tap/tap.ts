import { randomBytes } from "node:crypto";
import type { Clock } from "../infra/base/lib/clock";
import type { Book } from "./book";
import type { Gift } from "./core/ledger";
import type { ProofOfWork } from "./core/proof-of-work";
import { type Asked, budgetLeft, closedFor, type Refusal, refusalOf, type Terms } from "./core/rules";
import type { Payer } from "./payer";

/** What opens the gate `pow`. */
export interface Opening {
  readonly challenge?: string;
  readonly proof?: string;
}

export interface TapOptions {
  readonly network: string;
  /** Address of the tap's account. */
  readonly account: string;
  readonly terms: Terms;
  /** Undefined for the gate `none`. */
  readonly gate?: ProofOfWork;
  readonly book: Book;
  readonly payer: Payer;
  readonly clock: Clock;
  /** Is called when a gift was promised, so that it is paid at once. */
  readonly wake: () => void;
  /** Gets the code of each refusal. */
  readonly refused: (code: string) => void;
}

/** The tap as visitors and programs ask it. Everything it answers is decided at once, so no request comes between. */
export class Tap {
  constructor(readonly options: TapOptions) {}

  /** What somebody must solve before a gift, or why there is none anyway. */
  challenge(asked: Asked): Refusal | { readonly challenge?: string; readonly bits?: number } {
    const { gate, clock } = this.options;
    const refusal = this.refusalOf(asked);
    if (refusal) return refusal;
    if (!gate) return {};
    return { challenge: gate.challenge(asked.recipient, clock.now(), randomBytes(8).toString("hex")), bits: gate.bits };
  }

  /**
   * Promises a gift, or says why not. When it returns, the promise is on the disk.
   * @throws when the promise cannot be written down; then the process must end
   */
  give(asked: Asked, { challenge, proof }: Opening): Gift | Refusal {
    const { book, gate, clock, terms, wake } = this.options;
    const refusal = this.refusalOf(asked);
    if (refusal) return refusal;
    if (gate) {
      if (challenge === undefined || proof === undefined) return this.counted(PROOF_MISSING);
      const wrong = gate.refusalOf(asked.recipient, challenge, proof, clock.now());
      if (wrong) return this.counted(wrong);
      gate.use(challenge, clock.now());
    }
    const id = randomBytes(12).toString("hex");
    const { recipient, client } = asked;
    book.write({ kind: "accepted", gift: id, recipient, client, amount: `${terms.amount}` });
    wake();
    return book.ledger.gift(id) as Gift;
  }

  gift(id: string): Gift | undefined {
    return this.options.book.ledger.gift(id);
  }

  /** What the tap has left, and why nobody gets anything now, if so. */
  status(): Status {
    const { book, payer, terms, clock } = this.options;
    const now = clock.now();
    const left = budgetLeft(book.ledger, terms, now);
    return { left, balance: payer.balance, refusal: closedFor(book.ledger, terms, payer.funds, now) };
  }

  private refusalOf(asked: Asked): Refusal | undefined {
    const { book, payer, terms, clock } = this.options;
    const refusal = refusalOf(book.ledger, asked, terms, payer.funds, clock.now());
    return refusal && this.counted(refusal);
  }

  private counted(refusal: Refusal): Refusal {
    this.options.refused(refusal.code);
    return refusal;
  }
}

/** What the tap has. Amounts are in smidge. */
export interface Status {
  /** What may still be promised today. */
  readonly left: bigint;
  /** Undefined before the first look at the chain. */
  readonly balance?: bigint;
  /** Why nobody gets anything now. */
  readonly refusal?: Refusal;
}

const PROOF_MISSING: Refusal = {
  code: "ProofMissing",
  status: 403,
  reason: "This tap wants a proof of work. Ask /api/challenge for a challenge; the page does so with JavaScript.",
};

/** Whether an answer of the tap is a refusal. */
export const isRefusal = (answer: object): answer is Refusal => "code" in answer;
