import { argument, defineCommand, flag, toggle } from "../../infra/base/cli/command";
import { SETTINGS, STORE_TO_READ } from "../../infra/base/cli/environment";
import { file } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { boundedTextFile, LIMITS } from "../../infra/base/lib/bounded";
import { UserError } from "../../infra/base/lib/errors";

export const command = defineCommand({
  about: [
    "Verifies a certificate offline, from its file alone: the signature, the form, and that the network simmered " +
      "long enough. The command shows what the certificate states. It fails when a single byte of that was changed.",
    "The file is an in-toto statement in a DSSE envelope, which cosign verifies too: " +
      "`cosign verify-blob-attestation --insecure-ignore-tlog --type https://in-toto.io/attestation/test-result/v0.1 " +
      "--key PUBLIC.pem --signature FILE BLOB`. BLOB is the last object of the simmer's log.",
  ],
  arguments: { file: argument("FILE", file, "File of the certificate.") },
  flags: {
    key: flag("PUBLIC.pem", file, "Public key of those who certify networks: Ed25519 or ECDSA P-256. Required."),
    samples: toggle("Also judge every sample of the log again, from the archive store."),
    json: toggle("Print what the certificate states as JSON."),
  },
  environment: [...STORE_TO_READ, ...SETTINGS],
  examples: [
    ["smeshnet certificate verify v1.2.3+1.json --key public.pem", "Verify a certificate and show what it states."],
    [
      "smeshnet certificate verify v1.2.3+1.json --key public.pem --samples",
      "Verify it down to every sample of its log.",
    ],
    [
      "smeshnet certificate verify v1.2.3+1.json --key public.pem --json | jq -r .commit",
      "Print the certified commit.",
    ],
  ],
  async run({ file }, { key, samples, json }) {
    if (key === undefined)
      throw new UserError(
        "UsageInvalid",
        "--key is missing, and a certificate proves nothing without the key of those who sealed it.",
        "Add `--key PUBLIC.pem`.",
        2,
      );
    const [{ verifyCertificate }, { certificateWords }] = await Promise.all([
      import("../../infra/simmer/certificate/verify.js"),
      import("../../infra/simmer/certificate/words.js"),
    ]);
    const certificate = verifyCertificate(await textOf(file), await textOf(key));
    if (samples) {
      const [{ openProjectToRead }, { verifyLog }] = await Promise.all([
        import("../store.js"),
        import("../../infra/simmer/certify.js"),
      ]);
      await verifyLog((await openProjectToRead()).store, certificate);
    }
    if (json) return answer(certificate);
    print(...certificateWords(certificate));
    if (samples) print(`samples     all ${certificate.chain.count} entries of the log prove it`);
  },
});

/** @throws {UserError} naming the file when it cannot be read */
async function textOf(path: string): Promise<string> {
  try {
    return await boundedTextFile(path, LIMITS.document);
  } catch (error) {
    throw new UserError(
      "FileUnreadable",
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? error}).`,
      "Check the path and your permissions.",
      2,
    );
  }
}
