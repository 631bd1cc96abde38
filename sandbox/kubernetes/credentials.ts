import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "./api";

/** Years that a client may keep a credential. The certificates outlive any sandbox. */
const VALID_YEARS = 1;

/**
 * Writes a cluster's credentials to its folder: `kubeconfig` for the administrator, and two files for
 * gke-gcloud-auth-plugin. `server` names the API server, and `credential.json` is the plugin's answer to its clients.
 */
export function writeCredentials(folder: string, name: string, credentials: Credentials, now: Date): void {
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content, { mode: 0o600 });
  write("kubeconfig", JSON.stringify(adminKubeconfig(name, credentials), undefined, 2));
  write("credential.json", JSON.stringify(execCredential(credentials, now)));
  write("server", `${credentials.server}\n`);
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/**
 * A kubeconfig as data (JSON is YAML) that contains the administrator's certificate.
 * @param namespace the one that kubectl takes without `-n`; `default` without it
 */
export const adminKubeconfig = (name: string, { server, ca, cert, key }: Credentials, namespace?: string): object => ({
  apiVersion: "v1",
  kind: "Config",
  "current-context": name,
  clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca) } }],
  users: [{ name, user: { "client-certificate-data": base64(cert), "client-key-data": base64(key) } }],
  contexts: [{ name, context: { cluster: name, user: name, ...(namespace ? { namespace } : {}) } }],
});

/** Output of a credential plugin (kubernetes.io, client-go credential plugins). */
export function execCredential({ cert, key }: Credentials, now: Date): object {
  const expiry = new Date(now);
  expiry.setUTCFullYear(expiry.getUTCFullYear() + VALID_YEARS);
  return {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    status: {
      expirationTimestamp: expiry.toISOString(),
      clientCertificateData: cert,
      clientKeyData: key,
    },
  };
}
