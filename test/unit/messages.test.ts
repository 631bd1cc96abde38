import { deepStrictEqual, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodes, messageCatalogue } from "../../scripts/docs/messages";
import { GOLDEN } from "../support/checkout";

const FILE = join(GOLDEN, "messages.txt");

describe("messages", () => {
  const catalogue = messageCatalogue();

  it("are those of test/golden/messages.txt (UPDATE_GOLDEN=1 npx mocha test/unit/messages.test.ts rewrites it)", () => {
    if (process.env.UPDATE_GOLDEN) writeFileSync(FILE, catalogue);
    strictEqual(catalogue, readFileSync(FILE, "utf8"));
  });

  it("have an error code in PascalCase", () => {
    deepStrictEqual(
      errorCodes(catalogue).filter((code) => !/^([A-Z][a-z0-9]+)+$/.test(code)),
      [],
    );
  });

  it("name what to do about each error, in sentences that end", () => {
    const errors = catalogue.split("\n").filter((line) => line.startsWith("  error["));
    deepStrictEqual(
      errors.filter((line) => !/([.:?}]|`)$/.test(line)),
      [],
    );
  });

  it("name no file of this repository as a command", () => {
    deepStrictEqual(
      catalogue.split("\n").filter((line) => /^ {2}.*(scripts\/|node --import)/.test(line)),
      [],
    );
  });
});
