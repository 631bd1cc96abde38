import { deepStrictEqual, match, strictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sha256Of } from "../../../infra/base/lib/sha256";
import { sealCertificate } from "../../../infra/simmer/certificate/verify";
import { newKeys, SAMPLE_INPUT } from "../../support/certificate";
import { toolchain } from "../../support/toolchain";

/** The last object of a simmer's log, as the store holds it. */
const LAST_OBJECT = '{"previous":"0f","samples":[]}\n';
const INPUT = { ...SAMPLE_INPUT, chain: { ...SAMPLE_INPUT.chain, head: sha256Of(LAST_OBJECT) } };
const TYPE = "https://in-toto.io/attestation/test-result/v0.1";

for (const kind of ["Ed25519", "ECDSA P-256"] as const) {
  describe(`cosign, with a certificate that an ${kind} key sealed`, function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "smeshnet-cosign-"));
    const { privateKey, publicKey } = newKeys[kind]();
    const certificate = sealCertificate(INPUT, privateKey);
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const key = file("public.pem", publicKey);
    const sealed = file("certificate.json", certificate);
    const blob = file("last-object.json", LAST_OBJECT);
    after(() => rmSync(folder, { recursive: true }));

    /** Runs cosign as docs/commands.md shows, with further arguments in the end. */
    const verify = (signature: string, ...more: string[]) =>
      cosign(folder, "--insecure-ignore-tlog", "--type", TYPE, "--key", key, "--signature", signature, ...more);

    it("accepts it for the last object of the log", async () => {
      const { code, said } = await verify(sealed, blob);
      strictEqual(code, 0, said);
      match(said, /Verified OK/);
    });

    it("accepts it for the digest of the image", async () => {
      const digest = ["--digest", SAMPLE_INPUT.image?.sha256 ?? "", "--digestAlg", "sha256"];
      const { code, said } = await verify(sealed, ...digest);
      strictEqual(code, 0, said);
    });

    it("accepts it without any object", async () => {
      const { code, said } = await verify(sealed, "--check-claims=false");
      strictEqual(code, 0, said);
    });

    it("refuses it for another object", async () => {
      const { code, said } = await verify(sealed, file("other.json", `${LAST_OBJECT} `));
      deepStrictEqual([code, /no matching subject digest/.test(said)], [1, true], said);
    });

    it("refuses it after its payload was changed", async () => {
      const { payload, ...rest } = JSON.parse(certificate);
      const statement = Buffer.from(payload, "base64").toString().replace('"visits":7', '"visits":8');
      const changed = { ...rest, payload: Buffer.from(statement).toString("base64") };
      const { code, said } = await verify(file("changed.json", JSON.stringify(changed)), blob);
      deepStrictEqual([code, /accepted signatures do not match threshold/.test(said)], [1, true], said);
    });

    it("refuses it with another key", async () => {
      const other = file("other.pem", newKeys[kind]().publicKey);
      const { code, said } = await verify(sealed, "--key", other, blob);
      deepStrictEqual([code, /accepted signatures do not match threshold/.test(said)], [1, true], said);
    });

    it("refuses it as another type of attestation", async () => {
      const { code, said } = await verify(sealed, "--type", "https://slsa.dev/provenance/v1", blob);
      deepStrictEqual([code, /invalid predicate type/.test(said)], [1, true], said);
    });
  });
}

/** Runs cosign alone: its folder of trusted roots is empty, and it needs none. */
async function cosign(home: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(join(toolchain().bin, "cosign"), ["verify-blob-attestation", ...args], {
    env: { HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, said: out + err };
}
