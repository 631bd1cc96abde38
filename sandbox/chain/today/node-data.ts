import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Books } from "./ledger/ledger";
import { tablesOf } from "./ledger/tables";
import type { NodeConfig } from "./node-config";
import { isKeyPair, newKey, type PeerKey, peerKeyOf, privateKeyHex, publicKeyOf, signingKeyOf } from "./node-keys";
import type { Reached } from "./node-state";
import { Refusal } from "./refusal";

/** Names of a node's files and folders (go-spacemesh 1.8 node/node.go, node/node_identities.go, p2p/identity.go). */
const GENESIS = "genesis.json";
const IDENTITIES = "identities";
const LOCAL_KEY = "local.key";
const P2P = "p2p";
const P2P_KEY = "p2p.key";
const STATE = "state.sql";
const LOCAL = "local.sql";

/** Hex digits of a private key. */
const KEY_DIGITS = 128;

/** Where a node reports what it does with its files. */
export type Report = (message: string, fields?: object) => void;

const Pinned = z.object({
  GenesisTime: z.string(),
  ExtraData: z.string(),
  Accounts: z.record(z.string(), z.string()).nullish(),
});

/**
 * Pins the network in the data folder, or compares with what was pinned before. The comparison is by value, as go-cmp's.
 * @throws {Refusal} when the folder belongs to a network with another genesis time, extra data or other accounts
 */
export function pinGenesis({ dataFolder, genesisTime, extraData, accounts }: NodeConfig): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const file = join(dataFolder, GENESIS);
  const own = { GenesisTime: new Date(genesisTime).toISOString().replace(".000Z", "Z"), ExtraData: extraData };
  const text = readIfThere(file);
  if (text === undefined) {
    writeFileSync(file, `${JSON.stringify({ ...own, Accounts: accounts })}\n`);
    return;
  }
  const { Accounts, ...pinned } = Pinned.parse(JSON.parse(text));
  if (!isDeepStrictEqual({ ...pinned, Accounts: Accounts ?? {} }, { ...own, Accounts: accounts }))
    throw new Refusal("initializing app: genesis config updated after node initialization");
}

/** Who smeshes. */
export interface Identity {
  /** 32 bytes. */
  readonly publicKey: Buffer;
  readonly key: KeyObject;
}

/**
 * Reads the identities that smesh, and answers the first. Without a key file the node makes one.
 * @throws {Refusal} for a file of the wrong size and for one with anything but hex digits, e.g. a newline
 */
export function loadIdentity(dataFolder: string, report: Report): Identity {
  const folder = join(dataFolder, IDENTITIES);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder).filter((name) => name.endsWith(".key"));
  if (names.length === 0) {
    report("Identity file not found. Creating new identity...");
    writeFileSync(join(folder, LOCAL_KEY), privateKeyHex(newKey()), { mode: 0o600 });
    names.push(LOCAL_KEY);
  }
  const load = (name: string) => {
    const identity = identityIn(name, readFileSync(join(folder, name)));
    report("Loaded existing identity", { filename: name, public_key: identity.publicKey.toString("hex").slice(0, 5) });
    return identity;
  };
  const [first = LOCAL_KEY, ...others] = names.sort();
  const identity = load(first);
  others.forEach(load);
  return identity;
}

function identityIn(name: string, content: Buffer): Identity {
  const refuse = (reason: string): never => {
    throw new Refusal(`loading identities: failed to construct identity ${name}: ${reason}`);
  };
  // encoding/hex counts half of the digits, rounded down, so that one byte too many is found by decoding alone.
  const size = Math.floor(content.length / 2);
  if (size !== KEY_DIGITS / 2) return refuse(`invalid key size ${size}/${KEY_DIGITS / 2} for ${name}`);
  const wrong = [...content].find((byte) => !/[\da-f]/i.test(String.fromCharCode(byte)));
  if (wrong !== undefined) return refuse(`decoding private key in ${name}: encoding/hex: invalid byte: ${rune(wrong)}`);
  if (content.length % 2 === 1) return refuse(`decoding private key in ${name}: encoding/hex: odd length hex string`);
  const digits = content.toString();
  if (!isKeyPair(digits)) return refuse("private and public do not match");
  return { publicKey: publicKeyOf(digits), key: signingKeyOf(digits) };
}

/** A byte as Go's `%#U` prints it: `U+0078 'x'`, or `U+000A` when it is not printable. */
function rune(byte: number): string {
  const code = `U+${byte.toString(16).toUpperCase().padStart(4, "0")}`;
  return byte >= 32 && byte < 127 ? `${code} '${String.fromCharCode(byte)}'` : code;
}

/**
 * The node's identity in the network of peers. Without a key file the node makes one.
 * @throws {Refusal} for a file that holds no Ed25519 key of libp2p
 */
export function loadPeerKey(dataFolder: string): PeerKey {
  const folder = join(dataFolder, P2P);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, P2P_KEY);
  const text = readIfThere(file);
  if (text !== undefined) return peerKeyOf(text);
  const key = newKey();
  const made = peerKeyOf(JSON.stringify({ Key: key.libp2p.toString("base64") }));
  writeFileSync(file, JSON.stringify({ Key: key.libp2p.toString("base64"), ID: made.id }), { mode: 0o600 });
  return made;
}

const State = z.object({ genesisId: z.string(), appliedLayer: z.number().int(), processedLayer: z.number().int() });

/** How far the node had got before its restart; undefined in a new folder. */
export function readReached({ dataFolder, genesisId }: NodeConfig): Reached | undefined {
  const text = readIfThere(join(dataFolder, STATE));
  if (text === undefined) return undefined;
  try {
    const state = State.parse(JSON.parse(text));
    return state.genesisId === genesisId.toString("hex") ? state : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the node's databases: the first, which the explorer's statistics read, and then that of the node alone. The
 * first is replaced in one step, so that a killed node has the old one or the new one.
 */
export function writeReached({ dataFolder, genesisId }: NodeConfig, reached: Reached, books: Books): void {
  const { appliedLayer, processedLayer } = reached;
  const state = { genesisId: genesisId.toString("hex"), appliedLayer, processedLayer, ...tablesOf(books) };
  const file = join(dataFolder, STATE);
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
  const local = join(dataFolder, LOCAL);
  if (!existsSync(local)) writeFileSync(local, "");
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
