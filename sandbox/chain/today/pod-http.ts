/** Environment of a pod, by which it finds services. */
export type PodEnvironment = Readonly<Record<string, string>>;

/** An answer to a GET. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * GETs a URL from inside a pod. Names of Services stand for their addresses in the pod's environment, since the sandbox
 * has no name server for a cluster.
 * @param timeout milliseconds
 */
export async function get(url: string, env: PodEnvironment, signal: AbortSignal, timeout: number): Promise<Answer> {
  const response = await fetch(addressed(url, env), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  return { status: response.status, body: await response.text() };
}

/** The URL with its Service's name replaced, e.g. `http://127.3.128.7:5000/v1/info` for `http://poet-1:5000/v1/info`. */
export function addressed(url: string, env: PodEnvironment): string {
  const parsed = new URL(url);
  const [service = ""] = parsed.hostname.split(".");
  const host = env[`${service.toUpperCase().replaceAll("-", "_")}_SERVICE_HOST`];
  if (host !== undefined) parsed.hostname = host;
  return parsed.href;
}
