import type { Transaction } from "./transaction";

/** An account after a layer. */
export interface Account {
  /** In smidge. */
  readonly balance: bigint;
  /** Nonce of its next transaction. */
  readonly nonce: bigint;
  /** The key that signs for it; undefined until it is spawned. */
  readonly publicKey: Buffer | undefined;
  /** The last layer that changed it. */
  readonly layer: number;
}

/** What a block made of a transaction. */
export interface Outcome {
  readonly layer: number;
  /** Why it failed, in the node's words; empty after success. */
  readonly message: string;
  /** In smidge. */
  readonly fee: bigint;
  /** Addresses of the accounts that it changed, the payer's first. */
  readonly touched: readonly string[];
}

/** A transaction that the network's nodes have. */
export interface Entry {
  readonly transaction: Transaction;
  /** Layer of the clock when a node took it. The next layer's block may hold it. */
  readonly received: number;
}

/** The accounts after a layer, and all that became of the transactions until then. */
export interface State {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Ids of the transactions that nodes have forgotten: another one took their nonce. */
  readonly forgotten: ReadonlySet<string>;
}

/** Most transactions of an account that a node considers at once (go-spacemesh txs/cache.go, maxTXsPerAcct). */
export const MOST_PENDING = 100;

const NOBODY: Account = { balance: 0n, nonce: 0n, publicKey: undefined, layer: 0 };

export const accountIn = ({ accounts }: Pick<State, "accounts">, address: string): Account =>
  accounts.get(address) ?? NOBODY;

/** In smidge. Go's numbers have 64 bits here and begin again at 0, so a huge amount looks affordable. */
export const feeOf = ({ maxGas, gasPrice }: Transaction): bigint => BigInt.asUintN(64, maxGas * gasPrice);
export const costOf = (transaction: Transaction): bigint =>
  BigInt.asUintN(64, feeOf(transaction) + amountOf(transaction));

const amountOf = ({ content }: Transaction): bigint => (content.kind === "spend" ? content.amount : 0n);

/** A transaction that the next block would take, and what the account would have left. */
export interface Candidate {
  readonly transaction: Transaction;
  readonly left: bigint;
}

/**
 * Of an account's pending transactions those that the next block takes, by nonce. Of one nonce that is the one with the
 * highest fee, and of equal fees the first. One that the balance does not cover waits (txs/cache.go, addBatch).
 * @param pending in the order in which they came
 */
export function candidates({ balance, nonce }: Account, pending: readonly Transaction[]): Candidate[] {
  const sorted = pending.toSorted((a, b) => compare(a.nonce, b.nonce) || compare(feeOf(b), feeOf(a)));
  const taken: Candidate[] = [];
  for (const transaction of sorted) {
    if (taken.length === MOST_PENDING) break;
    const last = taken.at(-1);
    const left = (last?.left ?? balance) - costOf(transaction);
    if (transaction.nonce < nonce || transaction.nonce === last?.transaction.nonce || left < 0n) continue;
    taken.push({ transaction, left });
  }
  return taken;
}

/**
 * The state after a layer.
 * @param genesis balances by address, in smidge
 * @param entries in the order in which they came
 * @param firstLayer first layer with a block
 * @param applied the layer
 */
export function stateAt(
  genesis: ReadonlyMap<string, Account>,
  entries: readonly Entry[],
  firstLayer: number,
  applied: number,
): State {
  const accounts = new Map(genesis);
  const outcomes = new Map<string, Outcome>();
  const forgotten = new Set<string>();
  let waiting: Transaction[] = [];
  let next = 0;
  for (let layer = firstLayer; layer <= applied; layer++) {
    for (let entry = entries[next]; entry && entry.received < layer; entry = entries[++next])
      waiting.push(entry.transaction);
    for (const { transaction } of grouped(waiting).flatMap(([of, theirs]) =>
      candidates(accountIn({ accounts }, of), theirs),
    ))
      outcomes.set(transaction.id, execute(accounts, transaction, layer));
    const isOpen = ({ nonce, principal }: Transaction) => nonce >= accountIn({ accounts }, principal).nonce;
    const left = waiting.filter(({ id }) => !outcomes.has(id));
    waiting = left.filter(isOpen);
    for (const one of left) if (!isOpen(one)) forgotten.add(one.id);
  }
  return { accounts, outcomes, forgotten };
}

/** Executes a transaction as genvm/vm.go, execute, does. The gas goes to nobody: the simulated chain rewards nobody. */
function execute(accounts: Map<string, Account>, transaction: Transaction, layer: number): Outcome {
  const { principal, nonce, content } = transaction;
  const before = accountIn({ accounts }, principal);
  const isCovered = feeOf(transaction) <= before.balance;
  const fee = isCovered ? feeOf(transaction) : before.balance;
  const payer = { ...before, balance: before.balance - fee, nonce: nonce + 1n, layer };
  accounts.set(principal, payer);
  const ends = (message: string, ...others: string[]): Outcome => ({
    layer,
    message,
    fee,
    touched: [principal, ...others.filter((other) => other !== principal)],
  });
  if (!isCovered) return ends("out of gas");
  if (content.kind === "spawn") {
    const spawned = accountIn({ accounts }, content.account);
    if (spawned.publicKey) return ends("account already spawned");
    accounts.set(content.account, { ...spawned, publicKey: content.publicKey, layer });
    return ends("", content.account);
  }
  const { destination, amount } = content;
  if (amount > payer.balance) return ends("no balance");
  accounts.set(principal, { ...payer, balance: payer.balance - amount });
  const receiver = accountIn({ accounts }, destination);
  accounts.set(destination, { ...receiver, balance: receiver.balance + amount, layer });
  return ends("", destination);
}

/** Transactions by the account that signs them. */
function grouped(transactions: readonly Transaction[]): [string, Transaction[]][] {
  const groups = new Map<string, Transaction[]>();
  for (const transaction of transactions)
    groups.set(transaction.principal, [...(groups.get(transaction.principal) ?? []), transaction]);
  return [...groups];
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
