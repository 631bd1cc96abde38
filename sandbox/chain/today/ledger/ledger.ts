import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { z } from "zod";
import {
  type Account,
  accountIn,
  type Candidate,
  candidates,
  costOf,
  type Entry,
  feeOf,
  MOST_PENDING,
  type Outcome,
  type State,
  stateAt,
} from "./state";
import { BadTransaction, idOf, isSigned, type Parsed, parseTransaction, type Transaction } from "./transaction";

/** Where a node stands, and of which network. */
export interface Standpoint {
  /** 20 bytes. */
  readonly genesisId: Buffer;
  readonly hrp: string;
  /** Balances at genesis in smidge, by address. */
  readonly accounts: Readonly<Record<string, string>>;
  /** First layer with a block. */
  readonly firstLayer: number;
  readonly appliedLayer: number;
  /** The current layer by the clock. */
  readonly topLayer: number;
}

/** A node does not take a transaction. The message is the node's. */
export class Refused extends Error {}

/** A transaction that a node knows, with what became of it; it is pending without an outcome. */
export interface Known {
  readonly transaction: Transaction;
  readonly outcome: Outcome | undefined;
}

/** A line of the file. */
const Line = z.object({ genesis: z.string(), hrp: z.string(), received: z.number().int(), raw: z.base64() });

/** States that are kept: nodes of one network stand at one layer or two. */
const KEPT = 8;

/**
 * The transactions of a network's nodes, which all have the same ones: the pending ones are shared among them at once. A
 * transaction is written to a file before a node says that it took it. All else follows from the file, the genesis and
 * the layer, so a restarted process shows the same balances.
 */
export class Ledger {
  private readonly entries = new Map<string, Entry[]>();
  private readonly states = new Map<string, State>();

  constructor(private readonly file: string) {}

  /** Reads the transactions of an earlier process. A line that a kill cut short was told to nobody, and goes. */
  read(): void {
    const text = readIfThere(this.file);
    const end = text.lastIndexOf("\n") + 1;
    if (end < text.length) truncateSync(this.file, Buffer.byteLength(text.slice(0, end)));
    for (const line of text.slice(0, end).split("\n").filter(Boolean)) {
      const { genesis, hrp, received, raw } = Line.parse(JSON.parse(line));
      const { transaction } = parseTransaction(Buffer.from(raw, "base64"), hrp, () => SPAWNED);
      this.of(genesis).push({ transaction, received });
    }
  }

  /** What a node that stands there knows. */
  books(from: Standpoint): Books {
    const genesis = from.genesisId.toString("hex");
    const key = `${genesis} ${from.firstLayer} ${from.appliedLayer}`;
    const state = this.states.get(key) ?? this.fold(from, key);
    return new Books(state, this.of(genesis));
  }

  /**
   * Takes a transaction as go-spacemesh txs/handler.go, verifyAndCache, does. Answers its id, 32 bytes in hexadecimal.
   * @throws {Refused}
   */
  submit(from: Standpoint, raw: Buffer): string {
    const id = idOf(raw);
    const books = this.books(from);
    if (books.transaction(id)) throw new Refused("tx already exists");
    const { transaction } = checked(raw, from, books, id);
    const refusal = books.refusal(transaction);
    if (refusal !== undefined) throw new Refused(refusal);
    const { topLayer: received, hrp } = from;
    const genesis = from.genesisId.toString("hex");
    appendFileSync(this.file, `${JSON.stringify({ genesis, hrp, received, raw: raw.toString("base64") })}\n`);
    this.of(genesis).push({ transaction, received });
    return id;
  }

  private of(genesis: string): Entry[] {
    const known = this.entries.get(genesis) ?? [];
    this.entries.set(genesis, known);
    return known;
  }

