import { parse } from "yaml";
import { UserError } from "../../lib/errors";
import { output } from "../../lib/exec";

/** The cluster of a kubeconfig's current context, and who we are there; the fields that gcloud and kwok write. */
export interface Kubeconfig {
  readonly cluster: {
    readonly server: string;
    readonly "certificate-authority-data"?: string;
    readonly "insecure-skip-tls-verify"?: boolean;
  };
  readonly user: {
    readonly token?: string;
    readonly "client-certificate-data"?: string;
    readonly "client-key-data"?: string;
    readonly exec?: ExecPlugin;
  };
}

/** A program that gives credentials, such as gke-gcloud-auth-plugin. */
interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

/** What proves to the API who we are: a token or a client certificate with its key, as PEM. */
export interface Credential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Longest time that a credential plugin may take, in seconds. */
const TIMEOUT = 60;

/**
 * Reads the current context of a kubeconfig.
 * @throws {UserError} when it is none or has none; it is a secret, of which nothing is shown
 */
export function parseKubeconfig(text: string): Kubeconfig {
  const { contexts, clusters, users, "current-context": current } = parsed(text);
  const context = contexts?.find(({ name }) => name === current)?.context;
  const cluster = clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  if (!cluster) throw notKubeconfig();
  return { cluster, user: users?.find(({ name }) => name === context?.user)?.user ?? {} };
}

function parsed(text: string): Partial<KubeconfigFile> {
  try {
    return (parse(text) as Partial<KubeconfigFile> | null) ?? {};
  } catch {
    throw notKubeconfig(); // the parser's message would show the place
  }
}

const notKubeconfig = (): UserError =>
  new UserError(
    "what should be a kubeconfig is none, or names no cluster: give the text of one, as kubectl takes it",
    2,
  );

/** Gives the credential for the next request; one that a plugin gave is kept until it expires. */
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

/** By the rules of client.authentication.k8s.io: it reads KUBERNETES_EXEC_INFO and prints an ExecCredential. */
async function askPlugin(plugin: ExecPlugin, cluster: Kubeconfig["cluster"], signal?: AbortSignal) {
  const { apiVersion, command, args, env, provideClusterInfo } = plugin;
  const spec = { interactive: false, ...(provideClusterInfo ? { cluster } : {}) };
  const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const printed = await output(command, args ?? [], {
    env: { ...process.env, KUBERNETES_EXEC_INFO: info, ...variables },
    timeout: TIMEOUT,
    signal,
  });
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = statusIn(printed, command);
  return {
    token,
    cert,
    key,
    expires: expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY,
  };
}

function statusIn(printed: string, command: string): NonNullable<ExecCredential["status"]> {
  try {
    return (JSON.parse(printed) as ExecCredential).status ?? {};
  } catch {
    throw new UserError(`${command} printed no credential for the cluster's API: run it by hand`); // it may hold secrets
  }
}

interface ExecCredential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    /** RFC 3339. */
    readonly expirationTimestamp?: string;
  };
}

interface KubeconfigFile {
  readonly "current-context": string;
  readonly clusters: readonly { readonly name: string; readonly cluster: Kubeconfig["cluster"] }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly users: readonly { readonly name: string; readonly user: Kubeconfig["user"] }[];
}

const decoded = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
