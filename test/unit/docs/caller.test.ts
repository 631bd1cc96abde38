import { ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../support/checkout";

describe("the README", () => {
  it("shows the workflow of a node repository as it is in packaging/github", () => {
    const readme = readFileSync(join(CHECKOUT, "README.md"), "utf8");
    const shown = /```yaml\n([^`]+)```/.exec(readme)?.[1];
    ok(shown);
    strictEqual(shown, readFileSync(join(CHECKOUT, "packaging/github/smeshnet.yml"), "utf8"));
  });
});
