import { deepStrictEqual, match, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHECKOUT } from "../../../support/checkout";

const run = promisify(execFile);

describe("Node.js with infra/preload.cjs", function () {
  this.timeout(20_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-preload-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const node = async (...args: string[]) =>
    (await run("node", ["-r", "./infra/preload.cjs", ...args], { cwd: CHECKOUT })).stdout.trim();

  it("runs TypeScript, also after the file has changed", async () => {
    const file = join(folder, "one.ts");
    writeFileSync(file, "const text: string = 'first';\nconsole.log(text);");
    strictEqual(await node(file), "first");
    strictEqual(await node(file), "first");
    writeFileSync(file, "const text: string = 'second';\nconsole.log(text satisfies string);");
    strictEqual(await node(file), "second");
  });

  it("loads a TypeScript file that an `import()` names by its compiled name, and only then", async () => {
    writeFileSync(join(folder, "lazy.ts"), "console.log('loaded');\nexport const text: string = 'lazy';");
    const file = join(folder, "eager.ts");
    const load = "import('./lazy.js').then(({ text }) => console.log(text))";
    writeFileSync(file, `setTimeout(() => void ${load});\nconsole.log('eager');`);
    strictEqual(await node(file), "eager\nloaded\nlazy");
  });

  const rarelyUsed: [what: string, library: string, files: RegExp, use: string, is: string][] = [
    [
      "TypeScript compiler of the Pulumi SDK",
      "@pulumi/pulumi",
      /typescript.lib.typescript\.js$/,
      "require('typescript').transpileModule",
      "function",
    ],
    [
      "Automation API",
      "@pulumi/pulumi",
      /pulumi.pulumi.automation.stack\.js$/,
      "require('@pulumi/pulumi').automation.Stack",
      "function",
    ],
    [
      "tracing of Pulumi's runner",
      "@pulumi/pulumi/cmd/run/tracing",
      /opentelemetry.exporter-zipkin.build.src.zipkin\.js$/,
      "require('@pulumi/pulumi/cmd/run/tracing').start('http://127.0.0.1:9/')",
      "undefined",
    ],
    ["languages of zod", "zod", /zod.v4.locales.de\.cjs$/, "require('zod').z.locales.de", "function"],
  ];
  for (const [what, library, file, use, is] of rarelyUsed) {
    it(`loads the ${what} only when a member is used`, async () => {
      const loaded = `Object.keys(require.cache).filter((one) => ${file}.test(one) && isLoaded(require.cache[one])).length`;
      const script = [
        "const isLoaded = ({ children, exports }) => children.length + Object.keys(exports).length > 0",
        `require("${library}"); const before = ${loaded}; const use = typeof ${use}`,
        `console.log(JSON.stringify([before, use, ${loaded}]))`,
      ].join("; ");
      deepStrictEqual(JSON.parse(await node("-e", script)), [0, is, 1]);
    });
  }

  // The state of every older stack holds these command lines. They run when the stack is destroyed.
  for (const words of ["archive collect", "guard", "history close", "network down"]) {
    const [file, ...action] = words.split(" ");
    it(`runs \`${[`scripts/${file}.ts`, ...action].join(" ")}\`, as stacks from before \`smeshnet\` do`, async () => {
      const line = ["-r", "./infra/preload.cjs", `scripts/${file}.ts`, ...action, "testnet"];
      const ended = await run("node", line, { cwd: CHECKOUT })
        .then(() => ({ code: 0, stderr: "" }))
        .catch(({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }));
      match(ended.stderr, /^error\[BuildTagInvalid\]: .*\n$/);
      strictEqual(ended.code, 2);
    });
  }
});
