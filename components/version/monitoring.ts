import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildTag } from "../../infra/base/model/build-tag";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { folder, NOBODY, runsAs } from "../../infra/base/model/pods";
import type { Settings } from "../../infra/base/model/settings";
import { STEPS } from "../../infra/base/model/steps";
import { alertmanagerText } from "../../infra/deploy/monitoring/alertmanager";
import { GRAFANA } from "../../infra/deploy/monitoring/grafana";
import { watchedNetwork } from "../../infra/deploy/monitoring/network";
import { FILES, NAMES, PORTS, prometheusText, SECRETS } from "../../infra/deploy/monitoring/prometheus";
import { rulesText } from "../../infra/deploy/monitoring/rules";
import { KEPT_DAYS } from "../../infra/deploy/monitoring/series";
import { METRIC_PORTS, metricService } from "../../infra/deploy/monitoring/targets";
import { step } from "../step";
import { confined, type Size } from "./confined";
import { diskVolume } from "./disk";
import { Grafana } from "./grafana";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { InNetworkArgs } from "./web-service";

/** Images of the Prometheus project, of the versions that set-up makes (scripts/setup/monitoring-tools.mjs). */
const IMAGES = { prometheus: "prom/prometheus:v3.13.5", alertmanager: "prom/alertmanager:v0.31.1" };

/** Disk of Prometheus. Twenty nodes with 2,000 series at 30 s take 200 MB a day. */
const DISK = "5Gi";

const SIZES = {
  prometheus: { cpu: ["100m", "1"], memory: ["256Mi", "1Gi"] },
  alertmanager: { cpu: ["10m", "250m"], memory: ["32Mi", "128Mi"] },
} as const satisfies Readonly<Record<string, Size>>;

export interface MonitoringArgs extends InNetworkArgs {
  readonly driver: Settings["driver"];
  readonly spec: NetworkSpec;
  /** Class of the disk, as nodes and poets have it; `none` for metrics that end with their pod. */
  readonly storageClass: string;
  /** Whether the network has a tap. */
  readonly tap: boolean;
  /** `HOST:PORT` of the watcher's metrics; empty when the cluster does not reach it. */
  readonly watcher: string;
  /** URL to which Prometheus sends a copy of all metrics; empty for none. */
  readonly remoteWrite: string;
  /** Whether Grafana shows the metrics. */
  readonly grafana: boolean;
}

/** Prometheus and Alertmanager of one network. Neither is public, and neither has rights in the cluster. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Monitoring", name, {}, opts);
    const options = inCluster(args.network, this);
    const secrets = handSecrets(name, args, { parent: this, deletedWith: args.network.resource });
    const services = createMetricServices(args, options);
    const watched = args.network.facts.apply((facts) => watchedNetwork(facts, args.spec, args));
    const after = { ...options, dependsOn: [secrets, ...services] };
    const alertmanager = createProgram("alertmanager", args, {
      files: { "alertmanager.yml": watched.apply(alertmanagerText) },
      flags: ["--storage.path=/data", "--cluster.listen-address="],
      options: after,
    });
    const remote = args.remoteWrite ? { url: args.remoteWrite, hasPassword: true } : undefined;
    const prometheus = createProgram("prometheus", args, {
      files: {
        "prometheus.yml": watched.apply((network) => prometheusText(network, remote)),
        "rules.yml": watched.apply(rulesText),
      },
      flags: ["--storage.tsdb.path=/data", `--storage.tsdb.retention.time=${KEPT_DAYS}d`],
      data: diskVolume(NAMES.prometheus, { ...args, size: DISK }, options)("data"),
      options: { ...after, dependsOn: [...after.dependsOn, ...alertmanager] },
    });
    if (args.grafana) new Grafana(GRAFANA, { ...args, watched }, { parent: this, dependsOn: prometheus });
    this.registerOutputs({});
  }
}

/** The step that puts secrets of the engine's environment into the cluster. The state holds none of them. */
const handSecrets = (name: string, { network, tag }: MonitoringArgs, options: pulumi.CustomResourceOptions) =>
  step(
    name,
    {
      create: ["monitoring", "secrets", buildTag(tag)],
      environment: { KUBECONFIG_TEXT: network.kubeconfig, NAMESPACE: network.namespace },
      timeout: 60,
    },
    options,
  );

