import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { UserError } from "../../../../infra/base/lib/errors";
import { ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { digestOf, textOf } from "../../../../infra/base/store/digest";
import { openStore } from "../../../../infra/base/store/open";

/** A store in a folder of its own, removed at the end of the test. */
async function inStore(test: (store: Store, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  try {
    await test(openStore(pathToFileURL(folder).href), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

describe("archive store", () => {
  it("gives back what it was given, with its size and digest", () =>
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

  it("never rewrites an object", () =>
    inStore(async (store, folder) => {
      await store.put("a/b", "first");
      await rejects(store.put("a/b", "second"), new ObjectExists("a/b"));
      strictEqual(readFileSync(join(folder, "a/b"), "utf8"), "first");
      deepStrictEqual(filesIn(folder), ["a", "a/b"]);
    }));

  it("lets one of two writers of the same object win", () =>
    inStore(async (store, folder) => {
      const results = await Promise.allSettled([store.put("a", "first"), store.put("a", "second")]);
      deepStrictEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      deepStrictEqual(filesIn(folder), ["a"]);
    }));

  it("keeps nothing of an object whose content breaks off, and says that", () =>
    inStore(async (store, folder) => {
      const broken = Readable.from(
        (async function* () {
          yield "the first half";
          throw new Error("connection reset");
        })(),
      );
      await rejects(store.put("a/b", broken), /a\/b could not be kept \(connection reset\)/);
      deepStrictEqual(filesIn(folder), ["a"]);
      deepStrictEqual(await store.list(""), []);
    }));

  it("does not show an object before it is whole", () =>
    inStore(async (store) => {
      const content = new Readable({ read: () => undefined });
      content.push("the first half");
      const putting = store.put("a", content);
      deepStrictEqual(await store.list(""), []);
      content.push(null);
      await putting;
      deepStrictEqual(await store.list(""), ["a"]);
    }));

  it("lists keys below a prefix, sorted, and nothing in a store that is not there yet", () =>
    inStore(async (store, folder) => {
      for (const key of ["b/2", "b/1", "a/1"]) await store.put(key, key);
      writeFileSync(join(folder, "b/3.part"), "left behind by a writer that was killed");
      deepStrictEqual(await store.list("b/"), ["b/1", "b/2"]);
      deepStrictEqual(await openStore(`${pathToFileURL(folder).href}/new`).list(""), []);
    }));

  it("says which object is missing", () =>
    inStore(async (store, folder) => {
      const missing = (error: Error) => {
        strictEqual(error instanceof UserError, true, error.stack);
        strictEqual(error.message, `a/b is not in the store at ${folder}`);
        return true;
      };
      await rejects(textOf(store.get("a/b")), missing);
      await rejects(digestOf(store.get("a/b")), missing);
    }));

  it("leaves nothing behind when it is probed", () =>
    inStore(async (store, folder) => {
      await store.probe();
      deepStrictEqual(filesIn(folder), []);
    }));

  it("says on a probe that it cannot be written, and what to do", () =>
    inStore(async (_, folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "in the place of the folder");
      await rejects(openStore(pathToFileURL(file).href).probe(), (error: Error) => {
        strictEqual(error instanceof UserError, true, error.stack);
        match(
          error.message,
          /^the archive store .*file cannot be written \(EEXIST.*\): there must be a folder at its place/,
        );
        return true;
      });
    }));

  it("is refused where its URL is none", () => {
    for (const url of ["s3://", "/archive", "file://archive"]) throws(() => openStore(url), /is not a store/);
  });
});
