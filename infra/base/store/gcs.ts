import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket } from "@google-cloud/storage" with { "resolution-mode": "import" };
import { UserError } from "../lib/errors";
import { lastLine } from "../lib/exec";
import type { StorePlace } from "../model/store-url";
import { CloudStore, type Fault } from "./cloud";

/** Bytes of one request of a resumable upload: what is held in memory, to be sent again. A multiple of 256 KiB. */
const CHUNK = 8 * 1024 * 1024;

const CREDENTIALS =
  "let GOOGLE_APPLICATION_CREDENTIALS name the key file of a service account that may list, read and create objects there";

/** Google Cloud Storage. Its library takes another server from STORAGE_EMULATOR_HOST, and then needs no credentials. */
export class GcsStore extends CloudStore {
  private connected: Promise<Bucket> | undefined;

  constructor(private readonly place: Extract<StorePlace, { kind: "gcs" }>) {
    super(`gs://${place.bucket}/${place.prefix}`, place.prefix, CREDENTIALS);
  }

  /** Generation 0 is that of an object that does not exist. */
  protected async write(name: string, content: Readable): Promise<void> {
    const file = (await this.bucket()).file(name);
    const upload = file.createWriteStream({
      resumable: true,
      chunkSize: CHUNK,
      preconditionOpts: { ifGenerationMatch: 0 },
    });
    await pipeline(content, upload);
  }

  protected async read(name: string): Promise<AsyncIterable<Buffer>> {
    return (await this.bucket()).file(name).createReadStream();
  }

  protected async *names(prefix: string): AsyncGenerator<string> {
    const bucket = await this.bucket();
    for await (const { name } of bucket.getFilesStream({ prefix })) yield name;
  }

  protected async remove(name: string): Promise<void> {
    await (await this.bucket()).file(name).delete();
  }

  protected faultOf(error: unknown): Fault {
    const { code, status, message } = error as Error & { code?: unknown; status?: unknown };
    return { status: [code, status].map(Number).find((number) => number > 0) ?? 0, said: lastLine(message) };
  }

  private bucket(): Promise<Bucket> {
    this.connected ??= connect(this.place);
    return this.connected;
  }
}

/** @throws {UserError} when no credentials are named in the environment; none are looked for elsewhere */
async function connect({ bucket }: Extract<StorePlace, { kind: "gcs" }>): Promise<Bucket> {
  const { GOOGLE_APPLICATION_CREDENTIALS: keyFilename, STORAGE_EMULATOR_HOST } = process.env;
  if (!keyFilename && !STORAGE_EMULATOR_HOST)
    throw new UserError(`GOOGLE_APPLICATION_CREDENTIALS is not set: ${CREDENTIALS}`);
  const { Storage } = await import("@google-cloud/storage");
  return new Storage({ keyFilename }).bucket(bucket);
}
