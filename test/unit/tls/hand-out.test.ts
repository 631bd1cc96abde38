import { deepStrictEqual, match, strictEqual } from "node:assert";
import { ApiError } from "../../../infra/base/clients/kubernetes/client";
import { handOut, secretOf } from "../../../infra/tls/hand-out";
import { refusesLater } from "../../support/errors";
import { kubeconfigOf, secretsOf, VersionedApi } from "../../support/versioned-api";

const NAMESPACE = "v1-2-3-1";
const SECRETS = secretsOf(NAMESPACE);
const PATH = `${SECRETS}/gateway-tls`;
const certificate = (generation: number) => ({ generation, chain: `CHAIN ${generation}\n\n`, privateKey: "KEY\n" });
const secret = (generation: number) => secretOf(certificate(generation), NAMESPACE);

describe("the Secret of a gateway", () => {
  const signal = new AbortController().signal;
  let api: VersionedApi;
  beforeEach(() => {
    api = new VersionedApi();
  });

  /** @param kept generations in the store */
  const hand = (generation: number, kept: readonly number[] = [1, 2, 3]) =>
    handOut(certificate(generation), kubeconfigOf(NAMESPACE), storeWith(kept), signal, api);
  const storeWith = (kept: readonly number[]) => ({ list: async () => kept.map((number) => `tls/${number}.json`) });
  const text = () => api.text(NAMESPACE);

  it("holds chain and private key in one file, as Caddy reads them, and tells its generation", () => {
    const { metadata, data = {} } = secret(3);
    deepStrictEqual([metadata?.name, metadata?.namespace], ["gateway-tls", NAMESPACE]);
    deepStrictEqual(Object.keys(data), ["tls.pem"]);
    strictEqual(Buffer.from(data["tls.pem"] ?? "", "base64").toString(), "CHAIN 3\nKEY\n");
    deepStrictEqual(metadata?.annotations, { "smeshnet/tls-generation": "3" });
  });

  it("is made in the namespace of the kubeconfig, replaced by a newer one, and not written twice", async () => {
    strictEqual(await hand(1), "given");
    strictEqual(await hand(2), "given");
    strictEqual(await hand(2), "same");
    deepStrictEqual(api.calls, [`create ${PATH}`, `apply ${PATH}`]);
    strictEqual(text(), "CHAIN 2\nKEY\n");
  });

  it("is never replaced by an older certificate, whichever run comes last", async () => {
    api.put(secret(3));
    strictEqual(await hand(2), "newer");
    strictEqual(text(), "CHAIN 3\nKEY\n");
  });

  it("is looked at again when another run writes it after the look", async () => {
    api.meanwhile = secret(3);
    strictEqual(await hand(2), "newer"); // it was made
    api.put(secret(1));
    api.meanwhile = secret(2);
    strictEqual(await hand(3), "given"); // it was replaced by an older one than ours
    strictEqual(text(), "CHAIN 3\nKEY\n");
    api.put(secret(1));
    api.meanwhile = secret(3);
    strictEqual(await hand(2), "newer"); // it was replaced by a newer one
    strictEqual(text(), "CHAIN 3\nKEY\n");
  });

  it("is mended when its file was changed by hand", async () => {
    api.put({ ...secret(3), data: { "tls.pem": "" } });
    strictEqual(await hand(3), "given");
    strictEqual(text(), "CHAIN 3\nKEY\n");
  });

  it("is replaced when it is of another store, whose generations went on longer", async () => {
    api.put(secret(9));
    strictEqual(await hand(1, [1]), "given");
    strictEqual(text(), "CHAIN 1\nKEY\n");
  });

  it("is given up when others change it all the time", async () => {
    api.put(secret(1));
    api.apply = () => Promise.reject(new ApiError(409, "changed", "Conflict"));
    await refusesLater(hand(2), "ClusterApiFailed", { names: ["409"] });
  });

  it("is not repeated by the error of a cluster that refuses it", async () => {
    api.refusals.set(`create ${SECRETS}`, { status: 403 });
    const handing = hand(3);
    await refusesLater(handing, "ClusterApiFailed", { names: ["403"] });
    await handing.catch((error: Error) => match(error.message, /^((?!KEY).)*$/));
  });
});
