import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../lib/errors";
import { output } from "../../lib/exec";
import { parsedJson } from "../../lib/json";

/** Fields that gcloud and kwok write. */
const cluster = z.looseObject({
  server: z.string(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
});

/** A program that gives credentials, such as gke-gcloud-auth-plugin. */
const execPlugin = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().optional(),
});

const user = z.object({
  token: z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key-data": z.string().optional(),
  exec: execPlugin.nullish(),
});

const kubeconfigFile = z.object({
  "current-context": z.string(),
  clusters: z.array(z.object({ name: z.string(), cluster })),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
});

/** What a plugin prints (client.authentication.k8s.io, ExecCredential). */
const execCredential = z.object({
  status: z
    .object({
      token: z.string().optional(),
      clientCertificateData: z.string().optional(),
      clientKeyData: z.string().optional(),
      /** RFC 3339. */
      expirationTimestamp: z.string().optional(),
    })
    .optional(),
});

/** The cluster of a kubeconfig's current context, and its user. */
export interface Kubeconfig {
  readonly cluster: z.infer<typeof cluster>;
  readonly user: z.infer<typeof user>;
}

/** Proves to the API who we are: a token, or a client certificate with its key, as PEM. */
export interface Credential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Time limit of a credential plugin, in seconds. */
const TIMEOUT = 60;

/**
 * Reads the current context of a kubeconfig.
 * @throws {UserError} when the text is no kubeconfig or lacks that context; the text is a secret and not shown
 */
export function parseKubeconfig(text: string): Kubeconfig {
  const file = kubeconfigFile.safeParse(parsedYaml(text)).data;
  const context = file?.contexts.find(({ name }) => name === file["current-context"])?.context;
  const found = file?.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  if (found) return { cluster: found, user: file?.users?.find(({ name }) => name === context?.user)?.user ?? {} };
  throw new UserError(
    "KubeconfigInvalid",
    "The kubeconfig is not valid, or its current context names no cluster.",
    "Pass the contents of a kubeconfig file.",
    2,
  );
}

/** undefined for what is no YAML; the parser's message would show a part of the text. */
function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Gives the credential for the next request. A plugin's credential is kept until it expires. */
export function credentialsOf({ cluster, user }: Kubeconfig): (signal?: AbortSignal) => Promise<Credential> {
  const { exec } = user;
  if (!exec) {
    const { token, "client-certificate-data": cert, "client-key-data": key } = user;
    return async () => ({ token, cert: decoded(cert), key: decoded(key) });
  }
  let last: (Credential & { expires: number }) | undefined;
  return async (signal) => {
    if (!last || last.expires <= Date.now()) last = await askPlugin(exec, cluster, signal);
    return last;
  };
}

/** By the rules of client.authentication.k8s.io: the plugin reads KUBERNETES_EXEC_INFO and prints an ExecCredential. */
async function askPlugin(plugin: z.infer<typeof execPlugin>, cluster: Kubeconfig["cluster"], signal?: AbortSignal) {
  const { apiVersion, command, args, env, provideClusterInfo } = plugin;
  const spec = { interactive: false, ...(provideClusterInfo ? { cluster } : {}) };
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const variables = { KUBERNETES_EXEC_INFO: info, ...own };
  const printed = await output(command, args ?? [], { variables, timeout: TIMEOUT, signal });
  const { success, data } = execCredential.safeParse(parsedJson(printed));
  if (!success) {
    // The output may hold secrets, so it is not shown.
    throw new UserError(
      "ClusterCredentialMissing",
      `${command} printed no credential for the cluster's API.`,
      "Run it by hand to see why.",
    );
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = data.status ?? {};
  const expires = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY;
  return { token, cert, key, expires };
}

const decoded = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
