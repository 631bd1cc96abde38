import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { blake3 } from "@noble/hashes/blake3";
import { UserError } from "../../infra/base/lib/errors";
import { addressBytes, addressText } from "../../infra/base/model/account-address";
import { WALLET_TEMPLATE, walletAccount } from "../../infra/base/model/wallet-account";
import type { Signed, Wallet } from "./chain";
import { type Part, scale } from "./scale";

/** The network that a wallet signs for. A node of another one refuses the signature. */
export interface WalletNetwork {
  /** Prefix of its addresses, e.g. `stest`. */
  readonly hrp: string;
  /** 20 bytes in hexadecimal. */
  readonly genesisId: string;
}

/** Version of transactions, and numbers of the template's methods (genvm/sdk/options.go, genvm/core/types.go). */
const VERSION = 0;
const SPAWN = 0;
const SPEND = 16;

/** Smidge for a unit of gas: the least that a node takes. */
const GAS_PRICE = 1;

/** What an ed25519 key begins with in PKCS 8 and in SPKI (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_KEY_BYTES = 32;

/**
 * Opens the wallet of a seed. Its transactions are those of go-spacemesh genvm/sdk/wallet: the same seed, network and
 * nonce make the same bytes.
 * @param seed 32 bytes in hexadecimal. No error shows it.
 * @throws {UserError} for another text
 */
export function openWallet(seed: string, { hrp, genesisId }: WalletNetwork): Wallet {
  const key = keyOf(seed);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-PUBLIC_KEY_BYTES);
  const principal = walletAccount(publicKey);
  const genesis = Buffer.from(genesisId, "hex");

  const signed = (nonce: bigint, ...parts: readonly Part[]): Signed => {
    const body = scale(VERSION, principal, ...parts);
    const raw = Buffer.concat([body, sign(null, Buffer.concat([genesis, body]), key)]);
    return { id: Buffer.from(blake3(raw)).toString("hex"), raw, nonce };
  };

  return {
    address: addressText(principal, hrp),
    spawn: (nonce) => signed(nonce, SPAWN, WALLET_TEMPLATE, nonce, GAS_PRICE, publicKey),
    spend: (to, amount, nonce) => signed(nonce, SPEND, nonce, GAS_PRICE, addressBytes(to, hrp), amount),
  };
}

function keyOf(seed: string): KeyObject {
  if (!/^[\da-f]{64}$/i.test(seed)) {
    throw new UserError(
      "WalletSeedInvalid",
      "The seed of the wallet is not 32 bytes in hexadecimal.",
      "Write it as 64 hexadecimal digits. `openssl rand -hex 32` makes a new one.",
      2,
    );
  }
  const der = Buffer.concat([PRIVATE_PREFIX, Buffer.from(seed, "hex")]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}
