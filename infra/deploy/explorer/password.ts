import { randomBytes } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import { apiError } from "../../base/clients/kubernetes/client";
import { createOnce, type ObjectApi, objectApi } from "../../base/clients/kubernetes/objects";
import type { Run } from "../../base/lib/run";
import { MONGO_PASSWORD } from "./database";

export interface PasswordArgs {
  /** Kubeconfig of the cluster; a secret. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

/**
 * Makes the password of the explorer's database, and keeps one that is there: the database knows that one. Nobody but
 * the cluster ever holds it.
 * @returns name of the Secret
 * @throws {UserError} when the cluster refuses it
 */
export async function makePassword(
  { kubeconfig, namespace }: PasswordArgs,
  run: Run,
  api: Pick<ObjectApi, "create"> = objectApi(kubeconfig, run.signal),
): Promise<{ readonly secret: string }> {
  const { secret: name, key } = MONGO_PASSWORD;
  const password = randomBytes(32).toString("hex"); // safe in a URI as it is
  const secret: V1Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type: "Opaque",
    data: { [key]: Buffer.from(password).toString("base64") },
  };
  await createOnce(api, `/api/v1/namespaces/${namespace}/secrets`, secret).catch((error: unknown) => {
    throw apiError("The password of the explorer's database cannot be made", error);
  });
  return { secret: name };
}
