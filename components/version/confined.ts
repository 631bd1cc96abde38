import { harmless, resources } from "../../infra/base/model/pods";

/** Processor and memory of a container, in Kubernetes' units: what it gets for sure, and what it may use at most. */
export interface Size {
  readonly cpu: readonly [request: string, limit: string];
  readonly memory: readonly [request: string, limit: string];
}

/**
 * Sizes of the programs that join a network's nodes in their cluster. Requests are small, because go-spacecraft sizes
 * the machines for the nodes: all of ours together fit into half a core and 1 GiB. Limits keep them from taking the
 * nodes' share.
 */
export const SIZES = {
  /** MongoDB's cache takes half of the memory above 1 GB, and at least 256 MB (its docs, storage.wiredTiger). */
  database: { cpu: ["100m", "1"], memory: ["256Mi", "1Gi"] },
  /** A server in Go that answers from the database or a node. */
  server: { cpu: ["50m", "500m"], memory: ["64Mi", "512Mi"] },
  /** A web server with a few files. */
  files: { cpu: ["10m", "250m"], memory: ["32Mi", "128Mi"] },
  /** Caddy, which all users of a network call. */
  entrance: { cpu: ["50m", "1"], memory: ["64Mi", "512Mi"] },
} as const satisfies Readonly<Record<string, Size>>;

/**
 * The part of a container's spec that confines it.
 * @param folders greatest sizes of the folders that end with its pod
 * @param capabilities that it needs all the same
 */
export const confined = ({ cpu, memory }: Size, folders: readonly string[], capabilities: readonly string[] = []) => ({
  resources: resources({ cpu: cpu[0], memory: memory[0] }, { cpu: cpu[1], memory: memory[1] }, folders),
  ...harmless(capabilities),
});
