import { ApiException, AppsV1Api, CoreV1Api, KubeConfig, Log, Watch } from "@kubernetes/client-node";
import { lastLine } from "../exec";
import { UserError } from "../user-error";

/** The clients of one cluster. */
export interface ClusterApi {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly log: Log;
  readonly watch: Watch;
}

/** Clients for a kubeconfig's text. @throws {UserError} when it is not one; the text is a secret and is not shown. */
export function clusterApi(kubeconfig: string): ClusterApi {
  const config = new KubeConfig();
  try {
    config.loadFromString(kubeconfig);
  } catch {
    throw notKubeconfig();
  }
  if (!config.getCurrentCluster()) throw notKubeconfig();
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    log: new Log(config),
    watch: new Watch(config),
  };
}

const notKubeconfig = (): UserError =>
  new UserError(
    "what should be a kubeconfig is none, or names no cluster: give the text of one, as kubectl takes it",
    2,
  );

/** Gives undefined for an object that is not there. */
export async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** HTTP status of an API error, if it is one. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiException ? error.code : undefined;

/** One line for an error of the API or of the way to it. */
export function apiError(what: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = statusOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const said = /^Message: (.+)$/m.exec(text)?.[1] ?? lastLine(text); // an ApiException tells code, message, body, headers
  return new UserError(`${what}: the cluster's API ${code ? `answered ${code}` : "did not answer"} (${said})`);
}
