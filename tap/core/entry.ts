import { z } from "zod";

/** Milliseconds since 1970. */
const at = z.int().min(0);
const id = z.string().regex(/^[0-9a-f]{8,128}$/);
/** Numbers that JSON would round. */
const digits = z.string().regex(/^(0|[1-9]\d{0,19})$/);
const text = z.string().min(1).max(200);

/** One line of the journal: what the tap promised or did, in the order in which it happened. */
export const Entry = z.discriminatedUnion("kind", [
  /** A process began to write. The first one says whose journal it is. */
  z.strictObject({ kind: z.literal("opened"), at, network: text, account: text }),
  /** A gift was promised. From here on it counts. `amount` is in smidge, `client` as `clientOf` names it. */
  z.strictObject({ kind: z.literal("accepted"), at, gift: id, recipient: text, client: text, amount: digits }),
  /** A transaction exists. It pays a gift, or without one it spawns the account. `raw` are its bytes in base64. */
  z.strictObject({
    kind: z.literal("signed"),
    at,
    transaction: id,
    nonce: digits,
    raw: z.base64().max(8192),
    gift: id.optional(),
  }),
  /** A node took the transaction for the first time. */
  z.strictObject({ kind: z.literal("submitted"), at, transaction: id }),
  /** The chain applied it. */
  z.strictObject({ kind: z.literal("applied"), at, transaction: id, layer: z.int().min(0).optional() }),
  /** It is in the chain, and failed: it moved no coins and used its nonce up. */
  z.strictObject({ kind: z.literal("failed"), at, transaction: id }),
  /** It can never be applied: `by`, which has a later nonce, is in the chain. */
  z.strictObject({ kind: z.literal("replaced"), at, transaction: id, by: id }),
]);

export type Entry = z.infer<typeof Entry>;
