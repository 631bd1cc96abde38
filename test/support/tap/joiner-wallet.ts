import { createPrivateKey, sign } from "node:crypto";
import { derive_key } from "@spacemesh/ed25519-bip32";
import { SingleSigTemplate, StdMethods } from "@spacemesh/sm-codec";
import { bech32 } from "bech32";

/** Path of a wallet's first key (spacemeshos/smapp desktop/main/bip32-key-derivation.ts; smcli wallet/bip44.go). */
const PATH = "m/44'/540'/0'/0'/0'";
const SECRET_BYTES = 32;
/** What an ed25519 key begins with in PKCS 8 (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const GAS_PRICE = 1n;

/**
 * The wallet of somebody who joins. Spacemesh's own packages make its keys, its address and its transactions, as in
 * Smapp and Smapp Lite (spacemeshos/smapp-lite src/utils).
 */
export class JoinerWallet {
  /** The first key's secret half, which is the seed of an ed25519 key. */
  readonly secret: Buffer;
  readonly address: string;
  private readonly publicKey: Uint8Array;
  private readonly principal: Uint8Array;
  private readonly genesisId: Buffer;

  /**
   * @param seed 64 bytes, as BIP 39 makes them of a phrase
   * @param genesisId of the network, hexadecimal
   */
  constructor(seed: Uint8Array, hrp: string, genesisId: string) {
    const pair = derive_key(seed, PATH);
    this.secret = Buffer.from(pair.subarray(0, SECRET_BYTES));
    this.publicKey = pair.subarray(SECRET_BYTES);
    this.principal = SPAWN.principal({ PublicKey: this.publicKey });
    this.address = bech32.encode(hrp, bech32.toWords(this.principal));
    this.genesisId = Buffer.from(genesisId, "hex");
  }

  spawn(nonce: bigint): Uint8Array {
    const Arguments = { PublicKey: this.publicKey };
    const raw = SPAWN.encode(this.principal, { Nonce: nonce, GasPrice: GAS_PRICE, Arguments });
    return SPAWN.sign(raw, this.signed(raw));
  }

  spend(to: string, amount: bigint, nonce: bigint): Uint8Array {
    const Destination = Uint8Array.from(bech32.fromWords(bech32.decode(to).words));
    const raw = SPEND.encode(this.principal, {
      Nonce: nonce,
      GasPrice: GAS_PRICE,
      Arguments: { Destination, Amount: amount },
    });
    return SPEND.sign(raw, this.signed(raw));
  }

  private signed(raw: Uint8Array): Uint8Array {
    const der = Buffer.concat([PRIVATE_PREFIX, this.secret]);
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return sign(null, Buffer.concat([this.genesisId, raw]), key);
  }
}

const SPAWN = SingleSigTemplate.methods[StdMethods.Spawn];
const SPEND = SingleSigTemplate.methods[StdMethods.Spend];
