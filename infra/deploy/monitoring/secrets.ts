import type { V1Secret } from "@kubernetes/client-node";
import { createOnce, objectApi } from "../../base/clients/kubernetes/objects";
import type { Run } from "../../base/lib/run";
import { SECRET_FILES, SECRETS } from "./prometheus";

export interface SecretsArgs {
  /** Kubeconfig of the cluster; a secret. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Values by what they are; those that nobody gave are left out. */
  readonly values: { readonly [name in keyof typeof SECRET_FILES]?: string };
}

/**
 * Makes the Secret of the monitoring from the environment, and tells which files it has. One that is there stays. A
 * webhook that is missing is no error: alerts are then seen in Alertmanager alone.
 */
export async function handSecrets(
  { kubeconfig, namespace, values }: SecretsArgs,
  run: Run,
  api = objectApi(kubeconfig, run.signal),
): Promise<{ readonly files: readonly string[] }> {
  const data = Object.fromEntries(
    Object.entries(SECRET_FILES).flatMap(([name, file]) => {
      const value = values[name as keyof typeof SECRET_FILES];
      return value ? [[file, Buffer.from(value).toString("base64")]] : [];
    }),
  );
  const secret: V1Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: SECRETS, namespace },
    type: "Opaque",
    data,
  };
  await createOnce(api, `/api/v1/namespaces/${namespace}/secrets`, secret);
  if (!values.webhook) run.say("DISCORD_WEBHOOK is not set: alerts are seen in Alertmanager alone");
  return { files: Object.keys(data) };
}
