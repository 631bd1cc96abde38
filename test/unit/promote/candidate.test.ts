import { deepStrictEqual, match } from "node:assert";
import { simmerOf } from "../../../infra/promote/candidate";
import { sealCertificate } from "../../../infra/simmer/certificate/verify";
import { certificateKey } from "../../../infra/simmer/certify";
import { SimulatedStore } from "../../simulation/simmer/media";
import { newKeys, SAMPLE_INPUT } from "../../support/certificate";

const { privateKey, publicKey: simmerKey } = newKeys["ECDSA P-256"]();
const { tag, commit, genesisId } = SAMPLE_INPUT;
const SETTINGS = { simmerKey, simmerDays: 7, simmerDay: 86_400 };
const BUILD = { tag, commit, genesisId, release: "v1.2.3" };

/** A store with the certificate of a build, or without one. */
async function storeWith(certificate?: string): Promise<SimulatedStore> {
  const store = new SimulatedStore();
  if (certificate !== undefined) await store.put(certificateKey(tag, genesisId), certificate);
  return store;
}

describe("the simmer of a candidate", () => {
  const certificate = sealCertificate(SAMPLE_INPUT, privateKey);

  it("is its certificate", async () =>
    deepStrictEqual(await simmerOf(BUILD, SETTINGS, await storeWith(certificate)), { certificate }));

  const without = async (what: RegExp, answer: ReturnType<typeof simmerOf>) => {
    const simmer = await answer;
    match("without" in simmer ? simmer.without : "", what);
  };

  it("is none without a certificate, so a reason is needed", async () => {
    await without(/^v1\.2\.3 has no simmer certificate$/, simmerOf(BUILD, SETTINGS, await storeWith()));
    await without(
      /^v1\.2\.3 has no simmer certificate$/,
      simmerOf(BUILD, { ...SETTINGS, simmerKey: "" }, await storeWith()),
    );
  });

  it("is none when no setting says how to verify the certificate", async () =>
    without(/no setting simmerKey/, simmerOf(BUILD, { ...SETTINGS, simmerKey: "" }, await storeWith(certificate))));

  it("is none of a network that was deployed again since, which has another genesis", async () => {
    const again = { ...BUILD, genesisId: "0".repeat(40) };
    await without(/has no simmer certificate/, simmerOf(again, SETTINGS, await storeWith(certificate)));
  });

  it("is none of another commit, of another key, damaged or too short, so only a reason helps", async () => {
    const other = sealCertificate({ ...SAMPLE_INPUT, commit: "0".repeat(40) }, privateKey);
    const refused = async (text: string, more: Partial<typeof SETTINGS>, what: RegExp) =>
      without(what, simmerOf(BUILD, { ...SETTINGS, ...more }, await storeWith(text)));
    await refused(other, {}, /no simmer certificate that counts \(The certificate is for .* at commit 0{40}/);
    await refused(certificate, { simmerKey: newKeys.Ed25519().publicKey }, /signed with the key/);
    await refused(certificate.slice(1), {}, /not JSON/);
    await refused(certificate, { simmerDays: 8 }, /was sealed for \d+ s/);
  });
});
