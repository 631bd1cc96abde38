import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BuildTag } from "../../infra/base/model/build-tag";
import { folder } from "../../infra/base/model/pods";
import { DO_NOT_AWAIT, metadata } from "./in-cluster";
import type { Network } from "./network";

/** Data that outlive a pod. */
export interface Disk {
  /** Its greatest size, e.g. 10Gi. */
  readonly size: string;
  /** Class of the disk; `default` for the cluster's own, `none` for data that end with their pod. */
  readonly storageClass: string;
}

/** The network that a disk belongs to. */
interface Placed {
  readonly network: Pick<Network, "namespace">;
  readonly tag: BuildTag;
}

/** The volume of a disk that only one pod at a time mounts. @param name of the claim */
export function diskVolume(
  name: string,
  { network, tag, size, storageClass }: Placed & Disk,
  options: pulumi.CustomResourceOptions,
): (volume: string) => k8s.types.input.core.v1.Volume {
  if (storageClass === "none") return (volume) => folder(volume, size);
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: metadata({ network, tag }, name, DO_NOT_AWAIT),
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
        ...(storageClass !== "default" && { storageClassName: storageClass }),
      },
    },
    options,
  );
  return (volume) => ({ name: volume, persistentVolumeClaim: { claimName: claim.metadata.name } });
}
