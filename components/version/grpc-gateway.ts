import { basename } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type BuildTag, buildTag } from "../../infra/base/model/build-tag";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { NetworkListEntry } from "../../infra/base/model/network-list";
import { RunningImage } from "../../infra/base/model/running-image";
import type { Settings } from "../../infra/base/model/settings";
import { caddyfile, HTTP_PORT, TLS_PORT } from "../../infra/deploy/gateway/caddyfile";
import { CURVES_SERVICE, type Watched } from "../../infra/deploy/gateway/curve-route";
import { LIST_PATH } from "../../infra/deploy/gateway/routes-today";
import { curvesOf } from "../../infra/deploy/monitoring/curves";
import { NAMES, PORTS } from "../../infra/deploy/monitoring/prometheus";
import { documentOf, step } from "../step";
import { gatewayPod, selectorOf } from "./gateway-pod";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

/** Two, so that one can move while the other answers. */
const REPLICAS = 2;

/** What the step prints, in the part that is read. */
const Alive = z.object({
  address: z.string().min(1),
  genesisId: z.string().min(1),
  /** Steps of older releases do not tell. */
  images: z.array(RunningImage).optional(),
});

export interface GrpcGatewayArgs {
  readonly network: Network;
  readonly tag: BuildTag;
  /** The network's own endpoints. */
  readonly endpoints: Endpoints;
  /**
   * Endpoints of the channels: the gateway accepts their hosts from the first day, so that a promotion restarts
   * nothing.
   */
  readonly channels: readonly Endpoints[];
  /** The driver that made the network. */
  readonly driver: Settings["driver"];
  /** The network's entry, which the frontends of a network of today get as the only one of a list. */
  readonly entry: pulumi.Input<NetworkListEntry>;
  readonly tls: boolean;
  /** Image of Caddy in place of the project's own. */
  readonly image: string | undefined;
  /** URL of the store, which keeps the TLS certificate. */
  readonly archive: string;
  /** Public TCP port. */
  readonly port: number;
  /** Public TCP port of plain HTTP beside TLS. */
  readonly httpPort: number;
  /** Longest wait for the gateway to answer, in seconds. */
  readonly readyTimeout: number;
  /** The network when it has monitoring, which counts the gateway's requests and has public curves. */
  readonly watched: Watched | undefined;
}

/**
 * Caddy as the one public entrance to a network: gRPC, JSON, explorer, dashboard, tap, poets and page, by host. The
 * component is done when each of them answers at its public name, from outside the cluster.
 */
export class GrpcGateway extends pulumi.ComponentResource {
  /** Public address of the load balancer. */
  readonly address: pulumi.Output<string>;
  /** Genesis id that the nodes report through the gateway, in hexadecimal. */
  readonly genesisId: pulumi.Output<string>;
  /** What the network's pods ran when it answered, by digest; undefined when an older release made the gateway. */
  readonly images: pulumi.Output<readonly RunningImage[] | undefined>;
  /** Names of the public curves that the gateway answers for; absent without monitoring. */
  readonly curves: readonly string[] | undefined;

  constructor(name: string, args: GrpcGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:GrpcGateway", name, {}, opts);
    const options = inCluster(args.network, this);
    const config = createConfig(name, args, options);
    const list = args.driver === "kubernetes" ? createList(name, args, options) : undefined;
    const service = createService(name, args, options);
    const certificate = args.tls ? createCertificate(name, args, { parent: this }) : [];
    const curves = args.watched ? [createCurves(args, options)] : [];
    const before = { ...options, dependsOn: [certificate, curves].flat() };
    const deployment = createDeployment(name, args, { config, list }, before);
    createBudget(name, args, options);
    const alive = createProof(name, args, { parent: this, dependsOn: [service, deployment] });
    // All outputs of a step with a secret input are secret; these are public.
    const seen = pulumi.unsecret(documentOf(alive, "alive", Alive));
    this.address = seen.address;
    this.genesisId = seen.genesisId;
    this.images = seen.apply(({ images }) => images);
    this.curves = args.watched && curvesOf(args.driver).map((curve) => curve.name);
    this.registerOutputs({ address: this.address, genesisId: this.genesisId });
  }
}

function createConfig(name: string, args: GrpcGatewayArgs, options: pulumi.CustomResourceOptions) {
  const { network, tag, endpoints, channels, tls, driver, watched } = args;
  // A name given by Pulumi changes with the content, which rolls the pods.
  const { name: _, ...unnamed } = metadata({ network, tag }, name);
  const data = { Caddyfile: caddyfile([endpoints, ...channels], tls, driver, watched) };
  return new k8s.core.v1.ConfigMap(
    name,
    { metadata: unnamed, data, immutable: true },
    { ...options, deleteBeforeReplace: false },
  );
}

