import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node";
import type { KubernetesApi } from "./api";

/** Callbacks for the objects of a kind. */
export interface Reaction<T> {
  /** Called for each new or changed object. */
  changed?(object: T): unknown;
  deleted?(object: T): unknown;
}

/** The objects of a kind, kept equal to the API server's. */
export interface Reflector<T> {
  /** The objects by `NAMESPACE/NAME`. */
  readonly objects: ReadonlyMap<string, T>;
  /** Resolves after the first callback for every existing object. */
  readonly synced: Promise<void>;
  stop(): void;
}

/** Milliseconds before reconnecting to a lost API server. */
const RECONNECT = 500;

/** `NAMESPACE/NAME`, or `/NAME` for an object without namespace. */
export const keyOf = ({ metadata }: KubernetesObject): string => `${metadata?.namespace ?? ""}/${metadata?.name}`;

/** Lists and then watches the objects at a path such as `/api/v1/pods`. Reconnects whenever the API server returns. */
export function reflect<T extends KubernetesObject>(
  api: KubernetesApi,
  path: string,
  reaction: Reaction<T> = {},
): Reflector<T> {
  const objects = new Map<string, T>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let onSynced: () => void = () => undefined;
  const synced = new Promise<void>((resolve) => {
    onSynced = resolve;
  });

  const drop = (object: T) => {
    objects.delete(keyOf(object));
    reaction.deleted?.(object);
  };
  const take = (object: T) => {
    const known = objects.get(keyOf(object));
    if (known?.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    if (known && known.metadata?.uid !== object.metadata?.uid) drop(known);
    objects.set(keyOf(object), object);
    reaction.changed?.(object);
  };

  const listAndWatch = async () => {
    const { items, metadata } = await api.list<T>(path);
    const present = new Set(items.map(keyOf));
    for (const object of [...objects.values()]) if (!present.has(keyOf(object))) drop(object);
    for (const object of items) take(object);
    onSynced();
    await api.watch<T>(
      path,
      metadata.resourceVersion,
      ({ type, object }) => (type === "DELETED" ? drop(object) : take(object)),
      signal,
    );
  };

  const run = async () => {
    while (!signal.aborted) {
      try {
        await listAndWatch();
      } catch (error) {
        if (signal.aborted) return;
        console.error(`watching ${path}: ${(error as Error).message}`);
        await delay(RECONNECT, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  run();

  return { objects, synced, stop: () => stopping.abort() };
}
