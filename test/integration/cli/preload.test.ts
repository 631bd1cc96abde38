import { deepStrictEqual, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHECKOUT } from "../../support/checkout";

describe("node with infra/preload.cjs", function () {
  this.timeout(20_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-preload-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const node = async (...args: string[]) =>
    (await promisify(execFile)("node", ["-r", "./infra/preload.cjs", ...args], { cwd: CHECKOUT })).stdout.trim();

  it("runs TypeScript, and its new text after a change", async () => {
    const file = join(folder, "one.ts");
    writeFileSync(file, "const text: string = 'first';\nconsole.log(text);");
    strictEqual(await node(file), "first");
    strictEqual(await node(file), "first");
    writeFileSync(file, "const text: string = 'second';\nconsole.log(text satisfies string);");
    strictEqual(await node(file), "second");
  });

  it("loads the TypeScript compiler with the SDK only when somebody asks for it", async () => {
    const loaded =
      "Object.keys(require.cache).filter((f) => /typescript.lib.typescript\\.js$/.test(f) && require.cache[f].children.length + Object.keys(require.cache[f].exports).length > 0).length";
    const script = `require("@pulumi/pulumi"); const before = ${loaded}; const ts = require("typescript"); console.log(JSON.stringify([before, typeof ts.transpileModule, ${loaded}]));`;
    deepStrictEqual(JSON.parse(await node("-e", script)), [0, "function", 1]);
  });
});
