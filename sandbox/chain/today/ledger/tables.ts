import { z } from "zod";
import type { Books } from "./ledger";

/** A transaction in a node's database. */
const Row = z.object({
  /** Layer of its block; null while it is pending. */
  layer: z.number().int().nullable(),
  principal: z.string(),
  /** Who is paid, and how much in smidge; absent for a spawn. */
  destination: z.string().optional(),
  amount: z.string().optional(),
});

/** What the explorer's statistics read of a node's database. */
const Tables = z.object({
  accounts: z.number().int().default(0),
  transactions: z.array(Row).default([]),
});

export type Tables = z.infer<typeof Tables>;

/** What a node writes into its database. */
export const tablesOf = (books: Books): Tables => ({
  accounts: books.accounts().length,
  transactions: books.transactions().map(({ transaction: { principal, content }, outcome }) => ({
    layer: outcome?.layer ?? null,
    principal,
    ...(content.kind === "spend" && { destination: content.destination, amount: String(content.amount) }),
  })),
});

/** Reads a database's text. A new database is empty. */
export const tablesIn = (text: string): Tables => Tables.parse(text === "" ? {} : JSON.parse(text));
