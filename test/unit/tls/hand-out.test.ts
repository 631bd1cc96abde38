import { deepStrictEqual, match, strictEqual } from "node:assert";
import { ApiError } from "../../../infra/base/clients/kubernetes/client";
import { handOut, secretOf } from "../../../infra/tls/hand-out";
import { refusesLater } from "../../support/errors";

const CERTIFICATE = { generation: 3, chain: "CHAIN\n\n", privateKey: "KEY\n" };
const KUBECONFIG = JSON.stringify({
  "current-context": "c",
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
  contexts: [{ name: "c", context: { cluster: "c", user: "c", namespace: "v1-2-3-1" } }],
  users: [{ name: "c", user: { token: "t" } }],
});

describe("the Secret of a gateway", () => {
  const signal = new AbortController().signal;

  it("holds chain and private key in one file, as Caddy reads them, and tells its generation", () => {
    const { metadata, data = {} } = secretOf(CERTIFICATE, "v1-2-3-1");
    deepStrictEqual([metadata?.name, metadata?.namespace], ["gateway-tls", "v1-2-3-1"]);
    deepStrictEqual(Object.keys(data), ["tls.pem"]);
    strictEqual(Buffer.from(data["tls.pem"] ?? "", "base64").toString(), "CHAIN\nKEY\n");
    deepStrictEqual(metadata?.annotations, { "smeshnet/tls-generation": "3" });
  });

  it("is applied in the namespace of the kubeconfig", async () => {
    const applied: string[] = [];
    const apply = async <T extends object>(path: string, object: T) => {
      applied.push(path);
      return object;
    };
    await handOut(CERTIFICATE, KUBECONFIG, signal, { apply });
    deepStrictEqual(applied, ["/api/v1/namespaces/v1-2-3-1/secrets/gateway-tls"]);
  });

  it("is not repeated by the error of a cluster that refuses it", async () => {
    const apply = () => Promise.reject(new ApiError(403, "secrets is forbidden"));
    const handing = handOut(CERTIFICATE, KUBECONFIG, signal, { apply });
    await refusesLater(handing, "ClusterApiFailed", { names: ["403"] });
    await handing.catch((error: Error) => match(error.message, /^((?!KEY).)*$/));
  });
});
