import { status } from "@grpc/grpc-js";
import { addressProblem, addressText } from "../../../infra/base/model/account-address";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";
import type { Known } from "./ledger/ledger";
import { Refused } from "./ledger/ledger";
import { BadTransaction, isSigned, type Parsed, parseTransaction, SPAWN, SPEND, TEMPLATE } from "./ledger/transaction";
import { blockId } from "./node-state";
import type { ServedNode } from "./served-node";

/** A transaction in the words that v1 and v2 share. */
export interface Shown {
  readonly id: Buffer;
  readonly raw: Buffer;
  readonly principal: string;
  readonly template: string;
  readonly method: number;
  readonly nonce: { readonly counter: string };
  readonly max_gas: string;
  readonly gas_price: string;
  readonly max_spend: string;
}

export function shownOf({ transaction: one }: Pick<Known, "transaction">, hrp: string): Shown {
  const { content } = one;
  return {
    id: Buffer.from(one.id, "hex"),
    raw: one.raw,
    principal: one.principal,
    template: addressText(TEMPLATE, hrp),
    method: content.kind === "spawn" ? SPAWN : SPEND,
    nonce: { counter: String(one.nonce) },
    max_gas: String(one.maxGas),
    gas_price: String(one.gasPrice),
    max_spend: content.kind === "spend" ? String(content.amount) : "0",
  };
}

/** A result without its status, which v1 and v2 name apart; undefined while the transaction is pending. */
export function resultOf(node: ServedNode, { transaction, outcome }: Known): Message | undefined {
  return (
    outcome && {
      message: outcome.message,
      gas_consumed: String(transaction.maxGas),
      fee: String(outcome.fee),
      block: blockId(node.view().state, outcome.layer),
      layer: outcome.layer,
      touched_addresses: [...outcome.touched],
    }
  );
}

/** A transaction's state. A node names neither of the states between the two. */
export const stateOf = (known: Known | undefined): string => {
  if (!known) return "TRANSACTION_STATE_UNSPECIFIED";
  return known.outcome ? "TRANSACTION_STATE_PROCESSED" : "TRANSACTION_STATE_MEMPOOL";
};

/**
 * Takes a transaction. Answers its id.
 * @param empty what the generation says of an empty one
 * @throws {ApiError} in the node's words (go-spacemesh api/grpcserver/v2beta1/transaction.go, SubmitTransaction)
 */
export function submit(node: ServedNode, transaction: unknown, empty: string): Buffer {
  const raw = rawOf(transaction, empty);
  if (!node.view().state.isSynced)
    throw new ApiError(
      status.FAILED_PRECONDITION,
      "Cannot submit transaction, node is not in sync yet, try again later",
    );
  try {
    return Buffer.from(node.submit(raw), "hex");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new ApiError(status.INVALID_ARGUMENT, `Failed to verify transaction: ${error.message}`);
  }
}

/**
 * Parses a transaction without taking it.
 * @param verify whether its signature must be right
 * @param empty what the generation says of an empty one
 * @throws {ApiError} in the node's words
 */
export function parse(node: ServedNode, transaction: unknown, verify: unknown, empty: string): Parsed {
  const raw = rawOf(transaction, empty);
  const { config, state } = node.view();
  const books = node.books();
  try {
    const parsed = parseTransaction(raw, config.hrp, (principal) => books.account(principal));
    if (verify === true && !isSigned(parsed, state.genesisId))
      throw new ApiError(status.INVALID_ARGUMENT, "signature is invalid");
    return parsed;
  } catch (error) {
    if (!(error instanceof BadTransaction)) throw error;
    if (error.kind === "notSpawned") throw new ApiError(status.NOT_FOUND, "account is not spawned");
    throw new ApiError(error.kind === "malformed" ? status.INVALID_ARGUMENT : status.INTERNAL, error.message);
  }
}

function rawOf(transaction: unknown, empty: string): Buffer {
  if (!(transaction instanceof Uint8Array) || transaction.length === 0)
    throw new ApiError(status.INVALID_ARGUMENT, empty);
  return Buffer.from(transaction);
}

/**
 * What the node says of an address that it cannot read; undefined for a good one (common/types/address.go,
 * StringToAddress). It names the prefix before it looks at the rest.
 */
export function addressRefusal(address: string, hrp: string): string | undefined {
  const problem = addressProblem(address, hrp);
  if (problem === undefined) return undefined;
  const own = address.slice(0, Math.max(0, address.lastIndexOf("1")));
  if (addressProblem(address, own) !== undefined) return `error decoding bech32: the address ${problem}`;
  return `wrong network id: expected \`${hrp}\`, got \`${own}\`: unsupported network`;
}
