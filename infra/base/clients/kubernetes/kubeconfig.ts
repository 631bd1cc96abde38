import { parse } from "yaml";
import { z } from "zod";
import { boundedTextFile, LIMITS } from "../../lib/bounded";
import { beginningOf } from "../../lib/cut";
import { UserError } from "../../lib/errors";
import { output } from "../../lib/exec";
import { parsedJson } from "../../lib/json";
import { OF_CLUSTERS } from "../../lib/secrets";

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
  /** How to install the program, in the words of whoever made the kubeconfig. */
  installHint: z.string().nullish(),
});

const user = z.object({
  token: z.string().optional(),
  /** A file that somebody else keeps fresh; it wins over `token`, as in kubectl. */
  tokenFile: z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key-data": z.string().optional(),
  exec: execPlugin.nullish(),
});

/** The namespace counts where none is named, as in kubectl. */
const context = z.object({ cluster: z.string(), user: z.string(), namespace: z.string().min(1).optional() });

const kubeconfigFile = z.object({
  "current-context": z.string(),
  clusters: z.array(z.object({ name: z.string(), cluster })),
  contexts: z.array(z.object({ name: z.string(), context })),
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
  readonly namespace: string;
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
  if (found && context) {
    const user = file?.users?.find(({ name }) => name === context.user)?.user ?? {};
    return { cluster: found, user, namespace: context.namespace ?? "default" };
  }
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

/** Gives the credentials of requests. */
export interface Credentials {
  /** The credential for the next request. */
  get(signal?: AbortSignal): Promise<Credential>;
  /** The server refused a credential (HTTP 401), so that the next one is a new one. Absent when there is only one. */
  readonly renew?: (refused: Credential) => void;
  /** What gives the credentials, as an error names it: `gke-gcloud-auth-plugin`. */
  readonly source: string;
}

/**
 * Opens the source of a kubeconfig's credentials. One of a plugin or a file is kept until it expires or the server
 * refuses it (client.authentication.k8s.io). Requests that need one at the same time share it.
 */
export function credentialsOf({ cluster, user }: Pick<Kubeconfig, "cluster" | "user">): Credentials {
  const { exec, tokenFile } = user;
  if (exec) return renewable(exec.command, (signal) => askPlugin(exec, cluster, signal));
  if (tokenFile) return renewable(tokenFile, () => readToken(tokenFile));
  const { token, "client-certificate-data": cert, "client-key-data": key } = user;
  const only = { token, cert: decoded(cert), key: decoded(key) };
  return { get: async () => only, source: "the kubeconfig" };
}

/** A credential, and until when it may be used, in milliseconds since 1970. */
type Expiring = Credential & { readonly expires: number };

/** Keeps a credential until it expires or the server refuses it. */
export function renewable(source: string, fresh: (signal?: AbortSignal) => Promise<Expiring>): Credentials {
  let last: Promise<Expiring> | undefined;
  let given: Expiring | undefined;
  const get = async (signal?: AbortSignal): Promise<Expiring> => {
    if (given && given.expires <= Date.now()) last = given = undefined;
    const asked = last ?? fresh(signal);
    last = asked;
    try {
      const credential = await asked;
      if (last === asked) given = credential;
      return credential;
    } catch (error) {
      if (last === asked) last = undefined;
      throw error;
    }
  };
  const renew = (refused: Credential) => {
    if (refused === given) last = given = undefined;
  };
  return { get, renew, source };
}

/** How long a token of a file is used without another look, in milliseconds. Whoever writes it does so every hour. */
const FILE_KEPT = 60_000;

async function readToken(file: string): Promise<Expiring> {
  try {
    return { token: (await boundedTextFile(file, LIMITS.small)).trim(), expires: Date.now() + FILE_KEPT };
  } catch (error) {
    throw new UserError(
      "ClusterCredentialMissing",
      `The token for the cluster's API cannot be read from ${file} (${(error as NodeJS.ErrnoException).code}).`,
      "Check the path in the kubeconfig and its permissions.",
    );
  }
}

const isMissing = (error: unknown): boolean => error instanceof UserError && error.code === "ProgramMissing";

/** How much of an install hint an error shows, in characters. */
const LONGEST_HINT = 300;

function pluginMissing({ command, installHint }: z.infer<typeof execPlugin>): UserError {
  const hint = beginningOf(installHint?.replace(/\s+/g, " ").trim() ?? "", LONGEST_HINT);
  return new UserError(
    "ClusterCredentialMissing",
    `The program ${command}, which gives the credential for the cluster's API, is not on the PATH.`,
    hint ? `${hint.replace(/[.]$/, "")}.` : `Install ${command}.`,
  );
}

/** By the rules of client.authentication.k8s.io: the plugin reads KUBERNETES_EXEC_INFO and prints an ExecCredential. */
async function askPlugin(plugin: z.infer<typeof execPlugin>, cluster: Kubeconfig["cluster"], signal?: AbortSignal) {
  const { apiVersion, command, args, env, provideClusterInfo } = plugin;
  const spec = { interactive: false, ...(provideClusterInfo ? { cluster } : {}) };
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const variables = { KUBERNETES_EXEC_INFO: info, ...own };
  const options = { secrets: OF_CLUSTERS, variables, timeout: TIMEOUT, signal };
  const printed = await output(command, args ?? [], options).catch((error: unknown) => {
    throw isMissing(error) ? pluginMissing(plugin) : error;
  });
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
