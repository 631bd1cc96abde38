import { deepStrictEqual, ok } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CHECKOUT } from "../../../support/checkout";

/** What runs for people; tests may play an attacker, and benchmarks read what they wrote. */
const ROOMS = ["infra", "components", "stacks", "scripts", "sandbox", "edge", "policy"];

/** Files that know the stores behind the wrapper. */
const STORE = "infra/base/store/";

/** The states of Pulumi are no records: the engine itself rewrites them. */
const DOCUMENTS = "infra/base/engine/recovery/backend-files.ts";

const files = ROOMS.flatMap((room) =>
  readdirSync(join(CHECKOUT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => relative(CHECKOUT, join(entry.parentPath, entry.name))),
).filter((file) => !file.includes("node_modules"));

const holding = (pattern: RegExp, outside: (file: string) => boolean): string[] =>
  files.filter((file) => outside(file) && pattern.test(readFileSync(join(CHECKOUT, file), "utf8"))).sort();

describe("the store", () => {
  it("is opened by openStore alone, so that no caller can forget the seal", () => {
    ok(files.length > 300);
    const inside = /\/store\/(?:adoption|beginning|cloud|folder|gcs|record-\w+|s3|seal|sealed|unproven)(?:\.js)?["']/;
    const users = holding(inside, (file) => !file.startsWith(STORE));
    deepStrictEqual(users, ["infra/archive/survey.ts"], "which only writes the words of what was found");
    deepStrictEqual(
      holding(/\bnew (?:Folder|S3|Gcs|Sealed|Cloud)Store\(/, () => true),
      [`${STORE}open.ts`],
    );
    deepStrictEqual(
      holding(/\bopenDocuments\(/, (file) => !file.startsWith(STORE)),
      [DOCUMENTS],
    );
  });

  it("is read by no library of a bucket elsewhere", () => {
    const libraries = /["'](?:@aws-sdk\/|@google-cloud\/storage)/;
    deepStrictEqual(
      holding(libraries, () => true).filter((file) => !file.startsWith(STORE)),
      [],
    );
  });

  it("gets its key from the environment alone", () => {
    const named = holding(/SMESHNET_RECORD_KEY/, () => true);
    deepStrictEqual(named, [
      "infra/base/cli/credentials.ts",
      "infra/base/cli/environment.ts",
      "infra/base/lib/secrets.ts",
      "infra/base/model/credentials.ts",
      "infra/base/store/record-keys.ts",
      "sandbox/environment.ts",
      "scripts/archive/seal.ts",
    ]);
  });
});
