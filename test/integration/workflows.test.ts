import { deepStrictEqual, match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../support/checkout";
import { toolchain } from "../support/toolchain";
import { CALLER, WORKFLOWS } from "../support/workflows";

/** Runs actionlint alone: without shellcheck and pyflakes, which this machine may have. */
function actionlint(...files: string[]): { readonly status: number | null; readonly said: string } {
  const args = ["-no-color", "-shellcheck=", "-pyflakes=", ...files];
  const { status, stdout, stderr } = spawnSync(join(toolchain().bin, "actionlint"), args, {
    cwd: CHECKOUT,
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

describe("actionlint", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-actionlint-"));
  after(() => rmSync(folder, { recursive: true }));

  it("finds nothing in the workflows and the caller", () => {
    deepStrictEqual(actionlint(...WORKFLOWS.map(({ file }) => file)), { status: 0, said: "" });
  });

  it("finds a wrong event, a wrong context and an unquoted filter", () => {
    const wrong = join(folder, "wrong.yml");
    const text = readFileSync(CALLER, "utf8")
      .replace("schedule:", "shedule:")
      .replace("secrets.DISCORD_WEBHOOK", "secret.X");
    writeFileSync(wrong, text.replace("[0-9]+.[0-9]+.[0-9]+'", "+'"));
    const { status, said } = actionlint(wrong);
    strictEqual(status, 1);
    match(said, /unknown Webhook event "shedule"/);
    match(said, /undefined variable "secret"/);
  });
});
