import { stringify } from "yaml";
import { z } from "zod";
import { parsedObject } from "../../lib/json";
import { ownKubeconfig } from "./own-kubeconfig";

const entries = z.array(z.looseObject({ name: z.string(), user: z.record(z.string(), z.unknown()) }));

/**
 * The caller's own kubeconfig of a context without secrets, for state and records. What is secret is replaced by a
 * program of ours, which reads it in the environment of whoever uses the kubeconfig. A user that has such a program of
 * its own, as the clouds have, keeps it.
 * @throws {UserError} when there is no such context
 */
export async function openKubeconfig(
  context: string,
  namespace: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { users, ...rest } = parsedObject(await ownKubeconfig(context, namespace, environment)) ?? {};
  const open = entries.parse(users).map(({ name, user }) => ({
    name,
    user: user.exec ? { exec: user.exec } : ourPlugin(context),
  }));
  return stringify({ ...rest, users: open });
}

/** Our own program for credentials (scripts/steps/credential.ts). */
const ourPlugin = (context: string) => ({
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "smeshnet",
    args: ["step", "credential", context],
    interactiveMode: "Never",
    provideClusterInfo: true,
    installHint: "Put the folder node_modules/.bin of the checkout on the PATH.",
  },
});
