import type { V1Secret } from "@kubernetes/client-node";
import { ApiError } from "../../infra/base/clients/kubernetes/client";
import { isObject } from "../../infra/base/lib/json";
import { MemoryApi } from "./kubernetes-api";

/** A kubeconfig whose context names a namespace. */
export const kubeconfigOf = (namespace: string): string =>
  JSON.stringify({
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "c", namespace } }],
    users: [{ name: "c", user: { token: "t" } }],
  });

/** Where the Secrets of a namespace are. */
export const secretsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

/** An API server that tells versions of objects, and refuses to replace one that has changed since. */
export class VersionedApi extends MemoryApi {
  private version = 0;
  /** What another run writes just before the next write. */
  meanwhile: V1Secret | undefined;

  /** Writes as another run does. */
  put(secret: V1Secret): void {
    const { namespace = "", name } = secret.metadata ?? {};
    this.keep(`${secretsOf(namespace)}/${name}`, secret);
  }

  /** The file in a Secret. */
  text(namespace: string): string {
    const found = this.objects.get(`${secretsOf(namespace)}/gateway-tls`);
    const data = isObject(found) && isObject(found.data) ? found.data : {};
    return Buffer.from(String(data["tls.pem"] ?? ""), "base64").toString();
  }

  override async create<T extends object>(path: string, object: T): Promise<T> {
    this.before();
    await super.create(path, object);
    const { name } = metadataOf(object);
    return this.keep(`${path}/${name}`, object);
  }

  override async apply<T extends object>(path: string, object: T): Promise<T> {
    this.before();
    const seen = metadataOf(object).resourceVersion;
    const isChanged = seen !== undefined && seen !== metadataOf(this.objects.get(path)).resourceVersion;
    if (isChanged) throw new ApiError(409, "changed", "Conflict");
    this.calls.push(`apply ${path}`);
    return this.keep(path, object);
  }

  private before(): void {
    if (this.meanwhile) this.put(this.meanwhile);
    this.meanwhile = undefined;
  }

  private keep<T extends object>(path: string, object: T): T {
    const metadata = { ...metadataOf(object), resourceVersion: `${++this.version}` };
    const kept = { ...object, metadata };
    this.objects.set(path, kept);
    return kept;
  }
}

const metadataOf = (object: unknown) => (isObject(object) && isObject(object.metadata) ? object.metadata : {});