  /** A state holds for good: a transaction that comes later goes into a later layer. */
  private fold({ genesisId, accounts, firstLayer, appliedLayer }: Standpoint, key: string): State {
    const genesis = Object.entries(accounts).map(([address, balance]): [string, Account] => [
      address,
      { balance: BigInt(balance), nonce: 0n, publicKey: undefined, layer: 0 },
    ]);
    const state = stateAt(new Map(genesis), this.of(genesisId.toString("hex")), firstLayer, appliedLayer);
    this.states.set(key, state);
    for (const old of [...this.states.keys()].slice(0, -KEPT)) this.states.delete(old);
    return state;
  }
}

/** A signer of whom a stored transaction needs nothing but that it could sign. */
const SPAWNED = { publicKey: Buffer.alloc(32) };

function checked(raw: Buffer, { hrp, genesisId }: Standpoint, books: Books, id: string): Parsed {
  const parsed = parsedOr(raw, hrp, books, (message) => new Refused(`failed to parse tx: ${id} (err: ${message})`));
  if (feeOf(parsed.transaction) === 0n) throw new Refused(`failed to parse tx: zero gas price ${id}`);
  if (!isSigned(parsed, genesisId)) throw new Refused(`failed to verify tx: ${id}`);
  return parsed;
}

function parsedOr(raw: Buffer, hrp: string, books: Books, refused: (message: string) => Refused): Parsed {
  try {
    return parseTransaction(raw, hrp, (principal) => books.account(principal));
  } catch (error) {
    throw error instanceof BadTransaction ? refused(error.message) : error;
  }
}

/** Accounts and transactions as one node knows them. */
export class Books {
  constructor(
    private readonly state: State,
    private readonly entries: readonly Entry[],
  ) {}

  account(address: string): Account {
    return accountIn(this.state, address);
  }

  /** All accounts of the genesis and of transactions, the last changed first. */
  accounts(): [address: string, account: Account][] {
    return [...this.state.accounts].sort(([, a], [, b]) => b.layer - a.layer);
  }

  /** Nonce of an account's next transaction and its balance in smidge, when all pending ones are applied. */
  projection(address: string): { readonly nonce: bigint; readonly balance: bigint } {
    const { nonce, balance } = this.account(address);
    const last = this.pending(address).at(-1);
    return last ? { nonce: last.transaction.nonce + 1n, balance: last.left } : { nonce, balance };
  }

  /** A transaction by its id; undefined for one that is unknown or forgotten. */
  transaction(id: string): Known | undefined {
    const entry = this.state.forgotten.has(id)
      ? undefined
      : this.entries.find(({ transaction }) => transaction.id === id);
    return entry && { transaction: entry.transaction, outcome: this.state.outcomes.get(id) };
  }

  /** All transactions that are not forgotten, in the order in which they came. */
  transactions(): Known[] {
    return this.entries
      .filter(({ transaction: { id } }) => !this.state.forgotten.has(id))
      .map(({ transaction }) => ({ transaction, outcome: this.state.outcomes.get(transaction.id) }));
  }

  /** Why a node would not keep a well-formed transaction (txs/cache.go, add and precheck). */
  refusal(transaction: Transaction): string | undefined {
    const account = this.account(transaction.principal);
    if (transaction.nonce < account.nonce) return "bad nonce";
    const pending = this.pending(transaction.principal);
    // Further ones wait in the node's database, unjudged.
    if (pending.length >= MOST_PENDING) return undefined;
    const before = pending.findLast((one) => one.transaction.nonce <= transaction.nonce);
    const isSame = before?.transaction.nonce === transaction.nonce;
    const available = before ? before.left + (isSame ? costOf(before.transaction) : 0n) : account.balance;
    return available < costOf(transaction) ? "insufficient balance" : undefined;
  }

  private pending(address: string): Candidate[] {
    const { outcomes, forgotten } = this.state;
    const theirs = this.entries.flatMap(({ transaction }) => (transaction.principal === address ? transaction : []));
    return candidates(
      this.account(address),
      theirs.filter(({ id }) => !outcomes.has(id) && !forgotten.has(id)),
    );
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
