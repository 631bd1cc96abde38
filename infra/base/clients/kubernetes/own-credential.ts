import { UserError } from "../../lib/errors";
import { parsedJson, valueAt } from "../../lib/json";
import { type Credentials, credentialsOf, type Kubeconfig, parseKubeconfig, renewable } from "./kubeconfig";
import { ownKubeconfig } from "./own-kubeconfig";

/** How long a client may keep a credential without another look, in milliseconds. */
const KEPT = 10 * 60_000;

const COMMAND = "smeshnet";
const WORDS = { step: "step", name: "credential" };

/** Our own program for credentials (scripts/steps/credential.ts), as the kubeconfigs that we hand on name it. */
export const pluginOfOurs = (context: string) => ({
  apiVersion: "client.authentication.k8s.io/v1",
  command: COMMAND,
  args: [WORDS.step, WORDS.name, context],
  interactiveMode: "Never",
  provideClusterInfo: true,
  installHint: "Put the folder node_modules/.bin of the checkout on the PATH.",
});

/**
 * Opens the source of a kubeconfig's credentials. What our own program would print is asked in this process, which has
 * the same environment: the program's start would take longer than all requests of most commands.
 */
export function openCredentials(kubeconfig: Kubeconfig, environment: NodeJS.ProcessEnv = process.env): Credentials {
  const { command, args } = kubeconfig.user.exec ?? {};
  const [step, name, context, ...more] = args ?? [];
  const isOurs = command === COMMAND && step === WORDS.step && name === WORDS.name && more.length === 0;
  if (!isOurs || context === undefined) return credentialsOf(kubeconfig);
  const { server } = kubeconfig.cluster;
  return renewable(COMMAND, async (signal) => ({
    ...(await credentialAt(context, server, environment, signal)),
    expires: Date.now() + KEPT,
  }));
}

/**
 * The credential of a context of the caller's own kubeconfig, as an ExecCredential of client.authentication.k8s.io.
 * @throws {UserError} when the context leads to another cluster than the one that the client asks for
 */
export async function execCredential(context: string, environment: NodeJS.ProcessEnv, signal: AbortSignal) {
  const asked = valueAt(parsedJson(environment.KUBERNETES_EXEC_INFO ?? ""), ["spec", "cluster", "server"]);
  const { token, cert, key } = await credentialAt(context, asked, environment, signal);
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      expirationTimestamp: new Date(Date.now() + KEPT).toISOString(),
      token,
      clientCertificateData: cert,
      clientKeyData: key,
    },
  };
}

/** @param asked the server that the client asks for, if it names one */
async function credentialAt(context: string, asked: unknown, environment: NodeJS.ProcessEnv, signal?: AbortSignal) {
  const kubeconfig = parseKubeconfig(await ownKubeconfig(context, "default", environment));
  const { server } = kubeconfig.cluster;
  if (typeof asked === "string" && asked !== server) throw clusterOther(context, asked, server);
  return credentialsOf(kubeconfig).get(signal);
}

const clusterOther = (context: string, asked: string, server: string): UserError =>
  new UserError(
    "ClusterOther",
    `The context ${context} leads to the cluster at ${server}, and the network is in that at ${asked}.`,
    "Set KUBECONFIG to the kubeconfig of the network's cluster.",
  );
