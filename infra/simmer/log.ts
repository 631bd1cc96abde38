import { UserError } from "../base/lib/errors";
import { isMissing, ObjectExists, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import {
  type Body,
  entryChanged,
  entryKey,
  type LogEntry,
  logPrefix,
  numberOfKey,
  readEntry,
  type Sealed,
  type State,
  type Terms,
  textOfEntry,
} from "./entry";
import { after, EMPTY } from "./state";

/** A sample, and what a judge made of it. */
export type SampleBody = Extract<Body, { readonly kind: "sample" }>;

/** An entry to add: a sample with what a judge made of it, or anything else. */
export type Added =
  | { readonly body: SampleBody; readonly state: State }
  | { readonly body: Exclude<Body, { readonly kind: "sample" }> };

/** What an entry adds, given the log so far. Nothing, when somebody else has added it already. */
export type Addition = (state: State) => Added | undefined;

/**
 * The log of a network's simmer. The store writes each object once, so of two watchers that add the same entry one
 * wins. The other reads the winner's entry and adds its own after it: one chain, in which nothing is lost.
 */
export class SimmerLog {
  readonly prefix: string;
  private head: Sealed | undefined;
  private isOpen = false;
  /** The terms that this process wrote down or found, and the number of their entry. */
  private agreed: { readonly number: number; readonly terms: Terms } | undefined;

  constructor(
    private readonly store: Store,
    readonly tag: string,
    genesisId: string,
  ) {
    this.prefix = logPrefix(tag, genesisId);
  }

  /** The state after the last entry that this process knows. */
  get state(): State {
    return this.head?.entry.state ?? EMPTY;
  }

  /** The last entry that this process knows; undefined while there is none. */
  get last(): Sealed | undefined {
    return this.head;
  }

  /** Finds the end of the log. @throws {UserError} when the store cannot be read */
  async open(): Promise<void> {
    if (this.isOpen) return;
    const keys = await this.store.list(this.prefix);
    const numbers = keys.flatMap((key) => numberOfKey(this.prefix, key) ?? []);
    this.head = await this.end(numbers);
    this.isOpen = true;
  }

  /**
   * The last entry that was proven. Usually it is the last object. But whoever may add objects can put any number of
   * them behind it, so the end is then found by halving: entries are proven up to it and not behind it.
   */
  private async end(numbers: readonly number[]): Promise<Sealed | undefined> {
    for (const number of numbers.slice(-NEAR).reverse()) {
      const entry = await this.tried(number);
      if (entry) return entry;
    }
    let [last, unproven]: [Sealed | undefined, number] = [undefined, numbers.length];
    for (let from = 0; from < unproven; ) {
      const middle = (from + unproven) >> 1;
      const entry = await this.tried(numbers[middle] as number);
      if (entry) [last, from] = [entry, middle + 1];
      else unproven = middle;
    }
    return last;
  }

  /** An entry; undefined when nothing proven is there. */
  private async tried(number: number): Promise<Sealed | undefined> {
    try {
      return await this.read(number);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Adds an entry after all others.
   * @returns the entry; undefined when the addition was not needed any more
   * @throws {UserError} when the store cannot be written; then nothing was added, or the next try finds it there
   */
  async add(addition: Addition): Promise<LogEntry | undefined> {
    await this.open();
    for (;;) {
      const number = (this.head?.entry.number ?? 0) + 1;
      const added = addition(this.state);
      if (!added) return undefined;
      const state = "state" in added ? added.state : after(this.state, added.body, number);
      const entry: LogEntry = {
        schema: 1,
        tag: this.tag,
        number,
        previous: this.head?.sha256 ?? "",
        body: added.body,
        state,
      };
      try {
        const { sha256 } = await this.store.put(entryKey(this.prefix, number), textOfEntry(entry));
        this.head = { entry, sha256 };
        return entry;
      } catch (error) {
        if (!(error instanceof ObjectExists)) throw error;
        this.head = await this.read(number); // another watcher's, or our own whose answer was lost
      }
    }
  }

  /** Writes the terms down, unless those in force are the same. */
  async agree(terms: Terms): Promise<void> {
    await this.open();
    if (terms === this.agreed?.terms && this.state.terms === this.agreed.number) return;
    const wanted = JSON.stringify(terms);
    for (;;) {
      const { terms: number } = this.state;
      const known = number === undefined ? undefined : JSON.stringify(await this.termsAt(number));
      if (number !== undefined && known === wanted) {
        this.agreed = { number, terms };
        return;
      }
      await this.add((state) => (state.terms === number ? { body: { kind: "terms", terms } } : undefined));
    }
  }

  /** The terms in force. @throws {UserError} when the log is empty */
  async terms(): Promise<Terms> {
    await this.open();
    const terms = this.state.terms === undefined ? undefined : await this.termsAt(this.state.terms);
    if (terms) return terms;
    throw new UserError(
      "SimmerLogMissing",
      `${this.tag} was never watched.`,
      `Watch it with \`smeshnet simmer watch ${this.tag}\`.`,
    );
  }

  /** The last sample; undefined before the first. @throws {UserError} when the store cannot be read */
  async lastSample(): Promise<SampleBody | undefined> {
    await this.open();
    for (let number = this.head?.entry.number ?? 0; number > 0; number--) {
      const { body } = (number === this.head?.entry.number ? this.head : await this.read(number)).entry;
      if (body.kind === "sample") return body;
    }
    return undefined;
  }

  /** All entries from the first on. @throws {UserError} with the first that is missing or was changed */
  async *entries(): AsyncGenerator<Sealed> {
    await this.open();
    const count = this.head?.entry.number ?? 0;
    for (let from = 1; from <= count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - from + 1) }, (_, i) => this.listed(from + i));
      for (const one of some) one.catch(() => undefined); // its error comes after the entries before it
      for (const one of some) yield await one;
    }
  }

  /** An entry that comes before the last one, so it was there once. */
  private async listed(number: number): Promise<Sealed> {
    const entry = await this.tried(number);
    if (entry) return entry;
    throw entryChanged(this.tag, number, "is missing from the store");
  }

  private async read(number: number): Promise<Sealed> {
    const key = entryKey(this.prefix, number);
    const sealed = readEntry(key, await textOf(this.store.get(key)));
    if (sealed.entry.number === number && sealed.entry.tag === this.tag) return sealed;
    throw new UserError(
      "SimmerEntryInvalid",
      `${key} holds entry ${sealed.entry.number} of ${sealed.entry.tag}.`,
      "Nobody may change the log. Deploy the release as another build, which gets a log of its own.",
    );
  }

  private async termsAt(number: number): Promise<Terms | undefined> {
    const { body } = (await this.read(number)).entry;
    return body.kind === "terms" ? body.terms : undefined;
  }
}

/** Objects at the end of a log that are tried one by one. */
const NEAR = 4;

/** Entries that are read at the same time. */
const AT_ONCE = 16;
