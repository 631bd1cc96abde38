import type { V1Secret } from "@kubernetes/client-node";
import { apiError } from "../base/clients/kubernetes/client";
import { parseKubeconfig } from "../base/clients/kubernetes/kubeconfig";
import { type ObjectApi, objectApi } from "../base/clients/kubernetes/objects";
import { TLS_FILE, TLS_SECRET } from "../base/model/tls";
import type { TlsCertificate } from "./record";

/** What a gateway gets. */
export type HandedOut = Pick<TlsCertificate, "generation" | "chain" | "privateKey">;

/**
 * Hands the certificate to the gateway of a network: as a Secret in its namespace, which its pods show as a file. The
 * kubelet changes that file without a restart, within about a minute.
 * @param kubeconfig of the network's cluster; its context names the namespace
 * @throws {UserError} when the cluster refuses
 */
export async function handOut(
  certificate: HandedOut,
  kubeconfig: string,
  signal: AbortSignal,
  api: Pick<ObjectApi, "apply"> = objectApi(kubeconfig, signal),
): Promise<void> {
  const { namespace } = parseKubeconfig(kubeconfig);
  try {
    await api.apply(`/api/v1/namespaces/${namespace}/secrets/${TLS_SECRET}`, secretOf(certificate, namespace));
  } catch (error) {
    throw apiError("The TLS certificate cannot be handed to the gateway", error);
  }
}

/** @param namespace of the network */
export const secretOf = ({ generation, chain, privateKey }: HandedOut, namespace: string): V1Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: TLS_SECRET,
    namespace,
    labels: { "app.kubernetes.io/part-of": "smeshnet", "app.kubernetes.io/managed-by": "smeshnet" },
    annotations: { "smeshnet/tls-generation": `${generation}` },
  },
  type: "Opaque",
  data: { [TLS_FILE]: Buffer.from(`${chain.trimEnd()}\n${privateKey}`).toString("base64") },
});