/** Services in front of the metrics of all programs. go-spacecraft makes those of its nodes itself. */
function createMetricServices(
  { network, tag, driver, spec, tap }: MonitoringArgs,
  options: pulumi.CustomResourceOptions,
) {
  const of = (name: string, port: number, selector: Record<string, string>) =>
    new k8s.core.v1.Service(
      metricService(name),
      {
        metadata: metadata({ network, tag }, metricService(name), DO_NOT_AWAIT),
        spec: { selector, ports: [{ name: "metrics", port }] },
      },
      options,
    );
  const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  const gateway = of("gateway", METRIC_PORTS.gateway, { "app.kubernetes.io/name": "gateway" });
  if (driver === "spacecraft") return [gateway];
  return [
    gateway,
    of("explorer", METRIC_PORTS.explorer, { name: `miner-${spec.miners}` }),
    ...numbered("miner", spec.miners).map((name) => of(name, METRIC_PORTS.kubernetes, { name })),
    ...numbered("poet", spec.poets).map((name) => of(name, METRIC_PORTS.poet, { name })),
    ...(tap ? [of("tap", METRIC_PORTS.tap, { "app.kubernetes.io/name": STEPS.tap })] : []),
  ];
}

interface ProgramArgs {
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  readonly flags: readonly string[];
  /** The volume `data`; without one the data end with their pod. */
  readonly data?: k8s.types.input.core.v1.Volume;
  readonly options: pulumi.CustomResourceOptions;
}

/** A program with its configuration, by a Deployment and a Service of its name. */
function createProgram(
  program: keyof typeof NAMES,
  { network, tag, readyTimeout }: MonitoringArgs,
  { files, flags, data = folder("data", DISK), options }: ProgramArgs,
): pulumi.Resource[] {
  const name = NAMES[program];
  const port = PORTS[program];
  const selector = { "app.kubernetes.io/name": name };
  // A name given by Pulumi changes with the content, which rolls the pod.
  const { name: _, ...unnamed } = metadata({ network, tag }, name);
  const config = new k8s.core.v1.ConfigMap(
    name,
    { metadata: unnamed, data: files, immutable: true },
    { ...options, deleteBeforeReplace: false },
  );
  const service = new k8s.core.v1.Service(
    name,
    {
      metadata: metadata({ network, tag }, name, DO_NOT_AWAIT),
      spec: { selector, ports: [{ name: "http", port }] },
    },
    options,
  );
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadata({ network, tag }, name, { "pulumi.com/timeoutSeconds": `${readyTimeout}` }),
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" }, // only one pod at a time can mount the disk
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: metadata({ network, tag }, name).labels },
          spec: {
            ...runsAs(NOBODY),
            ...network.priority,
            enableServiceLinks: false,
            containers: [
              {
                name,
                image: IMAGES[program],
                args: [`--config.file=${FILES.config}/${name}.yml`, `--web.listen-address=$(POD_IP):${port}`, ...flags],
                env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
                ports: [{ name: "http", containerPort: port }],
                readinessProbe: { httpGet: { path: "/-/ready", port }, periodSeconds: 2 },
                volumeMounts: [
                  { name: "config", mountPath: FILES.config, readOnly: true },
                  { name: "secrets", mountPath: FILES.secrets, readOnly: true },
                  { name: "data", mountPath: FILES.data },
                ],
                ...confined(SIZES[program], [DISK]),
              },
            ],
            volumes: [
              { name: "config", configMap: { name: config.metadata.name } },
              { name: "secrets", secret: { secretName: SECRETS, optional: true } },
              data,
            ],
          },
        },
      },
    },
    options,
  );
  return [service, deployment];
}
