import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../lib/errors";
import type { StorePlace } from "../model/store-url";
import { CloudStore, type Fault } from "./cloud";

/** Bytes of one part of an upload; S3 allows 10,000 parts (80 GB), and none but the last below 5 MiB. */
const PART = 8 * 1024 * 1024;
/** Parts under way at once, which are what an upload holds in memory. */
const AT_ONCE = 2;
/** Longest way to a connection, and longest silence on it, in milliseconds. */
const PATIENCE = { connectionTimeout: 10_000, socketTimeout: 120_000 };

const CREDENTIALS = "give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that may list, read and write there";

/** S3, or another server of its protocol. */
export class S3Store extends CloudStore {
  private readonly bucket: string;
  private connected: Promise<S3Client> | undefined;

  constructor(private readonly place: Extract<StorePlace, { kind: "s3" }>) {
    super(`s3://${place.bucket}/${place.prefix}`, place.prefix, CREDENTIALS);
    this.bucket = place.bucket;
  }

  protected async write(name: string, content: Readable): Promise<void> {
    const client = await this.client();
    const { Upload } = await import("@aws-sdk/lib-storage");
    const params = { Bucket: this.bucket, Key: name, Body: content, IfNoneMatch: "*" };
    await new Upload({ client, partSize: PART, queueSize: AT_ONCE, params }).done();
  }

  protected async read(name: string): Promise<AsyncIterable<Buffer>> {
    const client = await this.client();
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const { Body } = await client.send(new GetObjectCommand({ Bucket: this.bucket, Key: name }));
    return Body as Readable; // in Node it is one
  }

  protected async *names(prefix: string): AsyncGenerator<string> {
    const client = await this.client();
    const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
    for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: this.bucket, Prefix: prefix })) {
      for (const { Key } of Contents ?? []) if (Key !== undefined) yield Key;
    }
  }

  protected async remove(name: string): Promise<void> {
    const client = await this.client();
    const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
    await client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: name }));
  }

  /** Servers other than Amazon's answer for an unknown key id what they like, also 404. */
  protected faultOf(error: unknown): Fault {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = /AccessKey|UserNotFound|SignatureDoesNotMatch/i.test(name) ? 403 : ($metadata?.httpStatusCode ?? 0);
    return { status, said: [name, message].filter((word) => word && word !== "Error").join(": ") };
  }

  private client(): Promise<S3Client> {
    this.connected ??= connect(this.place);
    return this.connected;
  }
}

/**
 * Checksums are sent where S3 wants them: servers other than Amazon's do not know the SDK's newer ones, and every object
 * is read back and compared anyway.
 * @throws {UserError} when there are no credentials in the environment; none are looked for elsewhere
 */
async function connect({ region, endpoint }: Extract<StorePlace, { kind: "s3" }>): Promise<S3Client> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (!accessKeyId || !secretAccessKey)
    throw new UserError(`AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: ${CREDENTIALS}`);
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // of Node 20, into every verb's words
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client({
    region: region ?? process.env.AWS_REGION ?? "us-east-1",
    credentials: { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) },
    ...(endpoint && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: PATIENCE,
  });
}
