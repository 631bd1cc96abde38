import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket } from "@google-cloud/storage" with { "resolution-mode": "import" };
import { UserError } from "../lib/errors";
import { lastLine } from "../lib/exec";
import { type Credentials, READER } from "../model/credentials";
import type { StorePlace } from "../model/store-url";
import { CloudStore, type Fault } from "./cloud";

/** Size of one request of a resumable upload, in bytes. It is held in memory for retries. A multiple of 256 KiB. */
const CHUNK = 8 * 1024 * 1024;

/** Texts of Google's token endpoint and of Cloud Storage whose status says something else. */
const KINDS: readonly (readonly [words: RegExp, kind: Fault["kind"]])[] = [
  [/reasonable timeframe|iat and exp|used too early|used too late/i, "clock"],
  [/invalid_grant|invalid_rapt|token (has been )?(expired|revoked)|expired or revoked/i, "expired"],
  [/rate limit|slow ?down|too many requests/i, "slow"],
];

type GcsPlace = Extract<StorePlace, { kind: "gcs" }>;

/** Google Cloud Storage, or an emulator of it. */
export class GcsStore extends CloudStore {
  private connected: Promise<Bucket> | undefined;

  constructor(
    private readonly place: GcsPlace,
    private readonly credentials: Credentials,
  ) {
    const permissions = `Check that the service account of ${keyFileOf(credentials)} may ${rightsOf(credentials)} there.`;
    super(`gs://${place.bucket}/${place.prefix}`, place.prefix, permissions);
  }

  /** An object that does not exist has generation 0. */
  protected write(name: string, content: Readable): Promise<void> {
    return this.writeOver(name, content, 0);
  }

  private async writeOver(name: string, content: Readable, generation: number | string): Promise<void> {
    const file = (await this.bucket()).file(name);
    const upload = file.createWriteStream({
      resumable: true,
      chunkSize: CHUNK,
      preconditionOpts: { ifGenerationMatch: generation },
    });
    await pipeline(content, upload);
  }

  protected async chunksOf(name: string): Promise<AsyncIterable<Buffer>> {
    return (await this.bucket()).file(name).createReadStream();
  }

  protected async *names(prefix: string): AsyncGenerator<string> {
    const bucket = await this.bucket();
    for await (const { name } of bucket.getFilesStream({ prefix })) yield name;
  }

  protected async delete(name: string): Promise<void> {
    await (await this.bucket()).file(name).delete();
  }

  /** The generation comes first: of a later one, this would read the content of the one before. */
  protected async readVersion(name: string): Promise<{ readonly bytes: Buffer; readonly version: string }> {
    const bucket = await this.bucket();
    const [{ generation }] = await bucket.file(name).getMetadata();
    if (generation === undefined) throw new Error(`the server gave no version of ${name}`);
    const [bytes] = await bucket.file(name, { generation }).download();
    return { bytes, version: String(generation) };
  }

  protected writeVersion(name: string, bytes: Buffer, version: string): Promise<void> {
    return this.writeOver(name, Readable.from([bytes]), version);
  }

  protected faultOf(error: unknown): Fault {
    if (!(error instanceof Error)) return { status: 0, text: String(error) };
    const codes = ["code" in error ? error.code : 0, "status" in error ? error.status : 0];
    const status = codes.map(Number).find((code) => code > 0) ?? 0;
    const text = lastLine(error.message);
    const kind = KINDS.find(([words]) => words.test(text))?.[1] ?? (status === 429 ? "slow" : undefined);
    return { status, text, ...(kind && { kind }) };
  }

  private bucket(): Promise<Bucket> {
    this.connected ??= connect(this.place, this.credentials);
    return this.connected;
  }
}

const keyFileOf = ({ isReader }: Credentials): string => `${isReader ? READER : ""}GOOGLE_APPLICATION_CREDENTIALS`;

const rightsOf = ({ isReader }: Credentials): string =>
  isReader ? "list and read objects" : "list, read and create objects";

/** @throws {UserError} when there are no credentials; the library must not look for others elsewhere */
async function connect({ bucket }: GcsPlace, credentials: Credentials): Promise<Bucket> {
  const { googleKeyFile, storageEmulator } = credentials;
  if (!googleKeyFile && !storageEmulator) {
    throw new UserError(
      "StoreCredentialsMissing",
      `${keyFileOf(credentials)} is not set.`,
      `Set it to the key file of a service account that may ${rightsOf(credentials)} in the store.`,
    );
  }
  const { Storage } = await import("@google-cloud/storage");
  return new Storage({ keyFilename: googleKeyFile, apiEndpoint: storageEmulator }).bucket(bucket);
}
