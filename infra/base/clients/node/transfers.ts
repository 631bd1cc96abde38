import { isObject } from "../../lib/json";
import { field, listed, type Message, part, UnexpectedMessage } from "./messages";

/** An account as a node knows it. */
export interface AccountState {
  /** In smidge, after the last layer that the node applied. */
  readonly balance: bigint;
  /** In smidge: the balance without what pending transactions may cost at most. */
  readonly available: bigint;
  /** The nonce of the account's next transaction. It counts the pending ones, at most 100 (go-spacemesh txs/cache.go). */
  readonly nextNonce: bigint;
  /** Whether it can spend. An account without transactions is none of the node's, and reads as an empty one. */
  readonly spawned: boolean;
}

/**
 * What became of a transaction. `unknown`: the node never saw it, or forgot it because another one took its nonce.
 * `failed`: it is in a block and cost its gas, but moved no coins.
 */
export type Fate = "unknown" | "pending" | "applied" | "failed";

/** What became of a transaction, with the layer of its block when it is in one. */
export interface TransactionFate {
  readonly fate: Fate;
  readonly layer?: number;
  /** Why it failed, in the node's words. */
  readonly reason?: string;
}

const NO_ACCOUNT: AccountState = { balance: 0n, available: 0n, nextNonce: 0n, spawned: false };

/** Reads the one account in an `AccountList` of v2beta1 or v2alpha1. */
export function accountV2(message: Message): AccountState {
  const [account] = listed(message, "accounts");
  if (!isObject(account)) return NO_ACCOUNT;
  const [current, projected] = [part(account, "current"), part(account, "projected")];
  return {
    balance: amount(current, "balance"),
    available: amount(projected, "balance"),
    nextNonce: amount(projected, "counter"),
    spawned: Boolean(field(account, "template")),
  };
}

/**
 * Reads `spacemesh.v1.AccountResponse`. It names no template. The counter tells as well: an account's first transaction
 * is its spawn, since a node takes no other one before.
 */
export function accountV1(message: Message): AccountState {
  const account = part(message, "account_wrapper");
  const [current, projected] = [part(account, "state_current"), part(account, "state_projected")];
  return {
    balance: amount(part(current, "balance"), "value"),
    available: amount(part(projected, "balance"), "value"),
    nextNonce: amount(projected, "counter"),
    spawned: amount(current, "counter") > 0n,
  };
}

/** The states of a transaction that is not in the global state yet (spacemeshos/api, TransactionState). */
const PENDING = ["TRANSACTION_STATE_MEMPOOL", "TRANSACTION_STATE_MESH"];
const DONE = "TRANSACTION_STATE_PROCESSED";

/** Reads the one transaction in a `TransactionList` of v2beta1 or v2alpha1, asked with state and result. */
export function fateV2(message: Message): TransactionFate {
  const [transaction] = listed(message, "transactions");
  if (!isObject(transaction)) return { fate: "unknown" };
  const state = field(transaction, "tx_state");
  if (state !== DONE) return { fate: PENDING.includes(String(state)) ? "pending" : "unknown" };
  const result = part(transaction, "tx_result");
  return outcome(result, field(result, "status") === "TRANSACTION_STATUS_SUCCESS");
}

/** Reads the one state in a v1 `TransactionsStateResponse`; `processed` when the result tells the rest. */
export function stateV1(message: Message): TransactionFate | "processed" {
  const [first] = listed(message, "transactions_state");
  const state = isObject(first) ? field(first, "state") : undefined;
  if (state === DONE) return "processed";
  return { fate: PENDING.includes(String(state)) ? "pending" : "unknown" };
}

/** Reads `spacemesh.v1.TransactionResult`, whose status is 0 after success. */
export const resultV1 = (message: Message): TransactionFate =>
  outcome(message, (field(message, "status") ?? "SUCCESS") === "SUCCESS");

function outcome(result: Message, hasSucceeded: boolean): TransactionFate {
  const layer = Number(amount(result, "layer"));
  if (hasSucceeded) return { fate: "applied", layer };
  const reason = String(field(result, "message") ?? "");
  return { fate: "failed", layer, ...(reason !== "" && { reason }) };
}

/** Reads a number of 64 bits. An absent one is 0, since the message around it is present. */
function amount(message: Message, name: string): bigint {
  const value = field(message, name) ?? 0;
  if (typeof value === "string" && /^\d+$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new UnexpectedMessage(`no whole number in ${name}`, message);
}
