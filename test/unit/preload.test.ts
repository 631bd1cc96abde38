import { strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../support/checkout";

describe("preload.cjs", () => {
  it("runs TypeScript also where it cannot keep what it compiled, as in a read-only checkout", () => {
    const folder = mkdtempSync(join(tmpdir(), "smeshnet-preload-"));
    try {
      mkdirSync(join(folder, "infra"));
      mkdirSync(join(folder, "node_modules"));
      for (const name of readdirSync(join(CHECKOUT, "node_modules")).filter((one) => one !== ".cache"))
        symlinkSync(join(CHECKOUT, "node_modules", name), join(folder, "node_modules", name));
      writeFileSync(join(folder, "node_modules/.cache"), "no folder");
      cpSync(join(CHECKOUT, "infra/preload.cjs"), join(folder, "infra/preload.cjs"));
      writeFileSync(join(folder, "a.ts"), "const text: string = 'ran'; process.stdout.write(text);");
      const ran = execFileSync(process.execPath, ["-r", "./infra/preload.cjs", "./a.ts"], { cwd: folder });
      strictEqual(`${ran}`, "ran");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
