import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { type Credentials, READER } from "../model/credentials";
import type { StorePlace } from "../model/store-url";
import { CloudStore, type Fault } from "./cloud";
import { requireUnexpired } from "./expiry";

/** Size of one part of an upload, in bytes. S3 allows 10,000 parts (80 GB), each but the last of 5 MiB or more. */
const PART = 8 * 1024 * 1024;
/** Parts that an upload sends at once, and so holds in memory. */
const AT_ONCE = 2;
/** Longest time to connect, and longest silence of a connection, in milliseconds. */
const TIMEOUTS = { connectionTimeout: 10_000, socketTimeout: 120_000 };

/** Tries of one request. The library waits between them, and longer where the server asks for fewer requests. */
const TRIES = 7;

/** Codes of Amazon S3 whose status says something else (API reference, Error responses). */
const KINDS: readonly (readonly [code: RegExp, kind: Fault["kind"]])[] = [
  [/^(ExpiredToken|ExpiredTokenException|InvalidToken|TokenRefreshRequired)$/, "expired"],
  [/^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/, "clock"],
  [/^(SlowDown|ServiceUnavailable|ThrottlingException|Throttling|TooManyRequests|RequestLimitExceeded)$/, "slow"],
  [/^(ConditionalRequestConflict|OperationAborted)$/, "conflict"],
];

type S3Place = Extract<StorePlace, { kind: "s3" }>;

/** S3, or another server of its protocol. */
export class S3Store extends CloudStore {
  private readonly bucket: string;
  private connected: Promise<S3Client> | undefined;

  /** @param tries of one request */
  constructor(
    private readonly place: S3Place,
    private readonly credentials: Credentials,
    private readonly tries = TRIES,
  ) {
    const { key, secret } = variablesOf(credentials);
    const permissions = `Check that ${key} and ${secret} may ${rightsOf(credentials)} there.`;
    super(`s3://${place.bucket}/${place.prefix}`, place.prefix, permissions);
    this.bucket = place.bucket;
  }

  protected async write(name: string, content: Readable): Promise<void> {
    const client = await this.client();
    const { Upload } = await import("@aws-sdk/lib-storage");
    const params = { Bucket: this.bucket, Key: name, Body: content, IfNoneMatch: "*" };
    await new Upload({ client, partSize: PART, queueSize: AT_ONCE, params }).done();
  }

  protected async chunksOf(name: string): Promise<AsyncIterable<Buffer>> {
    const client = await this.client();
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const { Body } = await client.send(new GetObjectCommand({ Bucket: this.bucket, Key: name }));
    if (Body instanceof Readable) return Body;
    throw new Error(`the library gave no stream of ${name}`); // it gives other kinds in a browser only
  }

  protected async *names(prefix: string): AsyncGenerator<string> {
    const client = await this.client();
    const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
    for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: this.bucket, Prefix: prefix })) {
      for (const { Key } of Contents ?? []) if (Key !== undefined) yield Key;
    }
  }

  protected async delete(name: string): Promise<void> {
    const client = await this.client();
    const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
    await client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: name }));
  }

  protected async readVersion(name: string): Promise<{ readonly bytes: Buffer; readonly version: string }> {
    const client = await this.client();
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: this.bucket, Key: name }));
    if (!Body || ETag === undefined) throw new Error(`the server gave no version of ${name}`);
    return { bytes: Buffer.from(await Body.transformToByteArray()), version: ETag };
  }

  protected async writeVersion(name: string, bytes: Buffer, version: string): Promise<void> {
    const client = await this.client();
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    await client.send(new PutObjectCommand({ Bucket: this.bucket, Key: name, Body: bytes, IfMatch: version }));
  }

  /** For an unknown key id, servers other than Amazon's answer with all kinds of status, also 404. */
  protected faultOf(error: unknown): Fault {
    if (!(error instanceof Error)) return { status: 0, text: String(error) };
    const { name, message } = error;
    const metadata = "$metadata" in error && isObject(error.$metadata) ? error.$metadata : {};
    const status = /AccessKey|UserNotFound|SignatureDoesNotMatch/i.test(name)
      ? 403
      : Number(metadata.httpStatusCode ?? 0);
    const kind = KINDS.find(([code]) => code.test(name))?.[1];
    return {
      status,
      text: [name, message].filter((word) => word && word !== "Error").join(": "),
      ...(kind && { kind }),
      ...(kind === "clock" && { ahead: aheadOf(error) }),
    };
  }

  private client(): Promise<S3Client> {
    this.connected ??= connect(this.place, this.credentials, this.tries);
    return this.connected;
  }
}

const variablesOf = ({ isReader }: Credentials): { readonly key: string; readonly secret: string } => {
  const before = isReader ? READER : "";
  return { key: `${before}AWS_ACCESS_KEY_ID`, secret: `${before}AWS_SECRET_ACCESS_KEY` };
};

const rightsOf = ({ isReader }: Credentials): string => (isReader ? "list and read" : "list, read and write");

/** Seconds by which our clock is ahead of the server's, by the date of its answer. */
function aheadOf(error: object): number | undefined {
  const response = "$response" in error && isObject(error.$response) ? error.$response : {};
  const { date } = isObject(response.headers) ? response.headers : {};
  const seconds = typeof date === "string" ? (Date.now() - Date.parse(date)) / 1000 : Number.NaN;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/**
 * Checksums are sent only where S3 demands them. Servers other than Amazon's do not know the SDK's newer ones, and
 * every object is read back and compared anyway.
 * @throws {UserError} when there are no credentials; the SDK must not look for others elsewhere
 */
async function connect({ region, endpoint }: S3Place, credentials: Credentials, tries: number): Promise<S3Client> {
  const {
    awsAccessKeyId: accessKeyId,
    awsSecretAccessKey: secretAccessKey,
    awsSessionToken: sessionToken,
  } = credentials;
  if (!accessKeyId || !secretAccessKey) {
    const { key, secret } = variablesOf(credentials);
    throw new UserError(
      "StoreCredentialsMissing",
      `${key} or ${secret} is not set.`,
      `Set both to a key that may ${rightsOf(credentials)} in the store.`,
    );
  }
  requireUnexpired(credentials, Date.now());
  // The SDK's only switch for a warning about Node 20, which would appear in the output of every command.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client({
    region: region ?? credentials.awsRegion ?? "us-east-1",
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    ...(endpoint && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: TIMEOUTS,
    maxAttempts: tries,
  });
}
