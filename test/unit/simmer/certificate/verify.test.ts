import { deepStrictEqual, strictEqual } from "node:assert";
import { signEnvelope } from "../../../../infra/simmer/certificate/envelope";
import { renderStatement } from "../../../../infra/simmer/certificate/statement";
import { requireFor, sealCertificate, verifyCertificate } from "../../../../infra/simmer/certificate/verify";
import { certificateWords } from "../../../../infra/simmer/certificate/words";
import { newKeys, SAMPLE_INPUT } from "../../../support/certificate";
import { refuses } from "../../../support/errors";

const { privateKey, publicKey } = newKeys.Ed25519();
const tooShort = { ...SAMPLE_INPUT, observed: { ...SAMPLE_INPUT.observed, healthy: 0 } };

describe("verifyCertificate", () => {
  it("gives what was sealed, with the result and the warnings", () => {
    const sealed = sealCertificate(SAMPLE_INPUT, privateKey);
    deepStrictEqual(verifyCertificate(sealed, publicKey), {
      ...SAMPLE_INPUT,
      result: "WARNED",
      warnings: ["never-blind"],
    });
  });

  it("refuses a simmer that is too short, even with a valid signature", () => {
    const signed = signEnvelope(renderStatement(tooShort), privateKey);
    refuses(() => verifyCertificate(signed, publicKey), "SimmerIncomplete");
  });

  it("believes nothing of a file that another key signed", () => {
    const forged = sealCertificate(SAMPLE_INPUT, newKeys["ECDSA P-256"]().privateKey);
    refuses(() => verifyCertificate(forged, publicKey), "SignatureInvalid");
  });
});

describe("sealCertificate", () => {
  it("does not sign a simmer that is too short", () => {
    refuses(() => sealCertificate(tooShort, privateKey), "SimmerIncomplete");
  });

  it("does not sign a digest that is none", () => {
    refuses(() => sealCertificate({ ...SAMPLE_INPUT, commit: "HEAD" }, privateKey), "CertificateInvalid");
    refuses(
      () => sealCertificate({ ...SAMPLE_INPUT, image: { name: "image", sha256: "" } }, privateKey),
      "CertificateInvalid",
    );
  });

  it("makes the same file from the same input with an Ed25519 key", () => {
    strictEqual(sealCertificate(SAMPLE_INPUT, privateKey), sealCertificate({ ...SAMPLE_INPUT }, privateKey));
  });
});

describe("requireFor", () => {
  const certificate = verifyCertificate(sealCertificate(SAMPLE_INPUT, privateKey), publicKey);
  const { tag, commit, needed } = SAMPLE_INPUT;

  it("accepts the build that was certified", () => requireFor(certificate, { tag, commit, needed }));

  it("refuses another build, and another commit of the same tag", () => {
    const code = "CertificateOfOtherBuild";
    refuses(() => requireFor(certificate, { tag: "v1.2.3+2", commit, needed }), code, { names: ["v1.2.3+2", tag] });
    refuses(() => requireFor(certificate, { tag, commit: "0".repeat(40), needed }), code, {
      names: ["0".repeat(40), commit],
    });
  });
});

describe("certificateWords", () => {
  it("shows what a release manager weighs", () => {
    const lines = certificateWords(verifyCertificate(sealCertificate(SAMPLE_INPUT, privateKey), publicKey));
    deepStrictEqual(lines, [
      "v1.2.3+1 is certified, with warnings: never-blind",
      "release     v1.2.3",
      `commit      ${SAMPLE_INPUT.commit} of https://github.com/spacemeshos/go-spacemesh`,
      `image       spacemeshos/go-spacemesh:v1.2.3-b1 ${"1".repeat(64)}`,
      "counted     7 days of 7 days, healthy or slow",
      "watched     2026-11-20 12:00:00 UTC to 2026-11-27 13:00:00 UTC, 7 daily visits",
      "  healthy   99.40 %, 7 days",
      "  blind     0.59 %, 1 hour",
      "network     genesis 9eebff023abb17ccb775c602daade8ed708f0a50, effective genesis in layer 8064",
      `log         20411 objects at simmer/v1.2.3+1/, the last with SHA-256 ${"2".repeat(64)}`,
      `config      ${"3".repeat(64)}`,
      `versions    ${"4".repeat(64)}`,
      `smoke       ${"5".repeat(64)}`,
      "page        http://1_2_3_1.net.spacemesh.io/",
    ]);
  });

  it("says that an image is not certified", () => {
    const { image: _, ...input } = SAMPLE_INPUT;
    const lines = certificateWords(verifyCertificate(sealCertificate(input, privateKey), publicKey));
    strictEqual(lines[3], "image       not certified: its digest was unknown");
  });
});
