import { UserError } from "../../lib/errors";
import { parsedJson, valueAt } from "../../lib/json";
import { credentialsOf, parseKubeconfig } from "./kubeconfig";
import { ownKubeconfig } from "./own-kubeconfig";

/** How long a client may keep a credential without another look, in milliseconds. */
const KEPT = 10 * 60_000;

/**
 * The credential of a context of the caller's own kubeconfig, as an ExecCredential of client.authentication.k8s.io.
 * @throws {UserError} when the context leads to another cluster than the one that the client asks for
 */
export async function execCredential(context: string, environment: NodeJS.ProcessEnv, signal: AbortSignal) {
  const kubeconfig = parseKubeconfig(await ownKubeconfig(context, "default", environment));
  const asked = valueAt(parsedJson(environment.KUBERNETES_EXEC_INFO ?? ""), ["spec", "cluster", "server"]);
  const { server } = kubeconfig.cluster;
  if (typeof asked === "string" && asked !== server) throw clusterOther(context, asked, server);
  const { token, cert, key } = await credentialsOf(kubeconfig).get(signal);
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      expirationTimestamp: new Date(Date.now() + KEPT).toISOString(),
      token,
      clientCertificateData: cert,
      clientKeyData: key,
    },
  };
}

const clusterOther = (context: string, asked: string, server: string): UserError =>
  new UserError(
    "ClusterOther",
    `The context ${context} leads to the cluster at ${server}, and the network is in that at ${asked}.`,
    "Set KUBECONFIG to the kubeconfig of the network's cluster.",
  );
