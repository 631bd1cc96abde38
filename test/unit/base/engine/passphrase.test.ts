import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiComplaint } from "../../../../infra/base/engine/complaints";
import { requirePassphrase } from "../../../../infra/base/engine/passphrase";
import type { Exported } from "../../../../infra/base/engine/state";
import { refusesLater } from "../../../support/errors";

/** As pulumi 3.250.0 made it with the passphrase "x". */
const SALT = "v1:wlZ/OYuujj8=:v1:sUw4Tg/dRLn14Oa/:SkvJ7URHvl70dhH54ywsngOmJoiRoA==";
/** The same with an empty passphrase. */
const EMPTY_SALT = "v1:gkVicqnZO8A=:v1:QO9ftyxHYNyCXfFm:9bdLAJwlmRsis81365wu5yS8XCDEaQ==";

const stateWith = (type: string, salt = SALT): Exported => ({
  deployment: { secrets_providers: { type, state: { salt } } },
});
const OLD = stateWith("passphrase");
const FOLDER = { PULUMI_BACKEND_URL: "file:///state" };

describe("the passphrase of a stack (T38)", function () {
  this.timeout(10_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-passphrase-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const checked = (state: Exported | undefined, environment: Record<string, string>) =>
    requirePassphrase("1_2_3_1", state, environment);

  it("is asked for by name when it is missing, for an old stack and for a new one in a folder or bucket", async () => {
    const missing = { exitCode: 2, names: ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"] } as const;
    await refusesLater(checked(OLD, FOLDER), "PassphraseMissing", missing);
    await refusesLater(checked(undefined, FOLDER), "PassphraseMissing", missing);
    await refusesLater(checked(undefined, { PULUMI_BACKEND_URL: "gs://bucket" }), "PassphraseMissing", missing);
  });

  it("is refused when it is wrong, also an empty one", async () => {
    for (const text of ["other", ""])
      await refusesLater(checked(OLD, { PULUMI_CONFIG_PASSPHRASE: text }), "PassphraseWrong", { names: ["1_2_3_1"] });
  });

  it("is right as text, as a file with a line end, and when it is empty where the stack was made so", async () => {
    const file = join(folder, "p");
    writeFileSync(file, "x\n");
    await checked(OLD, { PULUMI_CONFIG_PASSPHRASE: "x" });
    await checked(OLD, { PULUMI_CONFIG_PASSPHRASE_FILE: file });
    await checked(stateWith("passphrase", EMPTY_SALT), { PULUMI_CONFIG_PASSPHRASE: "" });
    await checked(undefined, { ...FOLDER, PULUMI_CONFIG_PASSPHRASE: "" });
  });

  it("names a file that cannot be read", () =>
    refusesLater(checked(OLD, { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" }), "PassphraseUnreadable", {
      exitCode: 2,
      names: ["/nowhere", "ENOENT"],
    }));

  it("is not asked for where somebody else keeps the secrets", async () => {
    await checked(stateWith("cloud"), FOLDER);
    await checked(stateWith("service"), {});
    await checked(undefined, { PULUMI_BACKEND_URL: "https://api.pulumi.com" });
    await checked(undefined, {}); // logged in, who knows where
  });
});

describe("pulumiComplaint", () => {
  for (const [output, code] of [
    [
      "error: could not create secrets manager for new stack: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      "PassphraseMissing",
    ],
    [
      "error: getting stack configuration: get stack secrets manager: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /nowhere: no such file or directory",
      "PassphraseUnreadable",
    ],
    ["error: getting stack configuration: get stack secrets manager: incorrect passphrase", "PassphraseWrong"],
    ["error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", "BackendMissing"],
  ] as const)
    it(`knows ${code}`, () => {
      const complaint = pulumiComplaint(`code: 255\n stdout: \n stderr: ${output}\n\n err?: undefined\n`);
      strictEqual(complaint?.code, code);
      deepStrictEqual(complaint.message.includes("\n"), false);
    });

  it("leaves all others to the caller", () =>
    strictEqual(pulumiComplaint("error: no stack named 'a' found"), undefined));
});
