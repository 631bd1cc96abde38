import { status } from "@grpc/grpc-js";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";
import type { Known } from "./ledger/ledger";
import type { Call, ServedNode } from "./served-node";
import { addressRefusal, parse, resultOf, shownOf, stateOf, submit } from "./transactions";

/** What v1 tells of accounts and transactions (go-spacemesh api/grpcserver/v1, globalstate_ and transaction_service.go). */
export const PAYMENTS_V1: Readonly<Record<string, Call>> = {
  "spacemesh.v1.GlobalStateService/Account": (node, { account_id }) => account(node, account_id),
  "spacemesh.v1.TransactionService/SubmitTransaction": (node, { transaction }) => {
    const id = submit(node, transaction, "`Transaction` payload empty");
    return { status: { code: status.OK }, txstate: { id: { id }, state: "TRANSACTION_STATE_MEMPOOL" } };
  },
  "spacemesh.v1.TransactionService/ParseTransaction": (node, { transaction, verify }) => {
    const parsed = parse(node, transaction, verify, "empty transaction");
    return { tx: transactionV1(node, parsed) };
  },
  "spacemesh.v1.TransactionService/TransactionsState": (node, request) => {
    const ids = listOf(request.transaction_id).map((one) => hexOf(fieldOf(one, "id")));
    if (ids.length === 0)
      throw new ApiError(status.INVALID_ARGUMENT, "`TransactionId` must include one or more transaction IDs");
    const books = node.books();
    const known = ids.map((id) => ({ id, one: books.transaction(id) }));
    return {
      transactions_state: known.map(({ id, one }) => ({ id: { id: Buffer.from(id, "hex") }, state: stateOf(one) })),
      transactions: request.include_transactions ? known.map(({ one }) => (one ? transactionV1(node, one) : {})) : [],
    };
  },
};

/** What `TransactionService/StreamResults` sends without `watch`: results of the past, by layer. */
export function pastResults(node: ServedNode, { id, address, start, end }: Message): Message[] {
  const wanted = hexOf(id);
  const [from, to] = [Number(start ?? 0), Number(end ?? 0) || Number.POSITIVE_INFINITY];
  return node
    .books()
    .transactions()
    .filter(({ transaction, outcome }) => {
      if (!outcome || (wanted !== "" && transaction.id !== wanted)) return false;
      return (!address || outcome.touched.includes(String(address))) && outcome.layer >= from && outcome.layer <= to;
    })
    .sort((a, b) => (a.outcome?.layer ?? 0) - (b.outcome?.layer ?? 0))
    .map((known) => ({
      tx: transactionV1(node, known),
      status: known.outcome?.message === "" ? "SUCCESS" : "FAILURE",
      ...resultOf(node, known),
    }));
}

function transactionV1(node: ServedNode, known: Pick<Known, "transaction">): Message {
  const shown = shownOf(known, node.view().config.hrp);
  const { principal, template } = shown;
  return { ...shown, principal: { address: principal }, template: { address: template }, limits: {} };
}

function account(node: ServedNode, id: unknown): Message {
  const address = fieldOf(id, "address");
  if (typeof address !== "string" || address === "")
    throw new ApiError(status.INVALID_ARGUMENT, "`AccountId` must be provided");
  const refusal = addressRefusal(address, node.view().config.hrp);
  if (refusal !== undefined)
    throw new ApiError(status.UNKNOWN, `failed to parse in.AccountId.Address \`${address}\`: ${refusal}`);
  const books = node.books();
  const [current, projected] = [books.account(address), books.projection(address)];
  const state = (one: { readonly nonce: bigint; readonly balance: bigint }) => ({
    counter: String(one.nonce),
    balance: { value: String(one.balance) },
  });
  return {
    account_wrapper: {
      account_id: { address },
      state_current: state(current),
      state_projected: state(projected),
    },
  };
}

const hexOf = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : "");

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A field of a message inside a request. */
export const fieldOf = (message: unknown, name: string): unknown =>
  typeof message === "object" && message !== null
    ? Object.entries(message).find(([key]) => key === name)?.[1]
    : undefined;
