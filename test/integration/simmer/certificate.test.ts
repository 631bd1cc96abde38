import { deepStrictEqual, match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealCertificate } from "../../../infra/simmer/certificate/verify";
import { newKeys, SAMPLE_INPUT } from "../../support/certificate";
import { CHECKOUT } from "../../support/checkout";

describe("smeshnet certificate verify", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-certificate-"));
  const { privateKey, publicKey } = newKeys.Ed25519();
  const certificate = sealCertificate(SAMPLE_INPUT, privateKey);
  writeFileSync(join(folder, "public.pem"), publicKey);
  writeFileSync(join(folder, "certificate.json"), certificate);
  writeFileSync(join(folder, "other.pem"), newKeys.Ed25519().publicKey);
  writeFileSync(join(folder, "changed.json"), certificate.replace(/"sig":"(.)/, '"sig":"$1A'));
  after(() => rmSync(folder, { recursive: true }));

  /** Files are named from the folder in which the command is typed. */
  const run = (...args: string[]) => {
    const program = [join(CHECKOUT, "scripts/smeshnet.cjs"), "certificate", "verify", ...args];
    return spawnSync(process.execPath, program, { cwd: folder, encoding: "utf8" });
  };

  it("shows what a valid certificate states", () => {
    const { status, stdout, stderr } = run("certificate.json", "--key", "public.pem");
    strictEqual(status, 0, stderr);
    match(stdout, /^v1\.2\.3\+1 is certified, with warnings: never-blind\n.*\ncommit +d20ace7968ba/s);
  });

  it("prints the same as JSON", () => {
    const { status, stdout } = run("certificate.json", "--key", "public.pem", "--json");
    strictEqual(status, 0);
    deepStrictEqual(JSON.parse(stdout), { ...SAMPLE_INPUT, result: "WARNED", warnings: ["never-blind"] });
  });

  const failures: [what: string, args: string[], status: number, line: RegExp][] = [
    ["a changed certificate", ["changed.json", "--key", "public.pem"], 1, /^error\[\w+\]: .*signature/],
    ["another key", ["certificate.json", "--key", "other.pem"], 1, /^error\[SignatureInvalid\]: /],
    ["no key", ["certificate.json"], 2, /^error\[UsageInvalid\]: --key is missing/],
    ["a file that is not there", ["gone.json", "--key", "public.pem"], 2, /^error\[FileUnreadable\]: .*gone\.json/],
    ["a certificate as the key", ["certificate.json", "--key", "certificate.json"], 2, /^error\[KeyInvalid\]: /],
  ];
  for (const [what, args, status, line] of failures) {
    it(`fails with exit code ${status} and one line for ${what}`, () => {
      const failed = run(...args);
      strictEqual(failed.status, status, failed.stderr);
      strictEqual(failed.stdout, "");
      match(failed.stderr, line);
      strictEqual(failed.stderr.trim().split("\n").length, 1);
    });
  }
});
