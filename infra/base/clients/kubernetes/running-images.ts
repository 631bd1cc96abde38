import type { V1Pod } from "@kubernetes/client-node";
import type { ImageDigest } from "../../model/network-facts";
import type { RunningImage } from "../../model/running-image";

/**
 * The digest in a container's `imageID`: `docker.io/x/y@sha256:...` of containerd, `docker-pullable://x/y@sha256:...`
 * of Docker. Undefined for an id without a repository's digest, such as that of an image that was loaded from a file.
 */
export function digestIn(imageId: string): ImageDigest | undefined {
  const [, name, sha256] = /^(?:[a-z-]+:\/\/)?([^@]+)@sha256:([0-9a-f]{64})$/.exec(imageId) ?? [];
  return name && sha256 ? { name, sha256 } : undefined;
}

/**
 * The images of a network's pods with the digests that were pulled, each once, in the order of their names. Pods of
 * others in the namespace do not count. A container whose runtime tells no digest is left out.
 */
export function runningImages(pods: readonly V1Pod[]): RunningImage[] {
  const found = new Map<string, RunningImage>();
  for (const { spec, status } of pods.filter(isOfNetwork)) {
    for (const { name, imageID } of status?.containerStatuses ?? []) {
      const image = spec?.containers.find((one) => one.name === name)?.image;
      const sha256 = digestIn(imageID ?? "")?.sha256;
      if (image && sha256) found.set(`${image} ${sha256}`, { image, sha256 });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Pods that we make have a label that says so. go-spacecraft names its nodes and poets by another one (k8s/sm.go). */
const isOfNetwork = ({ metadata }: V1Pod): boolean => {
  const { name = "", "app.kubernetes.io/part-of": whole } = metadata?.labels ?? {};
  return whole === "smeshnet" || /^(miner|poet)-\d+$/.test(name);
};
