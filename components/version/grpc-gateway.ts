import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type BuildTag, buildTag } from "../../infra/base/model/build-tag";
import type { Endpoints } from "../../infra/base/model/endpoints";
import { caddyfile, HTTP_PORT, SITE_FOLDER, TLS_PORT } from "../../infra/deploy/gateway/caddyfile";
import { documentOf, step } from "../step";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

/** The release of Caddy that test/integration/deploy/gateway.test.ts runs. */
const CADDY_IMAGE = "caddy:2.11.9";

/**
 * Two, so that one can be moved while the other answers. With certificates one: it alone can answer the challenges that
 * it has asked for, and it keeps them on a disk of its own.
 */
const replicas = (tls: boolean): number => (tls ? 1 : 2);

/** Where Caddy keeps certificates in its container (its XDG_DATA_HOME in the official image). */
const CERTIFICATES = "/data";

/** ConfigMap with the info page; InfoPage makes it later, and the pods take it up when it appears. */
export const PAGE_CONFIG_MAP = "info-page";

export interface GrpcGatewayArgs {
  readonly network: Network;
  readonly tag: BuildTag;
  /** The network's own endpoints. */
  readonly endpoints: Endpoints;
  /** Those of the channels: their hosts are accepted from the first day, so that a promotion restarts nothing. */
  readonly channels: readonly Endpoints[];
  readonly tls: boolean;
  /** Public TCP port. */
  readonly port: number;
  /** Longest wait for the gateway to answer, in seconds. */
  readonly readyTimeout: number;
}

/**
 * Caddy as the one public entrance to a network: gRPC, JSON, explorer, dashboard, poets and page, by host. Done means
 * that each of them has answered at its public name, from outside the cluster.
 */
export class GrpcGateway extends pulumi.ComponentResource {
  /** Public address of the load balancer. */
  readonly address: pulumi.Output<string>;
  /** The genesis id that the nodes answered through the gateway, in hexadecimal. */
  readonly genesisId: pulumi.Output<string>;

  constructor(name: string, args: GrpcGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:GrpcGateway", name, {}, opts);
    const { network, tag, endpoints, channels, tls, port, readyTimeout } = args;
    const options = inCluster(network, this);
    const selector = { "app.kubernetes.io/name": name };

    const text = caddyfile([endpoints, ...channels], tls);
    // A name given by Pulumi changes with the content, which rolls the pods.
    const { name: _, ...unnamed } = metadata(name, tag);
    const config = new k8s.core.v1.ConfigMap(
      name,
      { metadata: unnamed, data: { Caddyfile: text }, immutable: true },
      { ...options, deleteBeforeReplace: false },
    );
    const disk = tls ? certificateDisk(name, tag, options) : undefined;
    const service = new k8s.core.v1.Service(
      name,
      {
        metadata: metadata(name, tag, DO_NOT_AWAIT),
        spec: { type: "LoadBalancer", selector, ports: publicPorts(tls, port) },
      },
      options,
    );
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadata(name, tag, { "pulumi.com/timeoutSeconds": `${readyTimeout}` }),
        spec: {
          replicas: replicas(tls),
          strategy: tls ? { type: "Recreate" } : undefined, // the disk can be in one pod at a time
          selector: { matchLabels: selector },
          template: {
            metadata: { labels: metadata(name, tag).labels },
            spec: podSpec(config.metadata.name, tls, disk?.metadata.name),
          },
        },
      },
      options,
    );

    const alive = step(
      `${name}-alive`,
      {
        create: `gateway alive ${buildTag(tag)}`,
        environment: {
          KUBECONFIG_TEXT: network.kubeconfig,
          NETWORK_FACTS: network.facts.apply((facts) => JSON.stringify(facts)),
          ENDPOINTS: JSON.stringify(endpoints),
          READY_TIMEOUT: `${readyTimeout}`,
        },
        timeout: 3 * readyTimeout, // for the address, a first call, and the services
      },
      { parent: this, dependsOn: [service, deployment] },
    );
    // All outputs of a step with a secret among its inputs are secret; these two are public.
    const seen = pulumi.unsecret(documentOf<{ address: string; genesisId: string }>(alive));
    this.address = seen.address;
    this.genesisId = seen.genesisId;
    this.registerOutputs({ address: this.address, genesisId: this.genesisId });
  }
}

function publicPorts(tls: boolean, port: number) {
  if (!tls) return [{ name: "http", port, targetPort: HTTP_PORT }];
  return [
    { name: "http", port: 80, targetPort: HTTP_PORT },
    { name: "https", port, targetPort: TLS_PORT },
  ];
}

/** So that a new pod need not ask for certificates again, of which there are only so many a week. */
const certificateDisk = (name: string, tag: BuildTag, options: pulumi.CustomResourceOptions) =>
  new k8s.core.v1.PersistentVolumeClaim(
    `${name}-certificates`,
    {
      metadata: metadata(`${name}-certificates`, tag, DO_NOT_AWAIT),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    options,
  );

function podSpec(
  configMap: pulumi.Input<string>,
  tls: boolean,
  disk: pulumi.Input<string> | undefined,
): k8s.types.input.core.v1.PodSpec {
  const ports = [{ name: "http", containerPort: HTTP_PORT }];
  if (tls) ports.push({ name: "https", containerPort: TLS_PORT });
  return {
    containers: [
      {
        name: "caddy",
        image: CADDY_IMAGE,
        args: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
        env: [
          { name: "BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          { name: "SITE_FOLDER", value: SITE_FOLDER },
        ],
        ports,
        readinessProbe: { tcpSocket: { port: HTTP_PORT }, periodSeconds: 2 },
        volumeMounts: [
          { name: "config", mountPath: "/etc/caddy", readOnly: true },
          { name: "site", mountPath: SITE_FOLDER, readOnly: true },
          ...(disk ? [{ name: "certificates", mountPath: CERTIFICATES }] : []),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: configMap } },
      { name: "site", configMap: { name: PAGE_CONFIG_MAP, optional: true } },
      ...(disk ? [{ name: "certificates", persistentVolumeClaim: { claimName: disk } }] : []),
    ],
  };
}