/** A list of networks with this network alone. Its name is fixed: pods pick up another content without a restart. */
const createList = (name: string, { network, tag, entry }: GrpcGatewayArgs, options: pulumi.CustomResourceOptions) =>
  new k8s.core.v1.ConfigMap(
    `${name}-list`,
    {
      metadata: metadata({ network, tag }, `${name}-list`),
      data: { [basename(LIST_PATH)]: pulumi.output(entry).apply((one) => `${JSON.stringify([one])}\n`) },
    },
    options,
  );

/**
 * Hands the certificate to the cluster. A renewal does so again, outside of the stack: `smeshnet tls renew`. So neither
 * the state nor a preview knows it.
 */
const createCertificate = (name: string, { network, tag, archive }: GrpcGatewayArgs, options: pulumi.ResourceOptions) =>
  step(
    `${name}-tls`,
    {
      create: ["gateway", "tls", buildTag(tag)],
      environment: { KUBECONFIG_TEXT: network.kubeconfig, ARCHIVE: archive },
      timeout: 120,
    },
    options,
  );

const createService = (
  name: string,
  { network, tag, endpoints, tls, port, httpPort }: GrpcGatewayArgs,
  options: pulumi.CustomResourceOptions,
) =>
  new k8s.core.v1.Service(
    name,
    {
      metadata: metadata({ network, tag }, name, DO_NOT_AWAIT),
      spec: {
        type: "LoadBalancer",
        selector: selectorOf(name),
        ports: tls ? withTls(port, httpPort) : [{ name: "http", port, targetPort: HTTP_PORT }],
        // The tap counts by the address of who asks, and another machine of the cluster would put its own in its place.
        ...(endpoints.tapHost !== undefined && { externalTrafficPolicy: "Local" }),
      },
    },
    options,
  );

/**
 * Prometheus for the gateway alone. The monitoring and its own Service come later, and pods find only Services that are
 * older than they.
 */
const createCurves = ({ network, tag }: GrpcGatewayArgs, options: pulumi.CustomResourceOptions) =>
  new k8s.core.v1.Service(
    CURVES_SERVICE,
    {
      metadata: metadata({ network, tag }, CURVES_SERVICE, DO_NOT_AWAIT),
      spec: { selector: selectorOf(NAMES.prometheus), ports: [{ name: "http", port: PORTS.prometheus }] },
    },
    options,
  );

interface Mounted {
  readonly config: k8s.core.v1.ConfigMap;
  readonly list: k8s.core.v1.ConfigMap | undefined;
}

const createDeployment = (
  name: string,
  { network, tag, tls, image, readyTimeout }: GrpcGatewayArgs,
  { config, list }: Mounted,
  options: pulumi.CustomResourceOptions,
) =>
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadata({ network, tag }, name, { "pulumi.com/timeoutSeconds": `${readyTimeout}` }),
      spec: {
        replicas: REPLICAS,
        selector: { matchLabels: selectorOf(name) },
        template: {
          metadata: { labels: metadata({ network, tag }, name).labels },
          spec: {
            ...network.priority,
            ...gatewayPod(name, { image, tls, config: config.metadata.name, list: list?.metadata.name }),
          },
        },
      },
    },
    options,
  );

/** While machines are drained, one of the pods stays. */
const createBudget = (name: string, { network, tag }: GrpcGatewayArgs, options: pulumi.CustomResourceOptions) =>
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: metadata({ network, tag }, name),
      spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(name) } },
    },
    options,
  );

const createProof = (name: string, args: GrpcGatewayArgs, options: pulumi.CustomResourceOptions) =>
  step(
    `${name}-alive`,
    {
      create: ["gateway", "alive", buildTag(args.tag)],
      environment: {
        KUBECONFIG_TEXT: args.network.kubeconfig,
        NETWORK_FACTS: args.network.facts.apply((facts) => JSON.stringify(facts)),
        ENDPOINTS: JSON.stringify(args.endpoints),
        READY_TIMEOUT: `${args.readyTimeout}`,
      },
      timeout: 4 * args.readyTimeout, // for the address, a first call, the services and the list of pods
    },
    options,
  );

const withTls = (port: number, httpPort: number) => [
  { name: "http", port: httpPort, targetPort: HTTP_PORT },
  { name: "https", port, targetPort: TLS_PORT },
];
