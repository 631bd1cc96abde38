import { deepStrictEqual, strictEqual } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, shown, UserError } from "../../../../infra/base/lib/errors";
import { isObject, parsedJson, parsedObject, valueAt } from "../../../../infra/base/lib/json";
import { runWith, timed } from "../../../../infra/base/lib/run";
import { withTemporaryFolder } from "../../../../infra/base/lib/temporary";

describe("timed", () => {
  it("returns the result and the whole seconds by the run's clock", async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => undefined };
    const act = async () => {
      now += 1600;
      return "done";
    };
    deepStrictEqual(await timed(runWith({ clock }), act), ["done", 2]);
  });
});

describe("errorText", () => {
  it("shows code, fault and fix on one line, and further lines below", () => {
    const error = new UserError("RepositoryUnreadable", "git failed:\n  no route to host.", "Check the network.");
    strictEqual(errorText(error), "error[RepositoryUnreadable]: git failed: no route to host. Check the network.");
    const several = Object.assign(new UserError("SettingsInvalid", "2 settings are wrong:", "", 2), {
      lines: ["a", "b"],
    });
    strictEqual(errorText(several), "error[SettingsInvalid]: 2 settings are wrong:\n  a\n  b");
  });
});

describe("shown", () => {
  it("shows a value as JSON without credentials, and cuts a long one", () => {
    strictEqual(shown("https://user:secret@host/a"), '"https://***@host/a"');
    strictEqual(shown(undefined), "undefined");
    strictEqual(shown("x".repeat(1000)).length, 123);
  });
});

describe("JSON", () => {
  it("is undefined when the text is not JSON, or not an object", () => {
    deepStrictEqual([parsedJson("{"), parsedJson("[1]")], [undefined, [1]]);
    deepStrictEqual(["{", "null", "[]", "7"].map(parsedObject), [undefined, undefined, undefined, undefined]);
    deepStrictEqual(parsedObject('{"a":1}'), { a: 1 });
    deepStrictEqual([isObject({}), isObject([]), isObject(null)], [true, false, false]);
  });

  it("has a value at a path, or undefined where the path leads nowhere", () => {
    const document = { list: [{ name: "a" }], text: "abc" };
    strictEqual(valueAt(document, ["list", 0, "name"]), "a");
    strictEqual(valueAt(document, []), document);
    deepStrictEqual(
      [
        ["text", "length"],
        ["list", 1, "name"],
        ["x", "y"],
      ].map((path) => valueAt(document, path)),
      [undefined, undefined, undefined],
    );
  });
});

describe("withTemporaryFolder", () => {
  it("removes the folder with its files, also after a failure", async () => {
    let folder = "";
    const use = async (lent: string) => {
      folder = lent;
      writeFileSync(join(lent, "file"), "x");
      throw new Error("failed");
    };
    await withTemporaryFolder(use).catch((error: Error) => strictEqual(error.message, "failed"));
    deepStrictEqual([folder !== "", existsSync(folder)], [true, false]);
  });
});
