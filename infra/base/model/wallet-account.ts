import { blake3 } from "@noble/hashes/blake3";
import { ADDRESS_BYTES } from "./account-address";

/** Address of the template of wallets with one key (go-spacemesh genvm/templates/wallet/handler.go). */
export const WALLET_TEMPLATE = Uint8Array.from({ length: ADDRESS_BYTES }, (_, i) => (i === ADDRESS_BYTES - 1 ? 1 : 0));

/** Bytes of an address that come from the hash; zeros stand before them. */
const HASHED_BYTES = 20;

/**
 * The account that an ed25519 key may spawn, 24 bytes (go-spacemesh genvm/core/hash.go, ComputePrincipal).
 * @param publicKey 32 bytes
 */
export function walletAccount(publicKey: Uint8Array): Uint8Array {
  const account = new Uint8Array(ADDRESS_BYTES);
  const hash = blake3(Uint8Array.from([...WALLET_TEMPLATE, ...publicKey]));
  account.set(hash.subarray(-HASHED_BYTES), ADDRESS_BYTES - HASHED_BYTES);
  return account;
}
