import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { boundedTextFile, LIMITS } from "../../lib/bounded";
import { UserError } from "../../lib/errors";

// The kubeconfig of whoever runs a command, by the rules of kubectl (kubernetes.io, "Organizing Cluster Access Using
// kubeconfig Files"): KUBECONFIG lists files, and the first that has a name wins.

const properties = z.record(z.string(), z.unknown());
const file = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string(), cluster: properties })).nullish(),
  contexts: z.array(z.looseObject({ name: z.string(), context: properties })).nullish(),
  users: z.array(z.looseObject({ name: z.string(), user: properties })).nullish(),
});

/** Keys that hold paths, which count from the folder of their file. */
const PATHS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** The parts of one context. */
interface Parts {
  readonly cluster: Record<string, unknown>;
  readonly user: Record<string, unknown>;
}

/**
 * The kubeconfig of one context, as text with its credentials: a secret.
 * @param namespace that the kubeconfig then leads to
 * @throws {UserError} when no file has the context, or a file cannot be read
 */
export async function ownKubeconfig(
  context: string,
  namespace: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return kubeconfigText(context, namespace, await partsOf(context, environment));
}

/**
 * The same without secrets, for state and records: what is secret is replaced by a program that reads it in the
 * environment of whoever uses the kubeconfig. A kubeconfig that names such a program already keeps it.
 */
export async function openKubeconfig(
  context: string,
  namespace: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { cluster, user } = await partsOf(context, environment);
  return kubeconfigText(context, namespace, { cluster, user: user.exec ? { exec: user.exec } : ourPlugin(context) });
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

const kubeconfigText = (name: string, namespace: string, { cluster, user }: Parts): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    users: [{ name, user }],
  });

async function partsOf(context: string, environment: NodeJS.ProcessEnv): Promise<Parts> {
  const paths = kubeconfigPaths(environment);
  const files = (await Promise.all(paths.map(readFile))).filter((found) => found !== undefined);
  const contexts = files.flatMap((one) => one.contexts ?? []);
  const found = contexts.find(({ name }) => name === context)?.context;
  const cluster = files.flatMap((one) => one.clusters ?? []).find(({ name }) => name === found?.cluster)?.cluster;
  if (!found || !cluster) throw contextMissing(context, paths, contexts);
  const user = files.flatMap((one) => one.users ?? []).find(({ name }) => name === found.user)?.user ?? {};
  return { cluster: await withAuthority(cluster), user };
}

const kubeconfigPaths = ({ KUBECONFIG }: NodeJS.ProcessEnv): string[] =>
  KUBECONFIG ? KUBECONFIG.split(delimiter).filter(Boolean) : [join(homedir(), ".kube/config")];

/** A file that does not exist is passed over, as kubectl does. */
async function readFile(path: string): Promise<z.infer<typeof file> | undefined> {
  let text: string;
  try {
    text = await boundedTextFile(path, LIMITS.list);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { success, data } = file.safeParse(parsed(text) ?? {});
  if (!success) {
    throw new UserError("KubeconfigInvalid", `${path} is no kubeconfig.`, "Check KUBECONFIG, which names it.", 2);
  }
  const folder = resolve(dirname(path));
  return {
    ...data,
    clusters: data.clusters?.map((one) => ({ ...one, cluster: absolute(one.cluster, folder) })),
    users: data.users?.map((one) => ({ ...one, user: absolute(one.user, folder) })),
  };
}

/** undefined for what is no YAML; the parser's message would show a part of the text. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function absolute(part: Record<string, unknown>, folder: string): Record<string, unknown> {
  const paths = PATHS.flatMap((key) => {
    const path = part[key];
    return typeof path === "string" && path !== "" && !isAbsolute(path) ? [[key, join(folder, path)]] : [];
  });
  return { ...part, ...Object.fromEntries(paths) };
}

/** The certificate of a cluster is no secret. As a part of the text it works on every machine. */
async function withAuthority(cluster: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { "certificate-authority": path, ...rest } = cluster;
  if (typeof path !== "string" || path === "" || rest["certificate-authority-data"]) return rest;
  const pem = await boundedTextFile(path, LIMITS.small).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      "KubeconfigInvalid",
      `The cluster's certificate ${path}, which the kubeconfig names, cannot be read (${error.code}).`,
      "Check the path and its permissions.",
      2,
    );
  });
  return { ...rest, "certificate-authority-data": Buffer.from(pem).toString("base64") };
}

function contextMissing(context: string, paths: readonly string[], known: readonly { name: string }[]): UserError {
  const names = known.map(({ name }) => name).join(", ") || "none";
  return new UserError(
    "ContextMissing",
    `The kubeconfig ${paths.join(delimiter)} has no context ${context || '""'} with a cluster (it has: ${names}).`,
    "Set KUBECONFIG and the setting kubeContext.",
    2,
  );
}
