import { deepStrictEqual, rejects } from "node:assert";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrongOptions } from "../../../sandbox/home";
import { up } from "../../../sandbox/up";

describe("up in a sandbox that was made without monitoring", () => {
  it("refuses it in one line, before anything is made", async () => {
    const home = mkdtempSync(join(tmpdir(), "smeshnet-up-"));
    try {
      writeFileSync(join(home, "world.json"), JSON.stringify({ schema: 1, driver: "kubernetes" }));
      await rejects(
        up(home, () => undefined, { monitoring: true }),
        (error: Error) =>
          error instanceof WrongOptions && /^The networks .* sandbox -- down[^\n]*$/.test(error.message),
      );
      deepStrictEqual(readdirSync(home), ["world.json"]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
