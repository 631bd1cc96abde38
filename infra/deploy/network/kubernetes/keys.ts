import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { z } from "zod";
import { UserError } from "../../../base/lib/errors";
import { jsonOf } from "../../../base/lib/json";
import { sameKnown } from "../../../base/lib/same-known";
import { addressText } from "../../../base/model/account-address";
import { TAP_KEY, TAP_SEED } from "../../../base/model/tap-settings";
import { walletAccount } from "../../../base/model/wallet-account";
import { MADE_KEYS } from "./names";

/** An Ed25519 key, 32 bytes each. */
export interface KeyPair {
  readonly seed: Buffer;
  readonly publicKey: Buffer;
}

/** Number of nodes and of poets that have keys. */
export interface KeyCounts {
  readonly nodes: number;
  readonly poets: number;
}

/** The public parts of a network's keys, in the order of the numbers of nodes and poets. */
export interface PublicKeys {
  /** `12D3KooW...` */
  readonly peerIds: readonly string[];
  /** Public keys of smeshers, hexadecimal. */
  readonly smesherIds: readonly string[];
  /** Public keys of poets, base64. */
  readonly poetKeys: readonly string[];
}

/** DER of a private Ed25519 key before its seed, and of a public one before its bytes (RFC 8410). */
const PRIVATE_DER = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_DER_BYTES = 12;

/** The head of a private key and of a public one in libp2p's protobuf (libp2p specs, peer-ids). */
const P2P_PRIVATE = Buffer.from("08011240", "hex");
const P2P_PUBLIC = Buffer.from("08011220", "hex");
/** The head of an identity multihash of 36 bytes. */
const IDENTITY = Buffer.from("0024", "hex");

/** A new key. The only random step of a network. */
export const makeKeyPair = (): KeyPair => keyPairOf(randomBytes(32));

export function keyPairOf(seed: Buffer): KeyPair {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: "der", type: "pkcs8" });
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return { seed, publicKey: der.subarray(PUBLIC_DER_BYTES) };
}

/** Seed and public key, 64 bytes: a private key as Go writes it. */
const whole = ({ seed, publicKey }: KeyPair): Buffer => Buffer.concat([seed, publicKey]);

/** The content of `<data>/p2p/p2p.key`, by which a node has its peer id (go-spacemesh p2p/identity.go). */
export const p2pKeyFile = (pair: KeyPair): string =>
  JSON.stringify({ Key: Buffer.concat([P2P_PRIVATE, whole(pair)]).toString("base64"), ID: peerId(pair) });

/** A node's name among its peers: `12D3KooW...` */
export const peerId = ({ publicKey }: KeyPair): string => base58(Buffer.concat([IDENTITY, P2P_PUBLIC, publicKey]));

/** The content of `<data>/identities/local.key`: 128 hexadecimal digits. A node refuses a newline after them. */
export const smesherKeyFile = (pair: KeyPair): string => whole(pair).toString("hex");

/** The value of a poet's variable `POET_PRIVATE_KEY`. */
export const poetPrivateKey = (pair: KeyPair): string => whole(pair).toString("base64");

/** A poet's `pubkey` in the config of nodes. */
export const poetPublicKey = ({ publicKey }: KeyPair): string => publicKey.toString("base64");

/** The content of the Secret `network-keys`: `p2p-N.key` and `local-N.key` of each node, `poet-N` of each poet. */
export function makeKeys({ nodes, poets }: KeyCounts): Record<string, string> {
  return Object.fromEntries([
    ...numbers(nodes).map((n) => [`p2p-${n}.key`, p2pKeyFile(makeKeyPair())]),
    ...numbers(nodes).map((n) => [`local-${n}.key`, smesherKeyFile(makeKeyPair())]),
    ...numbers(poets).map((n) => [`poet-${n}`, poetPrivateKey(makeKeyPair())]),
  ]);
}

/**
 * Reads the public parts from the content of the Secret `network-keys`.
 * @throws {UserError} with the name of the first key that is missing or damaged, and nothing of its content
 */
export function readKeys(data: Readonly<Record<string, string | undefined>>, counts: KeyCounts): PublicKeys {
  const pairs = (count: number, name: (n: number) => string, parse: (text: string) => Buffer | undefined) =>
    numbers(count).map((n) => pairIn(data, name(n), parse));
  return {
    peerIds: pairs(counts.nodes, (n) => `p2p-${n}.key`, fromP2p).map(peerId),
    smesherIds: pairs(counts.nodes, (n) => `local-${n}.key`, fromHex).map((pair) => pair.publicKey.toString("hex")),
    poetKeys: pairs(counts.poets, (n) => `poet-${n}`, fromBase64).map(poetPublicKey),
  };
}

/** The content of the Secret `tap-key`. */
export const makeTapKey = (): Record<string, string> => ({ [TAP_SEED]: makeKeyPair().seed.toString("hex") });

/**
 * The address of the tap's account, from the content of the Secret `tap-key`.
 * @param hrp prefix of the network's addresses
 * @throws {UserError} when the seed is missing or damaged, with nothing of it
 */
export function tapAddress({ [TAP_SEED]: seed }: Readonly<Record<string, string | undefined>>, hrp: string): string {
  if (seed !== undefined && /^[0-9a-f]{64}$/.test(seed))
    return addressText(walletAccount(keyPairOf(Buffer.from(seed, "hex")).publicKey), hrp);
  throw damaged(TAP_KEY, TAP_SEED, seed);
}

function pairIn(
  data: Readonly<Record<string, string | undefined>>,
  name: string,
  parse: (text: string) => Buffer | undefined,
): KeyPair {
  const text = data[name];
  const bytes = text === undefined ? undefined : parse(text);
  const pair = bytes?.length === 64 ? keyPairOf(bytes.subarray(0, 32)) : undefined;
  if (pair && bytes && whole(pair).equals(bytes)) return pair;
  throw damaged(MADE_KEYS, name, text);
}

const damaged = (secret: string, name: string, text: string | undefined): UserError =>
  new UserError(
    "NetworkKeysDamaged",
    `The Secret ${secret} holds ${text === undefined ? "no" : "a damaged"} ${name}.`,
    "Restore the Secret from a backup, or retire the network and deploy another build.",
  );

const P2pKeyFile = z.object({ Key: z.string(), ID: z.string() });

/** The 64 bytes of a key file of libp2p; undefined when it is damaged. */
function fromP2p(text: string): Buffer | undefined {
  const file = jsonOf(text, P2pKeyFile);
  const bytes = file && fromBase64(file.Key);
  if (!bytes || bytes.length !== P2P_PRIVATE.length + 64) return undefined;
  if (!bytes.subarray(0, P2P_PRIVATE.length).equals(P2P_PRIVATE)) return undefined;
  const key = bytes.subarray(P2P_PRIVATE.length);
  return sameKnown(peerId({ seed: key.subarray(0, 32), publicKey: key.subarray(32) }), file.ID) ? key : undefined;
}

const fromHex = (text: string): Buffer | undefined =>
  /^[0-9a-f]{128}$/.test(text) ? Buffer.from(text, "hex") : undefined;

/** The bytes of a text in base64, which Node.js reads even when characters of it are none. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return sameKnown(bytes.toString("base64"), text) ? bytes : undefined;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Bytes in the alphabet of Bitcoin; each leading zero byte is a 1. */
function base58(bytes: Buffer): string {
  let text = "";
  for (let rest = BigInt(`0x0${bytes.toString("hex")}`); rest > 0n; rest /= 58n) {
    text = BASE58.charAt(Number(rest % 58n)) + text;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}
