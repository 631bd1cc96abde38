import { deepStrictEqual, doesNotMatch, ok, rejects, strictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { openBackend } from "../../../../infra/base/engine/recovery/backend-files";
import type { Credentials } from "../../../../infra/base/model/credentials";
import { parseStoreUrl } from "../../../../infra/base/model/store-url";
import { ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../../infra/base/store/digest";
import { openDocuments } from "../../../../infra/base/store/open";
import { S3Store } from "../../../../infra/base/store/s3";
import { keepsVersions } from "../../../support/documents";
import { isRefusal, refusesLater } from "../../../support/errors";
import { S3Server } from "../../../support/versitygw";

type S3Place = ConstructorParameters<typeof S3Store>[0];

/** Size of an object of several parts, in bytes. */
const LARGE = 20_000_000;

describe("S3Store", function () {
  this.timeout(30_000);
  let server: S3Server;
  let store: Store;

  before(async () => {
    server = await S3Server.start();
    store = open();
  });
  after(() => server.stop());

  const open = (credentials: Credentials = server.credentials, url = server.store) =>
    new S3Store(parseStoreUrl(url) as S3Place, credentials);

  /** The files of the bucket's objects. */
  const objects = (): string[] =>
    readdirSync(server.bucket, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  const chunks = (bytes: number, fill: string): Readable =>
    Readable.from(
      (function* () {
        for (let left = bytes; left > 0; left -= 100_000) yield Buffer.alloc(Math.min(left, 100_000), fill);
      })(),
      { objectMode: false },
    );

  it("replaces a version of a document only while it is the present one", async () => {
    const place = parseStoreUrl(server.store);
    strictEqual(place?.kind, "s3");
    await keepsVersions(openDocuments(place, server.credentials), "state.json");
  });

  it("is a backend of Pulumi, whose locks are seen and removed one by one", async () => {
    const url = server.store.replace("endpoint=http://", "disableSSL=true&awssdk=v2&endpoint=");
    const files = openBackend(url, server.credentials);
    for (const name of ["a", "b"]) await files?.create(`locks/organization/smeshnet/testnet/${name}.json`, name);
    await files?.remove("locks/organization/smeshnet/testnet/a.json", "another");
    await files?.remove("locks/organization/smeshnet/testnet/b.json", "b");
    deepStrictEqual(await files?.locks("locks/organization/smeshnet/testnet"), [
      { key: "locks/organization/smeshnet/testnet/a.json", text: "a", lock: undefined, isLocal: false },
    ]);
  });

  it("returns small and large objects as they were written, and lists their keys", async () => {
    for (const [key, bytes] of [
      ["archives/v1.2.3+1/1/empty", 0],
      ["archives/v1.2.3+1/1/logs/miner-1.log.zst", 1000],
      ["archives/v1.2.3+1/1/large", LARGE],
    ] as const) {
      const written = await store.put(key, chunks(bytes, key));
      strictEqual(written.bytes, bytes);
      deepStrictEqual(await digestOf(store.get(key)), written);
      strictEqual(readFileSync(server.file(key)).length, bytes);
    }
    deepStrictEqual(await store.list("archives/v1.2.3+1/1/l"), [
      "archives/v1.2.3+1/1/large",
      "archives/v1.2.3+1/1/logs/miner-1.log.zst",
    ]);
    deepStrictEqual(await store.list("archives/v1.2.3+11/"), []);
  });

  for (const [what, bytes] of [
    ["a small", 10],
    ["a large", LARGE],
  ] as const) {
    it(`never overwrites ${what} object, and lets one of two concurrent writers win`, async () => {
      const key = `race-${bytes}`;
      const race = await Promise.allSettled([open().put(key, chunks(bytes, "1")), open().put(key, chunks(bytes, "2"))]);
      const [lost, ...more] = race.filter((one) => one.status === "rejected");
      deepStrictEqual([lost?.reason, more], [new ObjectExists(key), []]);
      await rejects(store.put(key, chunks(bytes, "3")), new ObjectExists(key));
      const kept = await buffer(store.get(key));
      const winner = race.findIndex((one) => one.status === "fulfilled") + 1;
      ok(kept.equals(Buffer.alloc(bytes, `${winner}`)));
    });
  }

  it("stores nothing, not even parts, and reports it when the content breaks off", async () => {
    const there = objects();
    const broken = Readable.from(
      (async function* () {
        yield* chunks(LARGE, "x");
        throw new Error("connection reset");
      })(),
    );
    await refusesLater(store.put("broken", broken), "ContentBrokeOff", { names: ["broken", "connection reset"] });
    deepStrictEqual(objects(), there);
    deepStrictEqual(await store.list("broken"), []);
  });

  it("shows no object of a writer that was killed, and a later writer can store it", async () => {
    const script = `
      const { S3Store } = require("./infra/base/store/s3.ts");
      const { parseStoreUrl } = require("./infra/base/model/store-url.ts");
      const { Readable } = require("node:stream");
      const endless = async function* () {
        for (let sent = 0; ; sent += 1) {
          if (sent === 200) process.stdout.write("far enough");
          if (sent > 200) await new Promise(() => setInterval(() => undefined, 1000));
          yield Buffer.alloc(100000);
        }
      };
      const credentials = JSON.parse(process.env.CREDENTIALS);
      new S3Store(parseStoreUrl(process.env.STORE), credentials).put("killed", Readable.from(endless(), { objectMode: false }));`;
    const writer = spawn(process.execPath, ["-r", "./infra/preload.cjs", "-e", script], {
      env: { ...process.env, STORE: server.store, CREDENTIALS: JSON.stringify(server.credentials) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    deepStrictEqual(await store.list("killed"), []);
    strictEqual(existsSync(server.file("killed")), false);
    await store.put("killed", "by a later writer");
  });

  it("leaves nothing behind after a probe", async () => {
    const there = await store.list("");
    await store.probe();
    deepStrictEqual(await store.list(""), there);
  });

  it("names a missing object and the store", () =>
    refusesLater(textOf(store.get("a/b")), "ObjectMissing", { names: ["a/b", "s3://logs/nets/"] }));

  describe("without access", () => {
    const secret = "a-secret-that-is-wrong";
    const otherBucket = () => server.store.replace("s3://logs/", "s3://none/");
    const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

    interface Case {
      readonly credentials?: Credentials;
      readonly url?: () => string;
      readonly code?: string;
      readonly names: readonly string[];
    }

    const cases: Readonly<Record<string, Case>> = {
      "a wrong secret": {
        credentials: { awsSecretAccessKey: secret },
        names: ["s3://logs/nets/", "SignatureDoesNotMatch", ...keys],
      },
      "an unknown key": { credentials: { awsAccessKeyId: "nobody", awsSecretAccessKey: secret }, names: keys },
      "a missing bucket": { url: otherBucket, names: ["NoSuchBucket", "Create the bucket"] },
      "a server that does not run": { url: () => server.store.replace(/:\d+$/, ":1"), names: ["ECONNREFUSED", "URL"] },
      "no key": { credentials: { awsAccessKeyId: undefined }, code: "StoreCredentialsMissing", names: keys },
    };
    for (const [what, { credentials, url, code = "StoreUnwritable", names }] of Object.entries(cases)) {
      it(`reports ${what} in one line and without a secret`, async () => {
        const probed = open({ ...server.credentials, ...credentials }, url?.()).probe();
        await rejects(probed, (error: unknown) => {
          doesNotMatch(String(error), new RegExp(`\n|${secret}|${server.credentials.awsSecretAccessKey}`));
          return isRefusal(error, code, { names });
        });
      });
    }

    it("reports a missing bucket, not a missing object, when an object is read", () =>
      refusesLater(textOf(open(server.credentials, otherBucket()).get("a")), "StoreUnreadable", {
        names: ["NoSuchBucket", "Create the bucket"],
      }));
  });
});
