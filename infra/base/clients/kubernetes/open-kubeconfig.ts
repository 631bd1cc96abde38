import { stringify } from "yaml";
import { z } from "zod";
import { parsedObject } from "../../lib/json";
import { pluginOfOurs } from "./own-credential";
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
    user: { exec: user.exec ?? pluginOfOurs(context) },
  }));
  return stringify({ ...rest, users: open });
}
