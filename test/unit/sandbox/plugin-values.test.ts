import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { changes } from "../../../sandbox/plugins/changes";
import { fromApi, toApi } from "../../../sandbox/plugins/cloudflare/naming";
import { selectPaths } from "../../../sandbox/plugins/command/globs";
import { fileAsset, hasSecret, plain, secret, type Value } from "../../../sandbox/plugins/values";

const json = fc.jsonValue().map((value) => value as Value);

describe("The property values of the stand-in plugins", () => {
  it("are the same after being marked as secret and used", () => {
    fc.assert(
      fc.property(json, (value) => {
        deepStrictEqual(plain({ inner: secret(value) }), { inner: value });
        strictEqual(hasSecret([{ inner: secret(value) }]), true);
        strictEqual(hasSecret(value), false);
      }),
    );
  });

  it("have changed where their paths say, secrets by what they hold", () => {
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

  it("have not changed when they are the same, whatever they are", () => {
    fc.assert(fc.property(json, (value) => deepStrictEqual(changes({ value }, { value: structuredClone(value) }), [])));
  });

  it("tell assets by their content, not by their place", () => {
    deepStrictEqual(changes({ file: fileAsset("/a", "1") }, { file: fileAsset("/b", "1") }), []);
    deepStrictEqual(changes({ file: fileAsset("/a", "1") }, { file: fileAsset("/a", "2") }), [
      { path: "file", kind: "update" },
    ]);
  });
});

describe("The globs of a command", () => {
  const select = (...globs: string[]) =>
    selectPaths(["a.txt", "b.md", "sub/c.txt", "sub/deep/d.txt", "x{1}.txt"], globs);

  it("stop at slashes with one asterisk and go on with two", () => {
    deepStrictEqual(select("*.txt"), ["a.txt", "x{1}.txt"]);
    deepStrictEqual(select("sub/*.txt"), ["sub/c.txt"]);
    deepStrictEqual(select("sub/**.txt"), ["sub/c.txt", "sub/deep/d.txt"]);
  });

  it("are taken in order, so that a later one excludes and includes again", () => {
    deepStrictEqual(select("**.txt", "!sub/**", "sub/deep/*"), ["a.txt", "sub/deep/d.txt", "x{1}.txt"]);
  });

  it("choose among letters and words, and take other signs as they are", () => {
    deepStrictEqual(select("[ab].{txt,md}"), ["a.txt", "b.md"]);
    deepStrictEqual(select("?.txt"), ["a.txt"]);
    deepStrictEqual(select("atxt"), []);
  });
});

describe("The names of Cloudflare's API", () => {
  it("are those of the SDK in another spelling, nested ones too, without what is null", () => {
    const api = { zone_id: "z", settings: { ipv4_only: true }, bindings: [{ namespace_id: "n" }] };
    const sdk = { zoneId: "z", settings: { ipv4Only: true }, bindings: [{ namespaceId: "n" }] };
    deepStrictEqual(fromApi({ ...api, comment: null }), sdk);
    deepStrictEqual(toApi({ ...sdk, comment: undefined }), api);
  });
});
