import { randomBytes } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import { createOnce, type ObjectApi, objectApi } from "../../base/clients/kubernetes/objects";
import type { Run } from "../../base/lib/run";
import { GRAFANA, PASSWORD_KEY } from "./grafana";
import { SECRET_FILES, SECRETS } from "./prometheus";

interface Place {
  /** Kubeconfig of the cluster; a secret. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

export interface SecretsArgs extends Place {
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
  await createSecret(api, { name: SECRETS, namespace }, data);
  if (!values.webhook) run.say("DISCORD_WEBHOOK is not set: alerts are seen in Alertmanager alone");
  return { files: Object.keys(data) };
}

/**
 * Makes the Secret with Grafana's password, which nobody chose: whoever may read Secrets of the namespace may use it. One
 * that is there stays.
 */
export async function handPassword(
  { kubeconfig, namespace }: Place,
  run: Run,
  api = objectApi(kubeconfig, run.signal),
): Promise<{ readonly secret: string }> {
  const password = randomBytes(24).toString("base64url");
  await createSecret(api, { name: GRAFANA, namespace }, { [PASSWORD_KEY]: Buffer.from(password).toString("base64") });
  return { secret: GRAFANA };
}

/** One that a broken-off run of this step made stays: to replace it would need a right that nothing else needs. */
async function createSecret(
  api: Pick<ObjectApi, "create">,
  metadata: { readonly name: string; readonly namespace: string },
  data: Record<string, string>,
): Promise<void> {
  const secret: V1Secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data };
  await createOnce(api, `/api/v1/namespaces/${metadata.namespace}/secrets`, secret);
}
