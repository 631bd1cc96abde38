import { status } from "@grpc/grpc-js";
import { addressText } from "../../../infra/base/model/account-address";
import { effectiveGenesis } from "../clock";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";
import type { Known } from "./ledger/ledger";
import type { Content } from "./ledger/transaction";
import { TEMPLATE } from "./ledger/transaction";
import { limitOf, numberOf } from "./paging";
import type { Call, ServedNode } from "./served-node";
import { addressRefusal, parse, resultOf, shownOf, stateOf, submit } from "./transactions";

/** The order that a request may name; the explorer writes its number. */
const DESCENDING = ["DESC", "1"];

/** What v2 says of an empty transaction. */
const EMPTY = "transaction is empty";

/** What v2alpha1 or v2beta1 tells of accounts and transactions (go-spacemesh api/grpcserver/v2beta1). */
export const paymentsV2 = (name: string): Record<string, Call> => ({
  [`${name}.AccountService/List`]: (node, request) => ({ accounts: accounts(node, request) }),
  [`${name}.TransactionService/List`]: (node, request) => ({ transactions: transactions(node, request) }),
  [`${name}.TransactionService/ParseTransaction`]: (node, { transaction, verify }) => {
    const { id, ...shown } = transactionV2(node, parse(node, transaction, verify, EMPTY));
    return { tx: shown };
  },
  [`${name}.TransactionService/EstimateGas`]: (node, { transaction }) => {
    const { transaction: parsed } = parse(node, transaction, false, EMPTY);
    return { recommended_max_gas: String(parsed.maxGas) };
  },
  [`${name}.TransactionService/SubmitTransaction`]: (node, { transaction }) => ({
    status: { code: status.OK },
    tx_id: submit(node, transaction, EMPTY),
  }),
});

/** The accounts of the genesis and of transactions, the last changed first. */
function accounts(node: ServedNode, request: Message): Message[] {
  const limit = limitOf(request);
  const { config } = node.view();
  const books = node.books();
  const wanted = Array.isArray(request.addresses) ? request.addresses : [];
  for (const address of wanted) checkAddress(address, config.hrp);
  const offset = numberOf(request.offset);
  return books
    .accounts()
    .filter(([address]) => wanted.length === 0 || wanted.includes(address))
    .slice(offset, offset + limit)
    .map(([address, account]) => {
      const projected = books.projection(address);
      return {
        address,
        current: {
          counter: String(account.nonce),
          balance: String(account.balance),
          layer: account.layer || effectiveGenesis(config),
        },
        projected: { counter: String(projected.nonce), balance: String(projected.balance) },
        template: account.publicKey ? addressText(TEMPLATE, config.hrp) : "",
      };
    });
}

/** The transactions, by layer and id. Pending ones have no layer, which comes before all layers. */
function transactions(node: ServedNode, request: Message): Message[] {
  const limit = limitOf(request);
  const { address, txid, start_layer, end_layer } = request;
  if (typeof address === "string" && address !== "") checkAddress(address, node.view().config.hrp);
  const ids = Array.isArray(txid)
    ? txid.map((id) => (id instanceof Uint8Array ? Buffer.from(id).toString("hex") : ""))
    : [];
  const found = node
    .books()
    .transactions()
    .filter(({ transaction, outcome }) => {
      if (address && !outcome?.touched.includes(String(address))) return false;
      if (ids.length > 0 && !ids.includes(transaction.id)) return false;
      const layer = outcome?.layer;
      if (start_layer !== undefined && (layer === undefined || layer < numberOf(start_layer))) return false;
      return end_layer === undefined || (layer !== undefined && layer <= numberOf(end_layer));
    });
  const sign = DESCENDING.includes(String(request.sort_order)) ? -1 : 1;
  const layerOf = ({ outcome }: Known) => outcome?.layer ?? -1;
  found.sort((a, b) => sign * (layerOf(a) - layerOf(b)) || (a.transaction.id < b.transaction.id ? -1 : 1));
  const offset = numberOf(request.offset);
  return found.slice(offset, offset + limit).map((known) => {
    const result = isTrue(request.include_result) ? resultOf(node, known) : undefined;
    const isSuccess = known.outcome?.message === "";
    return {
      tx: transactionV2(node, known),
      ...(result && {
        tx_result: { status: `TRANSACTION_STATUS_${isSuccess ? "SUCCESS" : "FAILURE"}`, ...result },
      }),
      ...(isTrue(request.include_state) && { tx_state: stateOf(known) }),
    };
  });
}

function transactionV2(node: ServedNode, known: Pick<Known, "transaction">) {
  const { content } = known.transaction;
  const kind = content.kind === "spend" ? "SEND" : "SPAWN";
  return {
    ...shownOf(known, node.view().config.hrp),
    type: `TRANSACTION_TYPE_SINGLE_SIG_${kind}`,
    contents: contentsOf(content),
  };
}

const contentsOf = (content: Content): Message =>
  content.kind === "spend"
    ? { send: { destination: content.destination, amount: String(content.amount) } }
    : { single_sig_spawn: { pubkey: content.publicKey.toString("hex") } };

/** @throws {ApiError} in the node's words */
function checkAddress(address: unknown, hrp: string): void {
  const refusal = addressRefusal(String(address), hrp);
  if (refusal !== undefined) throw new ApiError(status.INVALID_ARGUMENT, refusal);
}

/** A flag of a request, which a GET's query holds as text. */
const isTrue = (value: unknown): boolean => value === true || value === "true";
