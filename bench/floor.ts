import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Label of the objects that our components create in a network's cluster. */
const OURS = "app.kubernetes.io/part-of=smeshnet";
/** In this order, because containers get the addresses of Services that already exist. */
const KINDS = "configmaps,persistentvolumeclaims,services,deployments";

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: Record<string, unknown> & { readonly name: string };
  readonly spec?: Record<string, unknown>;
}

/**
 * Seconds that plain kubectl takes for the same objects. Removes the objects from the cluster of a network, applies
 * them
 * all at once and waits for them.
 * @param env environment in which kubectl finds the cluster
 */
export async function measureFloor(env: NodeJS.ProcessEnv): Promise<{ objects: number; seconds: number }> {
  const kubectl = async (...args: string[]) => (await run("kubectl", args, { env, maxBuffer: 1 << 26 })).stdout;
  const listed = JSON.parse(await kubectl("get", KINDS, "-l", OURS, "-o", "json")) as { items: KubernetesObject[] };
  const manifests = listed.items.map(bare);
  await kubectl("delete", KINDS, "-l", OURS, "--wait");
  await kubectl("wait", "pods", "-l", OURS, "--for=delete", "--timeout=60s");

  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
  const start = Date.now();
  const applied = run("kubectl", ["apply", "-f", "-"], { env });
  applied.child.stdin?.end(list);
  await applied;
  await Promise.all([
    kubectl("wait", "deployments", "-l", OURS, "--for=condition=Available", "--timeout=120s"),
    kubectl("wait", "service/gateway", "--for=jsonpath={.status.loadBalancer.ingress}", "--timeout=120s"),
  ]);
  return { objects: manifests.length, seconds: (Date.now() - start) / 1000 };
}

/** The object as a person would write it, without the API server's additions. */
export function bare({ metadata, spec, ...rest }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = metadata;
  const { status: _, ...object } = rest as Record<string, unknown> & Pick<KubernetesObject, "kind">;
  const cleaned = { ...object, metadata: { name, namespace, labels, annotations } };
  if (!spec) return cleaned;
  const { clusterIP: _ip, clusterIPs: _ips, volumeName: _volume, ...wanted } = spec;
  return { ...cleaned, spec: wanted };
}
