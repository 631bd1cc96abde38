import { ApiError } from "../../infra/base/clients/kubernetes/client";
import type { ObjectApi } from "../../infra/base/clients/kubernetes/objects";
import { makeOnce } from "../../infra/deploy/network/kubernetes/made";
import { kubernetesSpec } from "./kubernetes-spec";

/** When the network of the tests was made, milliseconds since 1970. */
export const NOW = Date.parse("2026-11-28T07:00:06.789Z");

/** An API server without controllers: objects by their paths. Calls of others than GET are recorded. */
export class MemoryApi implements ObjectApi {
  readonly calls: string[] = [];
  /** What the next call of a method answers instead: a status, once what was to happen before it has happened. */
  readonly refusals = new Map<string, { readonly status: number; before?(): void }>();
  readonly lists = new Map<string, object[]>();
  readonly objects = new Map<string, object>();

  /** The account may do everything. */
  may = async (): Promise<boolean> => true;

  async find<T extends object>(path: string): Promise<T | undefined> {
    this.refuse(`find ${path}`);
    return this.objects.get(path) as T | undefined;
  }

  async list<T extends object>(path: string): Promise<T[]> {
    this.refuse(`list ${path}`);
    return (this.lists.get(path) ?? []) as T[];
  }

  async create<T extends object>(path: string, object: T): Promise<T> {
    const { name } = (object as { metadata: { name: string } }).metadata;
    this.calls.push(`create ${path}/${name}`);
    this.refuse(`create ${path}`);
    if (this.objects.has(`${path}/${name}`)) throw new ApiError(409, "exists");
    this.objects.set(`${path}/${name}`, object);
    return object;
  }

  async apply<T extends object>(path: string, object: T): Promise<T> {
    this.calls.push(`apply ${path}`);
    this.objects.set(path, object);
    return object;
  }

  async remove(path: string, uid: string): Promise<void> {
    this.calls.push(`remove ${path} ${uid}`);
    this.refuse(`remove ${path}`);
    this.objects.delete(path);
  }

  private refuse(call: string): void {
    const refusal = this.refusals.get(call);
    if (!refusal) return;
    this.refusals.delete(call);
    refusal.before?.();
    throw new ApiError(refusal.status, "refused");
  }
}

/** What is made once for the network of `kubernetesSpec(changes)`. */
export const madeWith = (changes: Record<string, unknown> = {}) =>
  makeOnce(new MemoryApi(), kubernetesSpec(changes), NOW);
