import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { z } from "zod";
import { Refusal } from "./refusal";

/** Head of an Ed25519 private key in libp2p's protobuf form: type 1, then 64 bytes. */
const PRIVATE_HEAD = Buffer.from("08011240", "hex");

/** Head of a peer id that holds its own Ed25519 public key: the identity hash of 36 bytes, type 1, then 32 bytes. */
const ID_HEAD = Buffer.from("002408011220", "hex");

const KEY_BYTES = 32;
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** An Ed25519 key pair as the node stores it. */
export interface NodeKey {
  /** Seed and public key, 64 bytes. */
  readonly bytes: Buffer;
  /** The same in libp2p's form. */
  readonly libp2p: Buffer;
}

/** A node's identity in the network of peers. */
export interface PeerKey {
  /** E.g. `12D3KooW...`. */
  readonly id: string;
}

/** Makes a key pair. */
export function newKey(): NodeKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const bytes = Buffer.concat([rawOf(privateKey, "d"), rawOf(createPublicKey(privateKey), "x")]);
  return { bytes, libp2p: Buffer.concat([PRIVATE_HEAD, bytes]) };
}

export const privateKeyHex = ({ bytes }: NodeKey): string => bytes.toString("hex");

/** The public key in a private key of 128 hex digits. */
export const publicKeyOf = (digits: string): Buffer => Buffer.from(digits, "hex").subarray(KEY_BYTES);

const KeyFile = z.object({ Key: z.base64() });

/**
 * Reads a `p2p.key`. The peer id follows from the key; that in the file is not read, as in the node.
 * @throws {Refusal} when the file holds no Ed25519 key
 */
export function peerKeyOf(text: string): PeerKey {
  let key: Buffer;
  try {
    key = Buffer.from(KeyFile.parse(JSON.parse(text)).Key, "base64");
  } catch {
    throw new Refusal("initialize p2p host: read key from disk: unmarshal file content", false);
  }
  const isKey = key.length === PRIVATE_HEAD.length + 2 * KEY_BYTES && key.subarray(0, 4).equals(PRIVATE_HEAD);
  if (!isKey) throw new Refusal("initialize p2p host: unmarshal privkey: unexpected key", false);
  return { id: base58(Buffer.concat([ID_HEAD, key.subarray(-KEY_BYTES)])) };
}

/** Whether the seed of a private key of 128 hex digits gives its public key. */
export const isKeyPair = (digits: string): boolean =>
  rawOf(createPublicKey(signingKeyOf(digits)), "x").equals(publicKeyOf(digits));

/** The key that signs, of a private key of 128 hex digits. */
export function signingKeyOf(digits: string): KeyObject {
  const seed = Buffer.from(digits, "hex").subarray(0, KEY_BYTES);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

const rawOf = (key: KeyObject, part: "d" | "x"): Buffer =>
  Buffer.from(key.export({ format: "jwk" })[part] ?? "", "base64url");

/** Base58 of Bitcoin's alphabet. Leading zero bytes become the alphabet's first letter. */
function base58(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let digits = "";
  for (; rest > 0n; rest /= 58n) digits = (ALPHABET[Number(rest % 58n)] ?? "") + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros === -1 ? bytes.length : zeros) + digits;
}
