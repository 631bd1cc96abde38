import type { AccountState, TransactionFate } from "../../infra/base/clients/node/transfers";

export type { AccountState, Fate, TransactionFate } from "../../infra/base/clients/node/transfers";

/** A signed transaction, ready to send. Its bytes are the same each time, so it may be made again after a restart. */
export interface Signed {
  /** As the node names it: 32 bytes in hexadecimal. */
  readonly id: string;
  readonly raw: Uint8Array;
  readonly nonce: bigint;
}

/** The tap's own account: it signs and knows its address. The key never leaves it. */
export interface Wallet {
  /** E.g. `stest1...`. */
  readonly address: string;
  /** Makes the account able to spend. An account's first transaction must be this one, and it must be applied first. */
  spawn(nonce: bigint): Signed;
  /**
   * Pays.
   * @param to address that {@link addressProblem} of infra/base/model/account-address.ts has no fault with
   * @param amount in smidge
   */
  spend(to: string, amount: bigint, nonce: bigint): Signed;
}

/** The network as the tap sees it, by one node. */
export interface Chain {
  account(address: string, signal: AbortSignal): Promise<AccountState>;
  /**
   * Sends a transaction. Sending it again does no harm.
   * @throws {TransactionRefused} when the node did not take it. After any other error nobody knows whether it did.
   */
  submit(raw: Uint8Array, signal: AbortSignal): Promise<void>;
  /** @param id as {@link Signed} has it */
  fate(id: string, signal: AbortSignal): Promise<TransactionFate>;
  /** The network that a wallet signs for, 20 bytes in hexadecimal. */
  genesisId(): Promise<string>;
  close(): void;
}
