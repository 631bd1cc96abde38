import type { Entry } from "./core/entry";
import { Ledger } from "./core/ledger";
import { type Journal, wrongLine } from "./journal";

/** Whose journal it is. */
export interface Owner {
  /** The network's name, which its pages show, such as `v1.2.3+1`. */
  readonly network: string;
  /** Address of the tap's account. */
  readonly account: string;
}

/** An entry without its time. */
type Timeless<T> = T extends Entry ? Omit<T, "at"> : never;

/** A journal and what it says. All that the tap promises or does is written here first. */
export class Book {
  readonly ledger = new Ledger();

  /**
   * @param now milliseconds since 1970
   * @param name of the journal in errors
   * @throws {UserError} when a line cannot follow on those before, or the journal is of another network or account
   */
  constructor(
    private readonly journal: Journal,
    { network, account }: Owner,
    private readonly now: () => number,
    name = "journal",
  ) {
    journal.read().forEach((entry, i) => {
      const problem = this.ledger.problemOf(entry);
      if (problem !== undefined) throw wrongLine(name, i + 1, problem);
      this.ledger.apply(entry);
    });
    this.write({ kind: "opened", network, account });
  }

  /** Writes an entry down, then counts it. @throws when it cannot follow, or cannot be kept */
  write(part: Timeless<Entry>): void {
    const entry: Entry = { ...part, at: this.now() };
    const problem = this.ledger.problemOf(entry);
    if (problem !== undefined) throw new Error(`${entry.kind}: ${problem}`);
    this.journal.append(entry);
    this.ledger.apply(entry);
  }
}
