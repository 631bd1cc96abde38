import { blake3 } from "@noble/hashes/blake3.js";

const GENESIS_ID_BYTES = 20;

/**
 * Id of a network, 20 bytes: the start of blake3 over the genesis time in decimal seconds and the extra data
 * (go-spacemesh 1.8 config/genesis.go, GoldenATX).
 * @param genesisTime milliseconds since 1970
 */
export function genesisId(genesisTime: number, extraData: string): Buffer {
  const hash = blake3(Buffer.from(`${Math.floor(genesisTime / 1000)}${extraData}`));
  return Buffer.from(hash.subarray(0, GENESIS_ID_BYTES));
}
