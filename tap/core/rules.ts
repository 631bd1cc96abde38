import { addressProblem } from "../../infra/base/model/account-address";
import { dayOf, nextDay } from "./day";
import type { Gift, Ledger } from "./ledger";

/** What a tap gives. Amounts are in smidge. */
export interface Terms {
  /** Prefix of addresses, such as `stest`. */
  readonly hrp: string;
  readonly amount: bigint;
  /** The most that it promises on a UTC day. */
  readonly budget: bigint;
  /** Kept back for the fees of each gift. */
  readonly fee: bigint;
}

/** What the tap last saw of its account: the balance in smidge, or why it cannot pay now, as a sentence. */
export type Funds = { readonly balance: bigint } | { readonly notReady: string };

/** Why somebody gets nothing. */
export interface Refusal {
  /** Programs may depend on it. */
  readonly code: string;
  /** Status of the HTTP answer. */
  readonly status: 400 | 403 | 429 | 503;
  /** One sentence for people, or two. */
  readonly reason: string;
  /** When to try again, in milliseconds since 1970; undefined when trying again does not help. */
  readonly tryAgain?: number;
  /** The gift that the recipient already has. */
  readonly gift?: string;
}

/** Who asks. */
export interface Asked {
  readonly recipient: string;
  /** The asking network, as `clientOf` names it. */
  readonly client: string;
}

/** Time after which it is worth asking again when the tap cannot pay now, in milliseconds. */
const SOON = 60_000;

/**
 * Why somebody gets no gift now; undefined when nothing but the gate stands between.
 * @param now milliseconds since 1970
 */
export function refusalOf(
  ledger: Ledger,
  { recipient, client }: Asked,
  terms: Terms,
  funds: Funds,
  now: number,
): Refusal | undefined {
  const problem = addressProblem(recipient, terms.hrp);
  if (problem !== undefined)
    return { code: "AddressInvalid", status: 400, reason: `This is not an address of this network: it ${problem}.` };
  const tomorrow = { status: 429, tryAgain: nextDay(now) } as const;
  const own = ledger.giftOf("recipient", recipient, now);
  if (own) return { ...tomorrow, code: "AddressServed", reason: servedText("This address", own), gift: own.id };
  const neighbour = ledger.giftOf("client", client, now);
  if (neighbour) return { ...tomorrow, code: "ClientServed", reason: servedText("Your internet address", neighbour) };
  return closedFor(ledger, terms, funds, now);
}

/** Why nobody gets a gift now; undefined when the tap gives. */
export function closedFor(ledger: Ledger, terms: Terms, funds: Funds, now: number): Refusal | undefined {
  if (ledger.usedOn(now) + terms.amount > terms.budget)
    return {
      code: "BudgetUsed",
      status: 429,
      tryAgain: nextDay(now),
      reason: `All gifts of ${dayOf(now)} (UTC) are given.`,
    };
  const soon = { status: 503, tryAgain: now + SOON } as const;
  if ("notReady" in funds) return { ...soon, code: "NetworkNotReady", reason: funds.notReady };
  return available(ledger, terms, funds.balance) < terms.amount + terms.fee
    ? { ...soon, code: "TapEmpty", reason: "The tap is empty. Its operators must fill it up." }
    : undefined;
}

const servedText = (who: string, gift: Gift): string =>
  `${who} already got a gift on ${dayOf(gift.acceptedAt)}. There is one a day (UTC).`;

/** What is left of a balance when all promises are kept, in smidge. */
export const available = (ledger: Ledger, { fee }: Terms, balance: bigint): bigint =>
  balance - ledger.promised - fee * BigInt(ledger.count.waiting);

/** What may still be promised on the UTC day of a time, in smidge. */
export function budgetLeft(ledger: Ledger, { budget }: Terms, now: number): bigint {
  const left = budget - ledger.usedOn(now);
  return left > 0n ? left : 0n;
}
