import type { KubernetesObject, V1Deployment, V1Namespace, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { ApiError } from "../../../infra/base/clients/kubernetes/client";
import type { ObjectApi } from "../../../infra/base/clients/kubernetes/objects";
import { OWNER } from "../../../infra/deploy/network/kubernetes/names";
import type { Process, SimulatedTime } from "../time";
import type { Faults } from "./faults";

type Kept = KubernetesObject & { status?: object; immutable?: boolean; data?: unknown };

/** Seconds from a Deployment's making until its pod is ready, and from a deletion until a namespace is gone. */
const STARTS = 8;
const ENDS = 6;

/**
 * An API server with the controllers behind it, as far as a driver sees them: names are taken, immutable objects stay,
 * a namespace ends after a while with all that is in it, and pods become ready after a while.
 */
export class SimulatedCluster {
  /** By path. */
  readonly objects = new Map<string, { object: Kept; readonly madeAt: number; removedAt?: number }>();
  /** What was written in namespaces of somebody else. */
  readonly trespasses: string[] = [];
  /** Changes of what never may change. */
  readonly rewritten: string[] = [];
  private numbers = 0;
  private ports = 30_000;

  constructor(
    private readonly time: SimulatedTime,
    private readonly faults: Faults,
    readonly uid = "cluster-1",
  ) {
    this.put("/api/v1/namespaces/kube-system", { metadata: { name: "kube-system", uid } });
  }

  /** The API as one process sees it; a dead process never gets an answer. */
  api(process: Process, signal: AbortSignal): ObjectApi {
    const call = async <T>(effect: () => T): Promise<T> => {
      await process.sleep(0.05, signal);
      const { faults } = this;
      if (faults.strikes("API server is away"))
        throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
      if (faults.strikes("API server answers 503"))
        throw new ApiError(503, "the server is currently unable to handle it");
      if (faults.strikes("API server answers 429")) throw new ApiError(429, "too many requests");
      const result = effect();
      if (faults.strikes("killed after a call")) process.kill();
      if (faults.strikes("API server loses its answer"))
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      await process.sleep(0.01, signal);
      return result;
    };
    return {
      find: <T extends object>(path: string) => call(() => this.find(path) as T | undefined),
      list: <T extends object>(path: string) => call(() => this.list(path) as T[]),
      create: <T extends object>(path: string, object: T) => call(() => this.create(path, object as Kept) as T),
      apply: <T extends KubernetesObject>(path: string, object: T) => call(() => this.apply(path, object) as T),
      remove: (path, uid) => call(() => this.remove(path, uid)),
      // Nothing changes there, so that faults and time leave it out.
      may: async ({ resource }) => resource !== this.faults.get("right is missing")?.part,
    };
  }

  /** Puts an object there, whoever does it. */
  put(path: string, object: Kept): Kept {
    const uid = object.metadata?.uid ?? `uid-${++this.numbers}`;
    const kept = { ...object, metadata: { ...object.metadata, uid } };
    this.objects.set(path, { object: kept, madeAt: this.time.now });
    return kept;
  }

  find(path: string): object | undefined {
    if (path === "/version") return { major: "1", minor: this.faults.get("cluster too old") ? "24" : "33" };
    this.settle();
    const found = this.objects.get(path);
    if (!found) return undefined;
    if (!isNamespace(path)) return found.object;
    const phase = found.removedAt === undefined ? "Active" : "Terminating";
    return { ...found.object, status: { phase } };
  }

  /** Namespaces that end are gone after a while, unless something holds them. */
  private settle(): void {
    for (const [path, { removedAt }] of [...this.objects]) {
      if (removedAt === undefined || this.time.now < removedAt + ENDS * 1000) continue;
      if (this.faults.get("namespace is held")) continue;
      for (const other of [...this.objects.keys()]) if (inside(path, other)) this.objects.delete(other);
      this.objects.delete(path);
    }
  }

  private list(path: string): object[] {
    this.settle();
    if (path === "/api/v1/nodes") return this.machines();
    if (path === "/api/v1/pods") return [];
    if (path.endsWith("/resourcequotas")) return this.faults.get("quota too small") ? [QUOTA] : [];
    if (path.endsWith("/pods")) return this.deployments(path.replace("/pods", "")).map(podOf);
    if (path.endsWith("/deployments"))
      return this.deployments(path.replace("/deployments", "").replace("/apis/apps/v1", "/api/v1"));
    const found = [...this.objects].filter(([key]) => key.startsWith(`${path}/`));
    return found.map(([, { object }]) => object);
  }

  private machines(): V1Node[] {
    if (this.faults.get("machines not to be listed")) throw new ApiError(403, "nodes is forbidden");
    const cpu = this.faults.get("cluster too small") ? "2" : "64";
    const allocatable = { cpu, memory: "256Gi", pods: "110" };
    return [{ status: { allocatable, addresses: [{ type: "ExternalIP", address: "203.0.113.1" }] } }];
  }

  private deployments(namespace: string): V1Deployment[] {
    const folder = `${namespace.replace("/api/v1", "/apis/apps/v1")}/deployments/`;
    return [...this.objects]
      .filter(([path]) => path.startsWith(folder))
      .map(([, { object, madeAt }]) => ({
        ...(object as V1Deployment),
        status: this.isReady(object.metadata?.name ?? "", madeAt)
          ? { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 }
          : {},
      }));
  }

  private isReady(name: string, madeAt: number): boolean {
    const never = this.faults.get("pods never ready");
    if (never && name.startsWith(never.part)) return false;
    const slow = this.faults.get("slow images")?.at ?? STARTS;
    return this.time.now >= madeAt + slow * 1000;
  }

  private create(folder: string, object: Kept): Kept {
    this.settle();
    const path = `${folder}/${object.metadata?.name}`;
    if (folder === "/api/v1/namespaces") {
      if (this.faults.get("namespaces not to be created")) throw new ApiError(403, "namespaces is forbidden");
      if (this.faults.strikes("somebody else is faster")) this.put(path, { metadata: { name: object.metadata?.name } });
    } else this.requireNamespace(folder);
    if (this.objects.has(path)) throw new ApiError(409, `${object.metadata?.name} already exists`);
    return this.put(path, object);
  }

  private apply(path: string, object: Kept): Kept {
    this.settle();
    if (!isNamespace(path)) this.requireNamespace(path);
    else if (!this.objects.has(path)) throw new ApiError(404, "namespace not found");
    const before = this.objects.get(path);
    this.judge(path, before?.object, object);
    const whole = merge(before?.object ?? {}, object) as Kept;
    const merged = path.includes("/services/") ? (this.givePorts(whole as V1Service) as Kept) : whole;
    if (!before) return this.put(path, merged);
    before.object = merged;
    return merged;
  }

  /** What is there never changes but by the mark that the network is complete. */
  private judge(path: string, before: Kept | undefined, object: Kept): void {
    if (before?.immutable) throw new ApiError(422, "field is immutable");
    if (isNamespace(path)) {
      if (before?.metadata?.annotations?.[OWNER] !== object.metadata?.annotations?.[OWNER]) this.trespasses.push(path);
    } else if (before && JSON.stringify(merge(before, object)) !== JSON.stringify(before)) this.rewritten.push(path);
  }

  private givePorts(service: V1Service): V1Service {
    const { spec } = service;
    if (spec?.type !== "NodePort") return service;
    const ports = (spec.ports ?? []).map((port) => ({ ...port, nodePort: port.nodePort ?? ++this.ports }));
    return { ...service, spec: { ...spec, ports } };
  }

  private requireNamespace(path: string): void {
    const name = /\/namespaces\/([^/]+)/.exec(path)?.[1] ?? "";
    const namespace = this.objects.get(`/api/v1/namespaces/${name}`);
    if (!namespace) throw new ApiError(404, `namespaces "${name}" not found`);
    if (namespace.removedAt !== undefined) throw new ApiError(403, `namespace ${name} is being terminated`);
    if (namespace.object.metadata?.annotations?.[OWNER] === undefined) this.trespasses.push(path);
  }

  private remove(path: string, uid: string): void {
    this.settle();
    const found = this.objects.get(path);
    if (!found) throw new ApiError(404, "not found");
    if (found.object.metadata?.uid !== uid) throw new ApiError(409, "the UID in the precondition differs");
    if ((found.object as V1Namespace).metadata?.annotations?.[OWNER] !== "v1.2.3+1")
      this.trespasses.push(`removed ${path}`);
    found.removedAt ??= this.time.now;
  }
}

const QUOTA = { metadata: { name: "small" }, spec: { hard: { "requests.cpu": "1" } }, status: { used: {} } };

const isNamespace = (path: string): boolean => /^\/api\/v1\/namespaces\/[^/]+$/.test(path);

/** Whether an object is in a namespace. */
const inside = (namespace: string, path: string): boolean =>
  path.startsWith(`${namespace}/`) || path.includes(`${namespace.replace("/api/v1", "")}/`);

function podOf({ metadata, status }: V1Deployment): V1Pod {
  const name = metadata?.name ?? "";
  const image = { name: name.replace(/-\d+$/, ""), image: "node", ready: true, restartCount: 0 };
  const imageID = `docker.io/spacemeshos/go-spacemesh@sha256:${"5".repeat(64)}`;
  return {
    metadata: { labels: { name } },
    status: { phase: status?.readyReplicas ? "Running" : "Pending", containerStatuses: [{ ...image, imageID }] },
  };
}

/** Objects merge by key, all else is replaced, as in server-side apply of one manager. */
function merge(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after)) {
    return Array.isArray(before) && Array.isArray(after) && before.length === after.length
      ? after.map((item, i) => merge(before[i], item))
      : after;
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries([...keys].map((key) => [key, key in after ? merge(before[key], after[key]) : before[key]]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
