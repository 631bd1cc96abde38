import { z } from "zod";
import { jsonOf } from "../base/lib/json";
import { listOf, nonEmptyText, object, timeText, urlText } from "../base/model/formats";
import { putNew, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import { SecretText, type SecretTexts } from "../base/store/secret-text";

// Stored formats: docs/decisions/0012-one-tls-certificate.md.

/** A TLS certificate as the store has it. Each renewal is another generation, and the newest that is valid counts. */
const Stored = object({
  schema: z.literal(1),
  /** The directory of the authority that issued it. */
  directory: urlText,
  names: listOf(nonEmptyText),
  issuer: nonEmptyText,
  serial: nonEmptyText,
  notBefore: timeText,
  notAfter: timeText,
  /** PEM, the certificate first. */
  chain: nonEmptyText,
  privateKey: SecretText,
});

/** A generation of the TLS certificate whose private key could be read. */
export interface TlsCertificate extends Readonly<Omit<z.infer<typeof Stored>, "privateKey" | "schema">> {
  readonly generation: number;
  /** PEM; a secret. */
  readonly privateKey: string;
}

/** The store, and the way to private keys in its records. */
export interface TlsStore {
  readonly store: Store;
  readonly secretTexts: SecretTexts;
}

const CERTIFICATES = "tls/";
const ACCOUNTS = "tls/account/";
const keyOf = (generation: number): string => `${CERTIFICATES}${generation}.json`;

/** Numbers N of the records `PREFIXN.json`, the newest first. */
export async function numbersBelow(store: Pick<Store, "list">, prefix: string): Promise<number[]> {
  const found = (await store.list(prefix)).map((key) => /^([1-9]\d{0,14})\.json$/.exec(key.slice(prefix.length))?.[1]);
  return found.flatMap((digits) => (digits === undefined ? [] : Number(digits))).sort((a, b) => b - a);
}

/** Whether the store has a generation, valid or not. */
export const isKept = async (store: Pick<Store, "list">, generation: number): Promise<boolean> =>
  (await numbersBelow(store, CERTIFICATES)).includes(generation);

/** The generation that counts, and those beside it. */
export interface Kept {
  /** The newest that is valid; undefined when none is. */
  readonly certificate: TlsCertificate | undefined;
  /** Number of the last record, valid or not; 0 without one. */
  readonly last: number;
}

/**
 * The newest generation that can be used now: it has not expired, and the key of the records opens its private key.
 * @param now milliseconds since 1970
 */
export async function keptCertificate({ store, secretTexts }: TlsStore, now: number): Promise<Kept> {
  const all = await numbersBelow(store, CERTIFICATES);
  for (const generation of all) {
    const certificate = certificateIn(generation, await textOf(store.get(keyOf(generation))), secretTexts);
    if (certificate && now < Date.parse(certificate.notAfter)) return { certificate, last: all[0] ?? 0 };
  }
  return { certificate: undefined, last: all[0] ?? 0 };
}

function certificateIn(generation: number, text: string, secretTexts: SecretTexts): TlsCertificate | undefined {
  const stored = jsonOf(text, Stored);
  const privateKey = stored && secretTexts.revealed(keyOf(generation), stored.privateKey);
  if (stored === undefined || privateKey === undefined) return undefined;
  const { schema: _, ...facts } = stored;
  return { ...facts, generation, privateKey };
}

/** Keeps a new certificate under its generation. @returns false when another run has written that generation */
export function keepCertificate(
  { store, secretTexts }: TlsStore,
  { generation, privateKey, ...facts }: TlsCertificate,
): Promise<boolean> {
  const key = keyOf(generation);
  const stored: z.infer<typeof Stored> = { schema: 1, ...facts, privateKey: secretTexts.hidden(key, privateKey) };
  return putNew(store, key, `${JSON.stringify(stored)}\n`);
}

const Account = object({ schema: z.literal(1), privateKey: SecretText });

/**
 * The private key of our account at authorities, PEM. It is made once, and once more when the key of the records is
 * replaced.
 * @param make makes a private key, PEM
 */
export async function accountKey({ store, secretTexts }: TlsStore, make: () => string): Promise<string> {
  const all = await numbersBelow(store, ACCOUNTS);
  for (const number of all) {
    const key = `${ACCOUNTS}${number}.json`;
    const stored = jsonOf(await textOf(store.get(key)), Account);
    const found = stored && secretTexts.revealed(key, stored.privateKey);
    if (found !== undefined) return found;
  }
  const key = `${ACCOUNTS}${(all[0] ?? 0) + 1}.json`;
  const made = make();
  const isNew = await putNew(
    store,
    key,
    `${JSON.stringify({ schema: 1, privateKey: secretTexts.hidden(key, made) })}\n`,
  );
  return isNew ? made : accountKey({ store, secretTexts }, make); // another run made one at the same time
}
