import { z } from "zod";

/** An amount in smidge (10^9 are 1 SMH), decimal digits. */
const smidge = z
  .union([z.string(), z.number().int().max(Number.MAX_SAFE_INTEGER).transform(String)])
  .pipe(z.string().regex(/^[1-9]\d{0,18}$/));

const Tap = z.strictObject({
  /** What the tap's account has at genesis. */
  balance: smidge,
  /** What one address gets on a UTC day. */
  gift: smidge,
  /** The most that the tap promises on a UTC day. */
  budget: smidge,
  /** What stands before a gift: a proof of work, or nothing. */
  gate: z.enum(["pow", "none"]),
});
export type Tap = Readonly<z.infer<typeof Tap>>;

/** The setting `tap`. */
export const TapSetting = z
  .union([z.literal("none"), Tap])
  .describe(
    'the tap of a network in smidge (10^9 are 1 SMH), e.g. {"balance": "1000000000000000", "gift": "10000000000", ' +
      '"budget": "1000000000000", "gate": "pow"}, gate pow or none; none for no tap (kubernetes)',
  );
export type TapSetting = Readonly<z.infer<typeof TapSetting>>;

/** The settings that decide whether a network has a tap. Those of an older release do not say it. */
export interface TapChoice {
  readonly driver?: "spacecraft" | "kubernetes";
  readonly tap?: TapSetting;
}

/** The tap that settings want; undefined when they want none. The tap signs today's transactions, so the era has none. */
export const tapOf = ({ driver, tap = "none" }: TapChoice): Tap | undefined =>
  driver === "kubernetes" && tap !== "none" ? tap : undefined;

/** The greatest balance: a node keeps balances as signed 64-bit numbers. */
export const GREATEST_BALANCE = 2n ** 63n - 1n;

/** What is wrong with the amounts of a tap: the key, and what is expected; undefined when nothing is. */
export function tapFault({
  balance,
  gift,
  budget,
}: Tap): { readonly key: keyof Tap; readonly expected: string } | undefined {
  if (BigInt(budget) < BigInt(gift)) return { key: "budget", expected: `not less than a gift, ${gift}` };
  if (BigInt(balance) < BigInt(budget)) return { key: "balance", expected: `not less than a day's budget, ${budget}` };
  if (BigInt(balance) > GREATEST_BALANCE) return { key: "balance", expected: `at most ${GREATEST_BALANCE}` };
  return undefined;
}

/** Secret in a network's namespace with the seed of the tap's account. The driver makes it, and the tap's pod mounts it. */
export const TAP_KEY = "tap-key";
/** The key in that Secret: 64 hexadecimal digits. */
export const TAP_SEED = "seed";
