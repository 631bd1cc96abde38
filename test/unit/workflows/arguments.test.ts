import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { commandOf, STEPS } from "../../support/workflows";

/** What somebody may put into a tag, a label or a reason. */
const HOSTILE = `it's "new"; $(id) \`id\` * $HOME --force\nsecond line`;

describe("the arguments of the commands", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-arguments-"));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "npx"), `#!/bin/bash\nprintf '%s\\0' "$@"\n`, { mode: 0o755 });

  for (const step of STEPS) {
    const words = commandOf(step);
    if (!words?.some((word) => word.includes("$"))) continue;
    it(`are single words, whatever is in the variables: ${words.join(" ")}`, () => {
      const names = (step.run?.match(/\$\w+/g) ?? []).map((name) => name.slice(1));
      const env = {
        PATH: [folder, process.env.PATH].join(delimiter),
        ...Object.fromEntries(names.map((n) => [n, HOSTILE])),
      };
      const { stdout } = spawnSync("bash", ["-eo", "pipefail", "-c", step.run ?? ""], { env, encoding: "utf8" });
      const wanted = words.map((word) => (word.startsWith('"$') ? HOSTILE : word));
      ok(wanted.includes(HOSTILE));
      deepStrictEqual(stdout.split("\0").slice(0, -1), ["smeshnet", ...wanted]);
    });
  }
});

describe("git in the workflows that move branches", () => {
  const steps = STEPS.filter(({ env }) => env !== undefined && "GIT_TOKEN" in env);

  it("is in two workflows", () => strictEqual(steps.length, 2));

  for (const { name, env = {} } of steps) {
    const variables = Object.entries(env).filter(([key]) => key.startsWith("GIT_CONFIG_"));
    const texts = variables.map(([key, value]) => [
      key,
      String(value).replace(/\$\{\{[^}]*\}\}/, "https://github.com"),
    ]);
    const fill = (host: string) =>
      spawnSync("git", ["credential", "fill"], {
        encoding: "utf8",
        env: { PATH: process.env.PATH, GIT_TERMINAL_PROMPT: "0", GIT_TOKEN: "t0ken", ...Object.fromEntries(texts) },
        input: `protocol=https\nhost=${host}\n\n`,
      });

    it(`takes the token from the environment, and for its own server only: ${name}`, () => {
      match(fill("github.com").stdout, /\nusername=x-access-token\npassword=t0ken\n$/);
      strictEqual(fill("example.org").stdout, "");
    });
  }
});
