import { deepStrictEqual, ok, rejects } from "node:assert";
import { Readable } from "node:stream";
import { UserError } from "../../../infra/base/lib/errors";
import { ObjectExists, type Store } from "../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../infra/base/store/digest";
import { openStore } from "../../../infra/base/store/open";
import { GcsFake } from "../../support/gcs-fake";

const VARIABLES = ["STORAGE_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"] as const;

/** The library is real, the server is not: there is none of Google's to be had. */
describe("a store in a bucket of Google Cloud Storage", function () {
  this.timeout(20_000);
  const environment = VARIABLES.map((name) => [name, process.env[name]] as const);
  let server: GcsFake;
  let store: Store;

  beforeEach(async () => {
    server = new GcsFake();
    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
    process.env.STORAGE_EMULATOR_HOST = await server.start();
    store = openStore("gs://logs/nets");
  });
  afterEach(() => {
    server.stop();
    for (const [name, value] of environment) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const chunks = (bytes: number): Readable =>
    Readable.from(
      (function* () {
        for (let left = bytes; left > 0; left -= 100_000) yield Buffer.alloc(Math.min(left, 100_000), "log");
      })(),
      { objectMode: false },
    );

  it("gives back what it was given, small and of several requests, and lists it in all pages", async () => {
    for (const bytes of [0, 10, 20_000_000]) {
      const key = `archives/v1.2.3+1/1/${bytes}`;
      const written = await store.put(key, chunks(bytes));
      deepStrictEqual([written.bytes, await digestOf(store.get(key))], [bytes, written]);
      ok(server.objects.has(`nets/${key}`));
    }
    deepStrictEqual(
      await store.list("archives/v1.2.3+1/"),
      [0, 10, 20_000_000].map((bytes) => `archives/v1.2.3+1/1/${bytes}`),
    );
  });

  it("writes each object on the condition that there is none, and never rewrites it", async () => {
    await store.put("a", "first");
    const uploads = server.asked.filter((line) => line.startsWith("POST"));
    ok(uploads.length > 0 && uploads.every((line) => line.includes("ifGenerationMatch=0")), uploads.join());
    await rejects(store.put("a", "second"), new ObjectExists("a"));
    const race = await Promise.allSettled([store.put("b", chunks(9_000_000)), store.put("b", chunks(9_000_001))]);
    deepStrictEqual(race.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("keeps nothing of an object whose content breaks off", async () => {
    const broken = Readable.from(
      (async function* () {
        yield* chunks(10_000_000);
        throw new Error("connection reset");
      })(),
    );
    await rejects(store.put("a", broken), new UserError("a could not be kept (connection reset): run this again"));
    deepStrictEqual([...server.objects.keys()], []);
  });

  it("leaves nothing behind when it is probed", async () => {
    await store.probe();
    deepStrictEqual([...server.objects.keys()], []);
  });

  it("says what is missing: the object, the bucket or the credentials", async () => {
    await rejects(textOf(store.get("a")), new UserError("a is not in the store at gs://logs/nets/"));
    await rejects(
      openStore("gs://none").list(""),
      /^UserError: the archive store gs:\/\/none\/ cannot be read \(The specified bucket does not exist\.\): make the bucket/,
    );
    delete process.env.STORAGE_EMULATOR_HOST;
    await rejects(
      openStore("gs://logs").probe(),
      /^UserError: GOOGLE_APPLICATION_CREDENTIALS is not set: let GOOGLE_APPLICATION_CREDENTIALS name the key file/,
    );
  });
});
