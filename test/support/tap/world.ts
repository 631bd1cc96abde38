import { Book } from "../../../tap/book";
import type { Entry } from "../../../tap/core/entry";
import type { ProofOfWork } from "../../../tap/core/proof-of-work";
import type { Terms } from "../../../tap/core/rules";
import type { Journal } from "../../../tap/journal";
import { type PayChain, Payer } from "../../../tap/payer";
import { Tap } from "../../../tap/tap";
import { testAddress } from "./addresses";
import { FakeChain, FakeWallet, randomFrom } from "./fake-chain";

/** The process died here. */
export class Crash extends Error {}

export const TERMS: Terms = { hrp: "stest", amount: 1000n, budget: 5000n, fee: 100n };
export const NOON = Date.parse("2026-11-29T12:00:00Z");
export const HOUR = 3_600_000;
const ACCOUNT = testAddress(1_000_000);

/** A tap on a fake chain and a fake clock, whose process can be killed at each step. */
export class TapWorld {
  now = NOON;
  /** What outlives a crash. */
  readonly disk: Entry[] = [];
  readonly chain: FakeChain;
  tap!: Tap;
  /** Steps until the process dies; undefined while it lives on. */
  private left?: number;
  private isDead = false;

  constructor(
    seed = 1,
    balance = 1_000_000n,
    private readonly gate?: ProofOfWork,
    private readonly terms = TERMS,
  ) {
    this.chain = new FakeChain(balance, randomFrom(seed));
    this.start();
  }

  /** Starts a new process with what the disk holds. */
  start(): void {
    this.isDead = false;
    this.left = undefined;
    const journal: Journal = { read: () => [...this.disk], append: (entry) => this.append(entry) };
    const wallet = new FakeWallet(ACCOUNT);
    const clock = { now: () => this.now, sleep: async () => undefined };
    const book = new Book(journal, { network: "v1.2.3+1", account: ACCOUNT }, clock.now);
    const common = { book, clock, terms: this.terms };
    const payer = new Payer({ ...common, wallet, chain: this.seenChain(), log: () => undefined, patience: 600 });
    this.tap = new Tap({
      ...common,
      network: "v1.2.3+1",
      account: ACCOUNT,
      gate: this.gate,
      payer,
      wake: () => undefined,
      refused: () => undefined,
    });
  }

  get ledger() {
    return this.tap.options.book.ledger;
  }

  /** Kills the process at some step from now on: before or after an entry is kept or a transaction is sent. */
  dieAfter(steps: number): void {
    this.left = steps;
  }

  ask(recipient: number, client: number) {
    return this.tap.give({ recipient: testAddress(recipient), client: `192.0.2.${client}` }, {});
  }

  look(): Promise<void> {
    return this.tap.options.payer.look(new AbortController().signal);
  }

  private append(entry: Entry): void {
    this.step();
    this.disk.push(entry);
    this.step();
  }

  private seenChain(): PayChain {
    const alive = (): FakeChain => {
      if (this.isDead) throw new Crash();
      return this.chain;
    };
    return {
      account: () => alive().account(),
      fate: (id) => alive().fate(id),
      submit: async (raw) => {
        this.step();
        await this.chain.submit(raw);
        this.step();
      },
    };
  }

  /** One step of the process. After its end nothing of it has an effect. */
  private step(): void {
    if (this.left !== undefined && this.left-- <= 0) this.isDead = true;
    if (this.isDead) throw new Crash();
  }
}
