import { match, strictEqual } from "node:assert";
import { refusal as refusalOf } from "../../../../components/channel/simmer-gate";
import type { Promotion } from "../../../../infra/base/model/promotion";
import { sealCertificate } from "../../../../infra/simmer/certificate/verify";
import { newKeys, SAMPLE_INPUT } from "../../../support/certificate";
import { promotion } from "../../../support/promotions";

const { privateKey, publicKey } = newKeys.Ed25519();
const certificate = sealCertificate(SAMPLE_INPUT, privateKey);
const { tag, commit } = SAMPLE_INPUT;

/** A promotion of the build that was certified, without a reason. */
const { reason: _, ...certified } = promotion(3, "v1.2.3", { tag, commit, certificate });
const { certificate: __, ...uncertified } = certified;

const refusal = (promotion: Promotion, key: string) => refusalOf({ promotion, key, needed: SAMPLE_INPUT.needed });

describe("SimmerGate", () => {
  it("lets a certified build pass", () => strictEqual(refusal(certified, publicKey), undefined));

  it("refuses the certificate of a simmer that was too short", () =>
    match(
      refusalOf({ promotion: certified, key: publicKey, needed: SAMPLE_INPUT.needed + 1 }) ?? "",
      /was sealed for \d+ s, expected \d+ s or more/,
    ));

  it("lets a build pass for which somebody gave a reason", () =>
    strictEqual(refusal({ ...uncertified, reason: "fixes the sync stall" }, ""), undefined));

  it("refuses a build without certificate and reason, and a reason without words", () => {
    match(refusal(uncertified, publicKey) ?? "", /^v1\.2\.3\+1 has no simmer certificate\. .*--reason TEXT/);
    match(refusal({ ...uncertified, reason: " \n" }, publicKey) ?? "", /has no simmer certificate/);
  });

  it("refuses a certificate that nobody can verify", () =>
    match(refusal(certified, "") ?? "", /^The setting simmerKey is empty/));

  it("refuses a certificate of another commit or another build", () => {
    match(refusal({ ...certified, commit: "0".repeat(40) }, publicKey) ?? "", /expected v1\.2\.3\+1 at commit 0{40}/);
    match(refusal({ ...certified, tag: "v1.2.3+2" }, publicKey) ?? "", /expected v1\.2\.3\+2 at commit/);
  });

  it("refuses a certificate that was changed, or that somebody else signed", () => {
    match(refusal(certified, newKeys.Ed25519().publicKey) ?? "", /signed with the key/);
    match(refusal({ ...certified, certificate: certificate.replace("ey", "fy") }, publicKey) ?? "", /certificate/i);
    match(refusal({ ...certified, certificate: "yes" }, publicKey) ?? "", /not JSON/);
  });

  it("refuses with a key that is none", () => match(refusal(certified, "PEM") ?? "", /not in PEM format/));
});
