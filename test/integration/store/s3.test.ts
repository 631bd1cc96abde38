import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { UserError } from "../../../infra/base/lib/errors";
import { ObjectExists, type Store } from "../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../infra/base/store/digest";
import { openStore } from "../../../infra/base/store/open";
import { S3Server } from "../../support/versitygw";

/** More than one part of an upload. */
const LARGE = 20_000_000;

describe("a store in a bucket of a real S3 server", function () {
  this.timeout(30_000);
  let server: S3Server;
  let store: Store;
  const environment = { ...process.env };

  before(async () => {
    server = await S3Server.start();
    Object.assign(process.env, server.environment);
    store = openStore(server.store);
  });
  after(async () => {
    for (const name of Object.keys(server.environment)) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
    await server.stop();
  });

  /** Objects of the bucket as its folder has them, without what the server keeps for itself. */
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

  it("gives back what it was given, small and large, under the very key", async () => {
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
    it(`never rewrites ${what} object, and of two writers at once lets one win`, async () => {
      const key = `race-${bytes}`;
      const race = await Promise.allSettled([
        openStore(server.store).put(key, chunks(bytes, "1")),
        openStore(server.store).put(key, chunks(bytes, "2")),
      ]);
      const [lost, ...more] = race.filter((one) => one.status === "rejected");
      deepStrictEqual([lost?.reason, more], [new ObjectExists(key), []]);
      await rejects(store.put(key, chunks(bytes, "3")), new ObjectExists(key));
      const kept = await buffer(store.get(key));
      const winner = race.findIndex((one) => one.status === "fulfilled") + 1;
      ok(kept.equals(Buffer.alloc(bytes, `${winner}`)));
    });
  }

  it("keeps nothing of an upload whose content breaks off, not even parts", async () => {
    const there = objects();
    const broken = Readable.from(
      (async function* () {
        yield* chunks(LARGE, "x");
        throw new Error("connection reset");
      })(),
    );
    await rejects(
      store.put("broken", broken),
      /^UserError: broken could not be kept \(connection reset\): run this again$/,
    );
    deepStrictEqual(objects(), there);
    deepStrictEqual(await store.list("broken"), []);
  });

  it("has no object of a writer that was killed in the middle", async () => {
    const script = `
      const { openStore } = require("./infra/base/store/open.ts");
      const { Readable } = require("node:stream");
      const endless = async function* () {
        for (let sent = 0; ; sent += 1) {
          if (sent === 200) process.stdout.write("far enough");
          if (sent > 200) await new Promise(() => setInterval(() => undefined, 1000));
          yield Buffer.alloc(100000);
        }
      };
      openStore(process.env.STORE).put("killed", Readable.from(endless(), { objectMode: false }));`;
    const writer = spawn(process.execPath, ["-r", "./infra/preload.cjs", "-e", script], {
      env: { ...process.env, STORE: server.store },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    deepStrictEqual(await store.list("killed"), []);
    strictEqual(existsSync(server.file("killed")), false);
    await store.put("killed", "a later writer is not in its way");
  });

  it("leaves nothing behind when it is probed", async () => {
    const there = await store.list("");
    await store.probe();
    deepStrictEqual(await store.list(""), there);
  });

  it("says which object is missing", () =>
    rejects(textOf(store.get("a/b")), new UserError("a/b is not in the store at s3://logs/nets/")));

  describe("that cannot be had", () => {
    const secret = "a-secret-that-is-wrong";
    const elsewhere = (change: (url: string) => string) => openStore(change(server.store));

    const wrong: [string, Record<string, string>, (url: string) => string, RegExp][] = [
      [
        "because of a wrong secret",
        { AWS_SECRET_ACCESS_KEY: secret },
        (url) => url,
        /^the archive store s3:\/\/logs\/nets\/ cannot be written \(SignatureDoesNotMatch: .*\): give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that may list, read and write there$/,
      ],
      [
        "because of an unknown key",
        { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: secret },
        (url) => url,
        /cannot be written \(\w+: .*\): give AWS_ACCESS_KEY_ID and/,
      ],
      [
        "because there is no such bucket",
        {},
        (url) => url.replace("s3://logs/", "s3://none/"),
        /cannot be written \(NoSuchBucket: .*\): make the bucket, or name one that is there$/,
      ],
      [
        "because nobody is there",
        {},
        (url) => url.replace(/:\d+$/, ":1"),
        /cannot be written \(.*ECONNREFUSED.*\): look at the store's URL and the way there, and run this again$/,
      ],
      [
        "without a key",
        { AWS_ACCESS_KEY_ID: "" },
        (url) => url,
        /^AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: give/,
      ],
    ];
    for (const [why, environment, change, says] of wrong) {
      it(`says so ${why}, in one line and without a secret`, async () => {
        Object.assign(process.env, environment);
        try {
          await rejects(elsewhere(change).probe(), (error: Error) => {
            ok(error instanceof UserError, error.stack);
            match(error.message, says);
            doesNotMatch(error.message, new RegExp(`\n|${secret}|${server.environment.AWS_SECRET_ACCESS_KEY}`));
            return true;
          });
        } finally {
          Object.assign(process.env, server.environment);
        }
      });
    }

    it("says of a missing bucket that it is the bucket when it is read", () =>
      rejects(
        textOf(elsewhere((url) => url.replace("s3://logs/", "s3://none/")).get("a")),
        /cannot be read \(NoSuchBucket.*make the bucket/,
      ));
  });
});
