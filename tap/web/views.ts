import type { Gift } from "../core/ledger";
import type { Refusal } from "../core/rules";
import type { Tap } from "../tap";

/** A gift as the API tells it. */
export interface GiftView {
  readonly id: string;
  /** `paid` means that the chain applied the transaction. */
  readonly state: Gift["state"];
  readonly address: string;
  /** In smidge. */
  readonly amount: string;
  /** Null until one is signed. */
  readonly transaction: string | null;
  /** Page of the transaction in the explorer. */
  readonly explorer: string | null;
  /** Layer that applied it, if the chain told. */
  readonly layer: number | null;
}

/** @param explorer address of a transaction's page, with `{transaction}` in place of its id */
export const giftView = (gift: Gift, explorer: string | undefined): GiftView => ({
  id: gift.id,
  state: gift.state,
  address: gift.recipient,
  amount: `${gift.amount}`,
  transaction: gift.transaction ?? null,
  explorer: (gift.transaction && explorer?.replace("{transaction}", () => gift.transaction ?? "")) || null,
  layer: gift.layer ?? null,
});

/** A refusal as the API tells it. */
export const refusalView = ({ code, reason, tryAgain, gift }: Refusal) => ({
  error: code,
  reason,
  ...(tryAgain !== undefined && { tryAgain: new Date(tryAgain).toISOString() }),
  ...(gift !== undefined && { gift }),
});

/** The tap as the API tells it. */
export function statusView(tap: Tap) {
  const { network, account, terms, gate } = tap.options;
  const { left, balance, refusal } = tap.status();
  return {
    network,
    account,
    amount: `${terms.amount}`,
    budget: { day: `${terms.budget}`, left: `${left}` },
    balance: balance === undefined ? null : `${balance}`,
    gate: gate ? { kind: "pow", bits: gate.bits } : { kind: "none" },
    gives: refusal === undefined,
    ...(refusal && { why: refusalView(refusal) }),
  };
}
