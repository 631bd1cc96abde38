import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Credentials } from "../../infra/base/model/credentials";
import { RECORD_KEY } from "./record-key";
import { toolchain } from "./toolchain";

/** Credentials of a server that exists only during its test. */
const KEY = { id: "archive-test", secret: "only-on-this-machine" };

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
    mkdirSync(join(root, "meta"));
    const endpoint = `127.0.0.1:${await freePort()}`;
    const server = spawn(
      join(toolchain().bin, "versitygw"),
      ["--port", endpoint, "posix", "--sidecar", join(root, "meta"), join(root, "data")],
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
