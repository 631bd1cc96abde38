import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BuildTag } from "../../infra/base/model/build-tag";
import { folder, NOBODY, runsAs, SCRATCH_MOUNT, scratch } from "../../infra/base/model/pods";
import { confined, type Size } from "./confined";
import { type Disk, diskVolume } from "./disk";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

/** What every program in a network's cluster gets. */
export interface InNetworkArgs {
  readonly network: Network;
  readonly tag: BuildTag;
  /** Longest wait for each program to be ready, in seconds. */
  readonly readyTimeout: number;
}

export interface WebServiceArgs extends InNetworkArgs {
  /** Image with tag. Its program runs as a user without rights, so its port is above 1023. */
  readonly image: string;
  /** What the container may use. */
  readonly size: Size;
  /** Folders that the program keeps data in while its pod lives, each with its greatest size, e.g. 10Gi. */
  readonly folders?: Readonly<Record<string, string>>;
  /** A folder whose data outlive the pod, by the path where the program finds it. */
  readonly disk?: Disk & { readonly mountPath: string };
  /** What the container runs in place of its image's own program. */
  readonly command?: string[];
  /** Arguments of the container. */
  readonly args?: string[];
  /** Variables that Secrets of the cluster hold; `environment` may use them as `$(NAME)`. */
  readonly secrets?: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  /** Environment of the container; `$(NAME_SERVICE_HOST)` stands for the address of an existing Service. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** TCP port that the program listens on; without one it gets no Service. */
  readonly port?: number;
  /** HTTP path that answers 2xx when the program is ready; without one an open port counts. */
  readonly health?: string;
  /** Seconds between two questions whether it is ready; 2 unless its program logs each. */
  readonly healthPeriod?: number;
}

/** Room for the temporary files of a program. Web servers keep what they pass on there. */
const SCRATCH_SIZE = "64Mi";

/** One program in the cluster: a Deployment with one replica and, if it listens, a Service with the same name. */
export class WebService extends pulumi.ComponentResource {
  constructor(name: string, args: WebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:WebService", name, {}, opts);
    const { network, tag, port, health, environment = {}, folders = {}, secrets = {} } = args;
    const kept = Object.entries(folders).map(([mountPath, size], i) => ({ name: `data-${i + 1}`, mountPath, size }));
    const options = inCluster(network, this);
    const disk = args.disk && {
      ...args.disk,
      volume: diskVolume(name, { network, tag, ...args.disk }, options)("disk"),
    };
    const selector = { "app.kubernetes.io/name": name };
    if (port !== undefined) {
      new k8s.core.v1.Service(
        name,
        {
          metadata: metadata({ network, tag }, name, DO_NOT_AWAIT),
          spec: { selector, ports: [{ name: "http", port }] },
        },
        options,
      );
    }
    new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadata({ network, tag }, name, { "pulumi.com/timeoutSeconds": `${args.readyTimeout}` }),
        spec: {
          replicas: 1,
          ...(disk && { strategy: { type: "Recreate" } }), // only one pod at a time can mount the disk
          selector: { matchLabels: selector },
          template: {
            metadata: { labels: metadata({ network, tag }, name).labels },
            spec: {
              ...runsAs(NOBODY),
              ...network.priority,
              enableServiceLinks: findsServices(environment),
              containers: [
                {
                  name,
                  image: args.image,
                  command: args.command,
                  args: args.args,
                  env: [
                    ...fromSecrets(secrets),
                    ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
                  ],
                  ...listening(port, health, args.healthPeriod),
                  volumeMounts: [
                    SCRATCH_MOUNT,
                    ...kept.map((one) => ({ name: one.name, mountPath: one.mountPath })),
                    ...(disk ? [{ name: "disk", mountPath: disk.mountPath }] : []),
                  ],
                  ...confined(args.size, [SCRATCH_SIZE, ...kept.map((one) => one.size), ...endingDisk(args.disk)]),
                },
              ],
              volumes: [
                scratch(SCRATCH_SIZE),
                ...kept.map((one) => folder(one.name, one.size)),
                ...(disk ? [disk.volume] : []),
              ],
            },
          },
        },
      },
      // An update leaves the parts of another strategy, which the API server then refuses.
      pulumi.mergeOptions(options, { replaceOnChanges: ["spec.strategy"] }),
    );
    this.registerOutputs({});
  }
}

/** The size of a disk that ends with its pod. */
const endingDisk = (disk: WebServiceArgs["disk"]): string[] => (disk?.storageClass === "none" ? [disk.size] : []);

const fromSecrets = (secrets: NonNullable<WebServiceArgs["secrets"]>) =>
  Object.entries(secrets).map(([name, { secret, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));

function listening(port: number | undefined, health: string | undefined, periodSeconds = 2) {
  if (port === undefined) return {};
  const probe = health ? { httpGet: { path: health, port } } : { tcpSocket: { port } };
  return { ports: [{ name: "http", containerPort: port }], readinessProbe: { ...probe, periodSeconds } };
}

/** Whether a value stands for the address of a Service. Kubernetes then hands the pod the addresses of all. */
const findsServices = (environment: Readonly<Record<string, pulumi.Input<string>>>): boolean =>
  Object.values(environment).some((value) => typeof value === "string" && value.includes("_SERVICE_"));
