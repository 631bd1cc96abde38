import type { V1Secret } from "@kubernetes/client-node";
import { ApiError, apiError } from "../base/clients/kubernetes/client";
import { parseKubeconfig } from "../base/clients/kubernetes/kubeconfig";
import { type ObjectApi, objectApi } from "../base/clients/kubernetes/objects";
import { sameKnown } from "../base/lib/same-known";
import { TLS_FILE, TLS_SECRET } from "../base/model/tls";
import type { Store } from "../base/store/contract";
import { isKept, type TlsCertificate } from "./record";

/** What a gateway gets. */
export type HandedOut = Pick<TlsCertificate, "generation" | "chain" | "privateKey">;

/** What a hand-out found: the gateway got the certificate, or had it, or has one that is newer. */
export type Handed = "given" | "same" | "newer";

/** Says of which generation the certificate in a Secret is. */
const GENERATION = "smeshnet/tls-generation";
/** How often a Secret is looked at when others change it at the same time. */
const LOOKS = 10;

/**
 * Hands the certificate to the gateway of a network: as a Secret in its namespace, which its pods show as a file. The
 * kubelet changes that file without a restart, within about a minute. An older certificate never takes the place of a
 * newer one, whichever run comes last.
 * @param kubeconfig of the network's cluster; its context names the namespace
 * @param store of the certificate
 * @throws {UserError} when the cluster refuses
 */
export async function handOut(
  certificate: HandedOut,
  kubeconfig: string,
  store: Pick<Store, "list">,
  signal: AbortSignal,
  api: Pick<ObjectApi, "find" | "create" | "apply"> = objectApi(kubeconfig, signal),
): Promise<Handed> {
  const { namespace } = parseKubeconfig(kubeconfig);
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const secret = secretOf(certificate, namespace);
  const path = `${secrets}/${TLS_SECRET}`;
  try {
    for (let look = 1; ; look++) {
      const found = await api.find<V1Secret>(path);
      const standing = found && (await standingOf(found, secret, certificate.generation, store));
      if (standing === "same" || standing === "newer") return standing;
      try {
        await (found ? api.apply(path, inPlaceOf(found, secret)) : api.create(secrets, secret));
        return "given";
      } catch (error) {
        // Another run wrote it after our look.
        if (look === LOOKS || !(error instanceof ApiError) || error.status !== 409) throw error;
      }
    }
  } catch (error) {
    throw apiError("The TLS certificate cannot be handed to the gateway", error);
  }
}

/** A generation that the store does not know is of another store, which the settings named before. */
async function standingOf(found: V1Secret, wanted: V1Secret, generation: number, store: Pick<Store, "list">) {
  const theirs = Number(found.metadata?.annotations?.[GENERATION]);
  if (theirs > generation && (await isKept(store, theirs))) return "newer";
  return theirs === generation && sameKnown(found.data?.[TLS_FILE], wanted.data?.[TLS_FILE]) ? "same" : "older";
}

/** The API refuses it when the Secret has changed since. */
function inPlaceOf({ metadata }: V1Secret, secret: V1Secret): V1Secret {
  const { resourceVersion } = metadata ?? {};
  return { ...secret, metadata: { ...secret.metadata, ...(resourceVersion && { resourceVersion }) } };
}

/** @param namespace of the network */
export const secretOf = ({ generation, chain, privateKey }: HandedOut, namespace: string): V1Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: TLS_SECRET,
    namespace,
    labels: { "app.kubernetes.io/part-of": "smeshnet", "app.kubernetes.io/managed-by": "smeshnet" },
    annotations: { [GENERATION]: `${generation}` },
  },
  type: "Opaque",
  data: { [TLS_FILE]: Buffer.from(`${chain.trimEnd()}\n${privateKey}`).toString("base64") },
});
