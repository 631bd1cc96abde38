import { createPublicKey, verify } from "node:crypto";
import { blake3 } from "@noble/hashes/blake3.js";
import { addressText } from "../../../../infra/base/model/account-address";
import { Decoder, Undecodable } from "./decoder";
import { spawnGas, spendGas } from "./gas";

/** What a transaction does. Of the node's templates the simulated chain has the wallet with one key. */
export type Content =
  | { readonly kind: "spawn"; readonly publicKey: Buffer; readonly account: string }
  | { readonly kind: "spend"; readonly destination: string; readonly amount: bigint };

/** A transaction that the node could parse. */
export interface Transaction {
  /** 32 bytes in hexadecimal. */
  readonly id: string;
  readonly raw: Buffer;
  /** Address of the account that signs and pays. */
  readonly principal: string;
  readonly method: number;
  readonly nonce: bigint;
  /** Smidge for a unit of gas. */
  readonly gasPrice: bigint;
  /** In units of gas. A wallet's transaction always takes all of it. */
  readonly maxGas: bigint;
  readonly content: Content;
}

/** What parsing must know of the account that signs; `undefined` public key: it is not spawned. */
export interface Signer {
  readonly publicKey: Buffer | undefined;
}

/** A transaction's fault. @see parseTransaction */
export class BadTransaction extends Error {
  /** @param kind `core.Err...` of the node */
  constructor(
    readonly kind: "malformed" | "notSpawned" | "tooLong",
    message: string,
  ) {
    super(message);
  }
}

export const SPAWN = 0;
export const SPEND = 16;
export const ADDRESS_BYTES = 24;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const LONGEST = 1024;

/** Address of the wallet's template. */
export const TEMPLATE = Buffer.from("01".padStart(2 * ADDRESS_BYTES, "0"), "hex");

export const idOf = (raw: Buffer): string => Buffer.from(blake3(raw)).toString("hex");

/** The account of a public key. */
export function accountOf(publicKey: Buffer, hrp: string): string {
  const hash = Buffer.from(blake3(Buffer.concat([TEMPLATE, publicKey])));
  return addressText(Buffer.concat([Buffer.alloc(4), hash.subarray(12)]), hrp);
}

/** A transaction with the bytes after its arguments, where its signature begins. */
export interface Parsed {
  readonly transaction: Transaction;
  readonly signature: Buffer;
  /** The key that must have signed it. */
  readonly signer: Buffer;
}

/**
 * Parses a transaction as go-spacemesh genvm/vm.go, parse, does: what it may be depends on its account.
 * @throws {BadTransaction} in the node's words
 */
export function parseTransaction(raw: Buffer, hrp: string, signer: (principal: string) => Signer): Parsed {
  if (raw.length > LONGEST)
    throw new BadTransaction("tooLong", `overflows tx limit: tx size (${raw.length}) > limit (${LONGEST})`);
  const input = new Decoder(raw);
  const version = decoded("malformed tx: failed to decode version", () => input.small());
  if (version !== 0) throw malformed(`: unsupported version ${version}`);
  const principal = addressText(
    decoded("malformed tx failed to decode principal:", () => input.bytes(ADDRESS_BYTES)),
    hrp,
  );
  const method = decoded("malformed tx: failed to decode method selector", () => input.small());
  const { publicKey } = signer(principal);
  if (method === SPAWN) readTemplate(input);
  else if (publicKey === undefined) throw new BadTransaction("notSpawned", "account is not spawned");
  const [nonce, gasPrice] = decoded("malformed tx:", () => [input.large(), input.large()] as const);
  if (method !== SPAWN && method !== SPEND)
    throw malformed(`: unknown method ${TEMPLATE.toString("latin1")} ${method}`);
  const content = decoded("malformed tx failed to decode method arguments", () => readContent(input, method, hrp));
  const isSelfSpawn = content.kind === "spawn" && content.account === principal;
  const key = isSelfSpawn ? content.publicKey : publicKey;
  if (key === undefined)
    throw new BadTransaction("notSpawned", "account is not spawned: account can't spawn until it is spawned itself");
  const maxGas = content.kind === "spawn" ? spawnGas(raw.length, isSelfSpawn) : spendGas(raw.length);
  const transaction = { id: idOf(raw), raw, principal, method, nonce, gasPrice, maxGas, content };
  return { transaction, signature: input.rest().subarray(0, SIGNATURE_BYTES), signer: key };
}

/** Whether the signature is over the network's genesis id and all but the last 64 bytes (wallet.go, Verify). */
export function isSigned({ transaction: { raw }, signature, signer }: Parsed, genesisId: Buffer): boolean {
  if (signature.length < SIGNATURE_BYTES) return false;
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: signer.toString("base64url") },
    format: "jwk",
  });
  return verify(null, Buffer.concat([genesisId, raw.subarray(0, -SIGNATURE_BYTES)]), key, signature);
}

function readTemplate(input: Decoder): void {
  const template = decoded("malformed tx failed to decode template address", () => input.bytes(ADDRESS_BYTES));
  if (!template.equals(TEMPLATE)) throw malformed(`: unknown template ${template.toString("latin1")}`);
}

function readContent(input: Decoder, method: number, hrp: string): Content {
  if (method === SPEND) {
    const destination = addressText(input.bytes(ADDRESS_BYTES), hrp);
    return { kind: "spend", destination, amount: input.large() };
  }
  const publicKey = Buffer.from(input.bytes(PUBLIC_KEY_BYTES));
  return { kind: "spawn", publicKey, account: accountOf(publicKey, hrp) };
}

function decoded<T>(place: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Undecodable) throw new BadTransaction("malformed", `${place} ${error.message}`);
    throw error;
  }
}

const malformed = (fault: string) => new BadTransaction("malformed", `malformed tx${fault}`);
