import { deepStrictEqual, ok, rejects } from "node:assert";
import { Readable } from "node:stream";
import { parseStoreUrl } from "../../../../infra/base/model/store-url";
import { type Documents, ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../../infra/base/store/digest";
import { GcsStore } from "../../../../infra/base/store/gcs";
import { openDocuments, openStore } from "../../../../infra/base/store/open";
import { keepsVersions } from "../../../support/documents";
import { refusesLater } from "../../../support/errors";
import { GcsFake } from "../../../support/gcs-fake";
import { KEYED } from "../../../support/record-key";

/** The library is real. The server is a fake, since Google offers none for tests. */
type GcsPlace = ConstructorParameters<typeof GcsStore>[0];

describe("GcsStore", function () {
  this.timeout(20_000);
  let server: GcsFake;
  let store: Store;
  let open: (url: string) => Store;
  let documents: () => Documents;

  beforeEach(async () => {
    server = new GcsFake();
    const storageEmulator = await server.start();
    open = (url) => new GcsStore(parseStoreUrl(url) as GcsPlace, { storageEmulator });
    documents = () => openDocuments({ kind: "gcs", bucket: "logs", prefix: "nets/" }, { storageEmulator });
    store = open("gs://logs/nets");
  });
  afterEach(() => server.stop());

  const chunks = (bytes: number): Readable =>
    Readable.from(
      (function* () {
        for (let left = bytes; left > 0; left -= 100_000) yield Buffer.alloc(Math.min(left, 100_000), "log");
      })(),
      { objectMode: false },
    );

  it("returns small objects and those of several requests as they were written, and lists all pages", async () => {
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

  it("writes each object on the condition that the key is free, and never overwrites one", async () => {
    await store.put("a", "first");
    const uploads = server.requests.filter((line) => line.startsWith("POST"));
    ok(uploads.length > 0 && uploads.every((line) => line.includes("ifGenerationMatch=0")), uploads.join());
    await rejects(store.put("a", "second"), new ObjectExists("a"));
    const race = await Promise.allSettled([store.put("b", chunks(9_000_000)), store.put("b", chunks(9_000_001))]);
    deepStrictEqual(race.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("replaces a version of a document only while it is the present one", async () => {
    await keepsVersions(documents(), "state.json");
  });

  it("stores nothing and reports it when the content breaks off", async () => {
    const broken = Readable.from(
      (async function* () {
        yield* chunks(10_000_000);
        throw new Error("connection reset");
      })(),
    );
    await refusesLater(store.put("a", broken), "ContentBrokeOff", { names: ["a was not stored", "connection reset"] });
    deepStrictEqual([...server.objects.keys()], []);
  });

  it("leaves nothing behind after a probe", async () => {
    await store.probe();
    deepStrictEqual([...server.objects.keys()], []);
  });

  it("tells a missing object from a missing bucket", async () => {
    await refusesLater(textOf(store.get("a")), "ObjectMissing", { names: ["a is not", "gs://logs/nets/"] });
    const names = ["gs://none/", "The specified bucket does not exist", "Create the bucket"];
    await refusesLater(open("gs://none").list(""), "StoreUnreadable", { names });
    await refusesLater(textOf(open("gs://none").get("a")), "StoreUnreadable", { names });
  });

  it("asks for GOOGLE_APPLICATION_CREDENTIALS when there is no key file", () =>
    refusesLater(openStore("gs://logs", KEYED).probe(), "StoreCredentialsMissing", {
      names: ["GOOGLE_APPLICATION_CREDENTIALS"],
    }));
});
