/** A signed transaction, ready to send. */
export interface Signed {
  /** Hexadecimal, as the node names it. */
  readonly id: string;
  readonly raw: Uint8Array;
  readonly nonce: bigint;
}

/** The tap's own account: signs, knows its address. The key never leaves it. */
export interface Wallet {
  readonly address: string;
  spawn(nonce: bigint): Signed;
  /** @param amount in smidge */
  spend(to: string, amount: bigint, nonce: bigint): Signed;
}

export type Fate = "unknown" | "pending" | "applied" | "failed";

export interface Chain {
  /** Balance in smidge, next nonce (counter that counts pending ones), and whether the account is spawned. */
  account(
    address: string,
    signal: AbortSignal,
  ): Promise<{ readonly balance: bigint; readonly nextNonce: bigint; readonly spawned: boolean }>;
  /** @throws with the node's own refusal */
  submit(raw: Uint8Array, signal: AbortSignal): Promise<void>;
  fate(id: string, signal: AbortSignal): Promise<{ fate: Fate; layer?: number }>;
}
