import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "./api";

/** Years that a client may keep a credential; the certificates hold longer than any sandbox. */
const VALID_YEARS = 1;

/**
 * Writes the ways into a cluster to its folder: `kubeconfig` for its administrator, and for gke-gcloud-auth-plugin
 * `server` and `credential.json`, the answer it gives to clients of that server.
 */
export function writeCredentials(folder: string, name: string, credentials: Credentials, now: Date): void {
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content, { mode: 0o600 });
  write("kubeconfig", JSON.stringify(adminKubeconfig(name, credentials), undefined, 2));
  write("credential.json", JSON.stringify(execCredential(credentials, now)));
  write("server", `${credentials.server}\n`);
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A kubeconfig as data (JSON is YAML) with the administrator's certificate in it. Pure. */
export const adminKubeconfig = (name: string, { server, ca, cert, key }: Credentials): object => ({
  apiVersion: "v1",
  kind: "Config",
  "current-context": name,
  clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca) } }],
  users: [{ name, user: { "client-certificate-data": base64(cert), "client-key-data": base64(key) } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
});

/** What a credential plugin prints (kubernetes.io, client-go credential plugins). Pure. */
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
