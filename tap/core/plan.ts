import type { Fate } from "../chain/chain";
import type { Gift, Ledger, Transaction } from "./ledger";
import type { Terms } from "./rules";

/** What the chain says about the tap's account. */
export interface Account {
  readonly balance: bigint;
  readonly nextNonce: bigint;
  readonly spawned: boolean;
}

/** The most transactions on their way: a node counts 100 of an account (go-spacemesh txs/cache.go). */
const MOST_OPEN = 100;

/** What to sign next, with a nonce that was never used. */
export type Signing = { readonly kind: "spawn" | "spend"; readonly nonce: bigint; readonly gift?: Gift };

/**
 * What to sign next; undefined when nothing is, or nothing can be. The account spawns itself first. A gift waits while
 * the balance does not cover it together with all that is on its way.
 */
export function nextSigning(ledger: Ledger, account: Account, terms: Terms): Signing | undefined {
  let nonce = ledger.nextNonce;
  if (account.nextNonce > nonce) nonce = account.nextNonce;
  const { open } = ledger;
  if (!account.spawned) {
    const isOnItsWay = open.some(({ gift }) => gift === undefined);
    return isOnItsWay || account.balance < terms.fee ? undefined : { kind: "spawn", nonce };
  }
  const [gift] = ledger.unsigned;
  if (!gift || open.length >= MOST_OPEN) return undefined;
  const onTheirWay = open.reduce((sum, one) => sum + terms.fee + amountOf(ledger, one), 0n);
  return onTheirWay + gift.amount + terms.fee > account.balance ? undefined : { kind: "spend", nonce, gift };
}

const amountOf = (ledger: Ledger, { gift }: Transaction): bigint => ledger.gift(gift ?? "")?.amount ?? 0n;

/**
 * The transaction that proves that another one can never be applied: a later nonce of ours is in the chain, which knows
 * nothing of this one. Nonces only rise (go-spacemesh genvm: a nonce below the account's next one is refused).
 */
export function proofAgainst(ledger: Ledger, one: Transaction, fate: Fate): string | undefined {
  const settled = ledger.lastSettled;
  return fate === "unknown" && settled && settled.nonce > one.nonce ? settled.id : undefined;
}

/** Whether to go on with later transactions after a node refused one: only if another one seems to have its nonce. */
export const mayGoOn = (refused: Transaction, account: Account): boolean => account.nextNonce > refused.nonce;
