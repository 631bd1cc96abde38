import { match, ok, strictEqual } from "node:assert";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CHECKOUT } from "../../../support/checkout";
import { RECORD_KEY } from "../../../support/record-key";
import { toolchain } from "../../../support/toolchain";

/** Calls of `smeshnet` on real backends, each with another mistake about the passphrase (T38). */
describe("smeshnet without the right passphrase", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-passphrase-"));
  const environment = {
    PATH: [toolchain().bin, process.env.PATH].join(delimiter),
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    CLOUDFLARE_API_TOKEN: "none",
    SMESHNET_RECORD_KEY: RECORD_KEY,
    SMESHNET_ZONE_ID: "zone1",
    SMESHNET_ACCOUNT_ID: "account1",
    SMESHNET_GCP_PROJECT: "project",
    SMESHNET_GCP_LOCATION: "us-east1",
    SMESHNET_GCP_ZONE: "us-east1-b",
    SMESHNET_ARCHIVE: `file://${join(folder, "store")}`,
  };
  const [old, fresh] = ["old", "new"].map((name) => {
    mkdirSync(join(folder, name));
    return { PULUMI_BACKEND_URL: `file://${join(folder, name)}` };
  });
  const answers = new Map<string, Promise<{ readonly code: number; readonly stderr: string }>>();
  const call = (args: string, env: Record<string, string>) =>
    new Promise<{ code: number; stderr: string }>((resolve) => {
      const command = ["scripts/smeshnet.cjs", ...args.split(" ")];
      execFile(process.execPath, command, { cwd: CHECKOUT, env: { ...environment, ...env } }, (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      );
    });
  const cases = {
    missing: ["recover edge", { ...old }, 2, "PassphraseMissing"],
    "missing, for a new stack": ["deploy edge", { ...fresh }, 2, "PassphraseMissing"],
    wrong: ["recover edge", { ...old, PULUMI_CONFIG_PASSPHRASE: "other" }, 1, "PassphraseWrong"],
    "in a file that is gone": [
      "recover edge",
      { ...old, PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" },
      2,
      "PassphraseUnreadable",
    ],
    "without a backend": ["recover edge", {}, 2, "BackendMissing"],
    "in a file": [
      "recover edge",
      { ...old, PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "p") },
      0,
      "nothing to clean up",
    ],
    "by a qualified name": [
      "recover organization/smeshnet/edge",
      { ...old, PULUMI_CONFIG_PASSPHRASE: "x" },
      0,
      "nothing to clean up",
    ],
  } as const;

  before(() => {
    writeFileSync(join(folder, "p"), "x\n");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: smeshnet\nruntime: nodejs\n");
    const env = { ...environment, ...old, PULUMI_CONFIG_PASSPHRASE: "x" };
    execFileSync("pulumi", ["stack", "init", "edge", "--non-interactive"], { cwd: folder, env, stdio: "pipe" });
    for (const [name, [args, given]] of Object.entries(cases)) answers.set(name, call(args, given));
  });
  after(async () => {
    await Promise.all(answers.values());
    rmSync(folder, { recursive: true });
  });

  for (const [name, [args, , exitCode, says]] of Object.entries(cases))
    it(`ends \`${args}\` with ${says} (${name})`, async () => {
      const { code, stderr } = (await answers.get(name)) ?? { code: -1, stderr: "" };
      strictEqual(code, exitCode, stderr);
      ok(stderr.includes(says), stderr);
      if (exitCode !== 0) match(stderr, /^[^\n]+\n$/); // one line, without a stack trace
    });

  it("makes no stack", () =>
    strictEqual(readdirSync(join(folder, "new"), { recursive: true }).join().includes("edge"), false));
});
