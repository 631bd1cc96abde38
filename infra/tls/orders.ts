import { z } from "zod";
import { UserError } from "../base/lib/errors";
import { jsonOf } from "../base/lib/json";
import { listOf, nonEmptyText, object, timeText, urlText } from "../base/model/formats";
import { putNew } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import { SecretText } from "../base/store/secret-text";
import { numbersBelow, type TlsStore } from "./record";

// An authority counts what it issues and what it refuses. So each order is kept before the authority checks anything:
// what it issues then is never lost, and what fails is not repeated too often.

/** An order as the store has it, of one generation of the certificate (docs/decisions/0012-one-tls-certificate.md). */
const Stored = object({
  schema: z.literal(1),
  directory: urlText,
  names: listOf(nonEmptyText),
  /** URL of the order at the authority. */
  url: urlText,
  placedAt: timeText,
  /** Of the certificate, PEM. */
  privateKey: SecretText,
});

/** An order of a certificate, from the moment on that the authority may check its proofs. */
export interface PlacedOrder extends Readonly<Omit<z.infer<typeof Stored>, "privateKey" | "schema">> {
  /** PEM; a secret. Undefined when the key of the records does not open it. */
  readonly privateKey: string | undefined;
}

const ordersOf = (generation: number): string => `tls/orders/${generation}/`;

/** The orders of a generation, the newest first. */
export async function placedOrders({ store, secretTexts }: TlsStore, generation: number): Promise<PlacedOrder[]> {
  const prefix = ordersOf(generation);
  const found: PlacedOrder[] = [];
  for (const number of await numbersBelow(store, prefix)) {
    const key = `${prefix}${number}.json`;
    const stored = jsonOf(await textOf(store.get(key)), Stored);
    if (stored === undefined) continue;
    const { schema: _, privateKey, ...facts } = stored;
    found.push({ ...facts, privateKey: secretTexts.revealed(key, privateKey) });
  }
  return found;
}

/** Keeps an order of a generation. Several runs may do so at the same time. */
export async function keepOrder(
  { store, secretTexts }: TlsStore,
  generation: number,
  { privateKey, ...facts }: PlacedOrder & { readonly privateKey: string },
): Promise<void> {
  const prefix = ordersOf(generation);
  const [last = 0] = await numbersBelow(store, prefix);
  for (let number = last + 1; ; number++) {
    const key = `${prefix}${number}.json`;
    const stored: z.infer<typeof Stored> = { schema: 1, ...facts, privateKey: secretTexts.hidden(key, privateKey) };
    if (await putNew(store, key, `${JSON.stringify(stored)}\n`)) return;
  }
}

/** What is ordered. */
export type Ordered = Pick<PlacedOrder, "directory" | "names">;

const HOUR = 3_600_000;
/** How long Let's Encrypt keeps an order, in milliseconds: 7 days (letsencrypt/boulder, `orderLifetime` of its RA). */
const KEPT = 168 * HOUR;
/**
 * Orders of a name that may begin within an hour and fail. Let's Encrypt refuses a sixth failed proof of a name within an
 * hour (letsencrypt.org/docs/rate-limits, "Authorization Failures per Identifier per Account", June 2025).
 */
export const ORDERS_AN_HOUR = 4;

/**
 * The orders for which the authority may have issued what is wanted, although no run could keep it.
 * @param now milliseconds since 1970
 */
export const unfinished = (orders: readonly PlacedOrder[], { directory, names }: Ordered, now: number): PlacedOrder[] =>
  orders.filter(
    (order) =>
      order.directory === directory &&
      order.names.join() === names.join() &&
      now - Date.parse(order.placedAt) < KEPT &&
      order.privateKey !== undefined,
  );

/**
 * @param orders of the generation that is wanted, so none of them led to a certificate that was kept
 * @throws {UserError} when as many failed within the hour as an authority takes
 */
export function requirePatience(orders: readonly PlacedOrder[], { directory, names }: Ordered, now: number): void {
  const recent = orders
    .filter((order) => order.directory === directory && order.names.some((name) => names.includes(name)))
    .map(({ placedAt }) => Date.parse(placedAt))
    .filter((placed) => now - placed < HOUR)
    .sort((a, b) => b - a);
  const oldest = recent[ORDERS_AN_HOUR - 1];
  if (oldest === undefined) return;
  throw new UserError(
    "TlsOrdersFailed",
    `${recent.length} orders of the TLS certificate failed within an hour, and an authority refuses more than a few.`,
    `Correct the cause, and run the command again after ${new Date(oldest + HOUR).toISOString()}.`,
  );
}
