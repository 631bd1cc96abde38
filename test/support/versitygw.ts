import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Credentials } from "../../infra/base/model/credentials";
import { RECORD_KEY } from "./record-key";
import { toolchain } from "./toolchain";

/** Credentials of a server that exists only during its test. */
const KEY = { id: "archive-test", secret: "only-on-this-machine" };

/** The key of an account. */
export type AwsKey = Readonly<Record<"awsAccessKeyId" | "awsSecretAccessKey", string>>;

const Policy = z.object({ Statement: z.array(z.looseObject({})) });

/** A real S3 server on a folder, in which each object of the bucket is a file. */
export class S3Server {
  /** What a client of the server needs. */
  readonly credentials: Credentials = { awsAccessKeyId: KEY.id, awsSecretAccessKey: KEY.secret, recordKey: RECORD_KEY };

  /** The same as variables, for a program. */
  readonly environment = {
    AWS_ACCESS_KEY_ID: KEY.id,
    AWS_SECRET_ACCESS_KEY: KEY.secret,
    SMESHNET_RECORD_KEY: RECORD_KEY,
  };

  private constructor(
    /** URL of a store on the server, with a prefix. */
    readonly store: string,
    private readonly root: string,
    private readonly server: ChildProcess,
  ) {}

  static async start(): Promise<S3Server> {
    const root = mkdtempSync(join(tmpdir(), "smeshnet-s3-"));
    mkdirSync(join(root, "data/logs"), { recursive: true });
    for (const folder of ["meta", "accounts"]) mkdirSync(join(root, folder));
    const endpoint = `127.0.0.1:${await freePort()}`;
    const server = spawn(
      join(toolchain().bin, "versitygw"),
      [
        "--port",
        endpoint,
        "--iam-dir",
        join(root, "accounts"),
        "posix",
        "--sidecar",
        join(root, "meta"),
        join(root, "data"),
      ],
      {
        env: { ROOT_ACCESS_KEY: KEY.id, ROOT_SECRET_KEY: KEY.secret },
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    for await (const line of createInterface({ input: server.stdout })) if (line.includes(`http://${endpoint}`)) break;
    server.stdout.resume();
    if (server.exitCode !== null) throw new Error(`versitygw does not start (exit code ${server.exitCode})`);
    return new S3Server(`s3://logs/nets?region=us-east-1&endpoint=http://${endpoint}`, root, server);
  }

  /**
   * Accounts that may do what policies in files say, by the names of the files' accounts.
   * @param policies files of policies for an account at AWS, in which BUCKET stands for the bucket
   * @returns the credentials of each
   */
  async accounts(policies: Readonly<Record<string, string>>): Promise<Record<string, AwsKey>> {
    const endpoint = new URL(this.store).searchParams.get("endpoint") ?? "";
    const admin = ["admin", "--access", KEY.id, "--secret", KEY.secret, "--endpoint-url", endpoint];
    const statements: object[] = [];
    for (const [name, file] of Object.entries(policies)) {
      const account = ["create-user", "--access", name, "--secret", `${name}-secret`, "--role", "user"];
      execFileSync(join(toolchain().bin, "versitygw"), [...admin, ...account]);
      const { Statement } = Policy.parse(JSON.parse(readFileSync(file, "utf8").replaceAll("BUCKET", "logs")));
      statements.push(...Statement.map((one, i) => ({ ...one, Sid: `${name}${i}`, Principal: { AWS: [name] } })));
    }
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true"; // as the store's own client does
    const client = new S3Client({
      region: "us-east-1",
      endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: KEY.id, secretAccessKey: KEY.secret },
    });
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    await client.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: policy }));
    client.destroy();
    return Object.fromEntries(
      Object.keys(policies).map((name) => [name, { awsAccessKeyId: name, awsSecretAccessKey: `${name}-secret` }]),
    );
  }

  /** The file of an object below the prefix. */
  file(key: string): string {
    return join(this.root, "data/logs/nets", key);
  }

  /** The bucket's folder. */
  get bucket(): string {
    return join(this.root, "data/logs");
  }

  async stop(): Promise<void> {
    const ended = once(this.server, "exit");
    this.server.kill();
    await ended;
    rmSync(this.root, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
