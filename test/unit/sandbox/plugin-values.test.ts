import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { changes } from "../../../sandbox/plugins/changes";
import { fromApi, toApi } from "../../../sandbox/plugins/cloudflare/naming";
import { selectPaths } from "../../../sandbox/plugins/command/globs";
import { fileAsset, hasSecret, plain, secret, type Value } from "../../../sandbox/plugins/values";

const json = fc.jsonValue().map((value) => value as Value);

describe("property values of the stand-in plugins", () => {
  it("stay the same when marked as secret and unmarked again", () => {
    fc.assert(
      fc.property(json, (value) => {
        deepStrictEqual(plain({ inner: secret(value) }), { inner: value });
        strictEqual(hasSecret([{ inner: secret(value) }]), true);
        strictEqual(hasSecret(value), false);
      }),
    );
  });

  it("report each change by its path, and compare secrets by their values", () => {
    const before = { triggers: ["a", "b"], environment: { HOME: "/", "A.B": "1" }, dir: "/", token: secret("x") };
    const after = { triggers: ["a", "c", "d"], environment: { HOME: "/", "A.B": "2" }, stdin: "", token: "x" };
    deepStrictEqual(changes(before, after), [
      { path: "triggers[1]", kind: "update" },
      { path: "triggers[2]", kind: "add" },
      { path: 'environment["A.B"]', kind: "update" },
      { path: "dir", kind: "delete" },
      { path: "stdin", kind: "add" },
    ]);
  });

  it("report no change for equal values of any kind", () => {
    fc.assert(fc.property(json, (value) => deepStrictEqual(changes({ value }, { value: structuredClone(value) }), [])));
  });

  it("compare assets by content, not by path", () => {
    deepStrictEqual(changes({ file: fileAsset("/a", "1") }, { file: fileAsset("/b", "1") }), []);
    deepStrictEqual(changes({ file: fileAsset("/a", "1") }, { file: fileAsset("/a", "2") }), [
      { path: "file", kind: "update" },
    ]);
  });
});

describe("selectPaths", () => {
  const select = (...globs: string[]) =>
    selectPaths(["a.txt", "b.md", "sub/c.txt", "sub/deep/d.txt", "x{1}.txt"], globs);

  it("stops at slashes for one asterisk and crosses them for two", () => {
    deepStrictEqual(select("*.txt"), ["a.txt", "x{1}.txt"]);
    deepStrictEqual(select("sub/*.txt"), ["sub/c.txt"]);
    deepStrictEqual(select("sub/**.txt"), ["sub/c.txt", "sub/deep/d.txt"]);
  });

  it("applies globs in order, so that a later one can exclude and include again", () => {
    deepStrictEqual(select("**.txt", "!sub/**", "sub/deep/*"), ["a.txt", "sub/deep/d.txt", "x{1}.txt"]);
  });

  it("matches sets of letters and words, and takes other characters literally", () => {
    deepStrictEqual(select("[ab].{txt,md}"), ["a.txt", "b.md"]);
    deepStrictEqual(select("?.txt"), ["a.txt"]);
    deepStrictEqual(select("atxt"), []);
  });
});

describe("fromApi and toApi", () => {
  it("convert names between the API and the SDK, including nested ones, and drop null values", () => {
    const api = { zone_id: "z", settings: { ipv4_only: true }, bindings: [{ namespace_id: "n" }] };
    const sdk = { zoneId: "z", settings: { ipv4Only: true }, bindings: [{ namespaceId: "n" }] };
    deepStrictEqual(fromApi({ ...api, comment: null }), sdk);
    deepStrictEqual(toApi({ ...sdk, comment: undefined }), api);
  });
});
