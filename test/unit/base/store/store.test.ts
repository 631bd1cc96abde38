import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../../infra/base/store/digest";
import { FolderStore } from "../../../../infra/base/store/folder";
import { openStore } from "../../../../infra/base/store/open";
import { refuses, refusesLater } from "../../../support/errors";
import { KEYED } from "../../../support/record-key";

/** Runs a test on a store in its own folder, which is removed afterwards. */
async function inStore(test: (store: Store, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  try {
    await test(new FolderStore(folder), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

describe("FolderStore", () => {
  it("returns each object as it was written, with its size and digest", () =>
    inStore(async (store) => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), async (chunks) => {
          const key = `objects/${++number}`;
          const whole = Buffer.concat(chunks);
          const expected = { bytes: whole.length, sha256: createHash("sha256").update(whole).digest("hex") };
          deepStrictEqual(await store.put(key, Readable.from(chunks.map((chunk) => Buffer.from(chunk)))), expected);
          deepStrictEqual(await digestOf(store.get(key)), expected);
        }),
        { numRuns: 20 },
      );
    }));

  it("never overwrites an object", () =>
    inStore(async (store, folder) => {
      await store.put("a/b", "first");
      await rejects(store.put("a/b", "second"), new ObjectExists("a/b"));
      strictEqual(readFileSync(join(folder, "a/b"), "utf8"), "first");
      deepStrictEqual(filesIn(folder), ["a", "a/b"]);
    }));

  it("lets one of two concurrent writers of an object win", () =>
    inStore(async (store, folder) => {
      const results = await Promise.allSettled([store.put("a", "first"), store.put("a", "second")]);
      deepStrictEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      deepStrictEqual(filesIn(folder), ["a"]);
    }));

  it("stores nothing and reports it when the content breaks off", () =>
    inStore(async (store, folder) => {
      const broken = Readable.from(
        (async function* () {
          yield "the first half";
          throw new Error("connection reset");
        })(),
      );
      await refusesLater(store.put("a/b", broken), "ContentBrokeOff", { names: ["a/b", "connection reset"] });
      deepStrictEqual(filesIn(folder), ["a"]);
      deepStrictEqual(await store.list(""), []);
    }));

  it("shows no object before it is complete", () =>
    inStore(async (store) => {
      const content = new Readable({ read: () => undefined });
      content.push("the first half");
      const putting = store.put("a", content);
      deepStrictEqual(await store.list(""), []);
      content.push(null);
      await putting;
      deepStrictEqual(await store.list(""), ["a"]);
    }));

  it("lists the keys with a prefix, sorted and without drafts", () =>
    inStore(async (store, folder) => {
      for (const key of ["b/2", "b/1", "a/1"]) await store.put(key, key);
      writeFileSync(join(folder, "b/3.part"), "the draft of a killed writer");
      deepStrictEqual(await store.list("b/"), ["b/1", "b/2"]);
    }));

  it("lists nothing in a folder that does not exist yet", () =>
    inStore(async (_, folder) =>
      deepStrictEqual(await openStore(`${pathToFileURL(folder).href}/new`, KEYED).list(""), []),
    ));

  it("names a missing object and the store", () =>
    inStore(async (store, folder) => {
      const missing = { names: ["a/b", folder] };
      await refusesLater(textOf(store.get("a/b")), "ObjectMissing", missing);
      await refusesLater(digestOf(store.get("a/b")), "ObjectMissing", missing);
    }));

  it("leaves nothing behind after a probe", () =>
    inStore(async (store, folder) => {
      await store.probe();
      deepStrictEqual(filesIn(folder), []);
    }));

  it("reports at a probe that its folder is a file", () =>
    inStore(async (_, folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "in the place of the folder");
      const unwritable = { names: [file, "EEXIST", "Use the path of a folder"] };
      await refusesLater(openStore(pathToFileURL(file).href, KEYED).probe(), "StoreUnwritable", unwritable);
    }));
});

describe("openStore", () => {
  for (const url of ["s3://", "/archive", "file://archive"]) {
    it(`refuses the URL ${url}`, () =>
      refuses(() => openStore(url, KEYED), "StoreUrlInvalid", {
        exitCode: 2,
        names: [url, "file:///", "s3://", "gs://"],
      }));
  }

  it("asks for the credentials of a bucket at the first access only", async () => {
    const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    const half = openStore("s3://logs", { ...KEYED, awsAccessKeyId: "key" });
    await refusesLater(half.list(""), "StoreCredentialsMissing", { names });
    const google = ["GOOGLE_APPLICATION_CREDENTIALS"];
    await refusesLater(openStore("gs://logs", KEYED).probe(), "StoreCredentialsMissing", { names: google });
  });
});
