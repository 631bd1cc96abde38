/**
 * What pods of the program and of the driver share. Every pod meets what Kubernetes calls restricted (kubernetes.io, "Pod
 * Security Standards"), writes to its volumes only, and has no key to the API server.
 */

import { quantityIn } from "./quantity";

/** The project's Caddy: the gateway, and the server of a network's first beacon. */
export const CADDY_IMAGE = "caddy:2.11.9";

/** A user without any rights, the `nonroot` of distroless images. */
export const NOBODY = 65532;

/**
 * The user of nodes and poets. It is another one than `NOBODY`, so that the statistics beside a node cannot read the
 * node's keys on the disk that they share.
 */
export const KEY_OWNER = 65533;

/** Where programs look for a folder that everybody may write to. */
const SCRATCH = "/tmp";

/**
 * Who runs in a pod. Its group may write to the pod's disks. Kubernetes gives a disk to the group once, and not at every
 * start: a node's disk holds many files.
 * @param user not 0
 */
export const runsAs = (user: number) => ({
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
});

/** What a container may do. @param capabilities that it needs all the same */
export const harmless = (capabilities: readonly string[] = []) => ({
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], ...(capabilities.length > 0 ? { add: [...capabilities] } : {}) },
  },
});

/**
 * The official Caddy image marks its program with this capability (caddyserver/caddy-docker), and the kernel does not
 * start such a file where the capability is forbidden. Caddy listens above 1023 and does not use it.
 */
export const CADDY_CAPABILITIES: readonly string[] = ["NET_BIND_SERVICE"];

/** What the logs of a container take for certain: kubelet keeps five files of 10Mi (KubeletConfiguration, defaults). */
const LOGS = "64Mi";

/** Room for logs of clusters that keep longer ones, in bytes. Kubernetes ends a pod that takes more than its limit. */
const LONG_LOGS = 2 ** 30;

/**
 * The container's part of its machine's disk: logs, and the folders that end with its pod (kubernetes.io, "Local
 * ephemeral storage").
 * @param folders greatest sizes of those folders, e.g. 64Mi
 */
const localDisk = (folders: readonly string[]) => {
  const bytes = folders.reduce((sum, size) => sum + (quantityIn(size) ?? 0), LONG_LOGS);
  return {
    requests: { "ephemeral-storage": LOGS },
    limits: { "ephemeral-storage": `${Math.ceil(bytes / 2 ** 20)}Mi` },
  };
};

interface Share {
  readonly cpu: string;
  readonly memory: string;
}

/** What a container gets for certain, and at most. @param folders greatest sizes of the folders that end with its pod */
export function resources(requests: Share, limits: Share, folders: readonly string[] = []) {
  const disk = localDisk(folders);
  return { requests: { ...requests, ...disk.requests }, limits: { ...limits, ...disk.limits } };
}

/** A folder that ends with its pod. @param sizeLimit Kubernetes ends a pod that writes more, e.g. 64Mi */
export const folder = (name: string, sizeLimit: string) => ({ name, emptyDir: { sizeLimit } });

/** The volume for temporary files, and its mount. */
export const scratch = (sizeLimit: string) => folder("tmp", sizeLimit);
export const SCRATCH_MOUNT = { name: "tmp", mountPath: SCRATCH };
