import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildTag } from "../../infra/base/model/build-tag";
import { folder, NOBODY, runsAs, SCRATCH_MOUNT, scratch } from "../../infra/base/model/pods";
import {
  datasourceText,
  GRAFANA,
  GRAFANA_FILES,
  GRAFANA_PORT,
  GRAFANA_SETTINGS,
  providerText,
} from "../../infra/deploy/monitoring/grafana";
import type { WatchedNetwork } from "../../infra/deploy/monitoring/network";
import { step } from "../step";
import { confined } from "./confined";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { InNetworkArgs } from "./web-service";

const IMAGE = "grafana/grafana:12.3.0";

const SIZE = { cpu: ["50m", "500m"], memory: ["128Mi", "512Mi"] } as const;

/** Room for Grafana's own database. Dashboards come from this program, so nothing of it is kept. */
const DATA = "256Mi";

/** Room for what it writes for a moment. */
const TEMPORARY = "64Mi";

export interface GrafanaArgs extends InNetworkArgs {
  readonly watched: pulumi.Output<WatchedNetwork>;
}

/**
 * Grafana with the dashboard of one network. It is not public: who may forward ports in the network's namespace reaches
 * it, and needs the password of its Secret.
 */
export class Grafana extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Grafana", name, {}, opts);
    const { network, tag } = args;
    const options = inCluster(network, this);
    const password = step(
      `${name}-password`,
      {
        create: ["monitoring", "password", buildTag(tag)],
        environment: { KUBECONFIG_TEXT: network.kubeconfig, NAMESPACE: network.namespace },
        timeout: 60,
      },
      { parent: this, deletedWith: network.resource },
    );
    const selector = { "app.kubernetes.io/name": GRAFANA };
    const config = createConfig(args, options);
    new k8s.core.v1.Service(
      GRAFANA,
      {
        metadata: metadata({ network, tag }, GRAFANA, DO_NOT_AWAIT),
        spec: { selector, ports: [{ name: "http", port: GRAFANA_PORT }] },
      },
      options,
    );
    createDeployment(args, config, selector, { ...options, dependsOn: [password] });
    this.registerOutputs({});
  }
}

function createConfig({ network, tag, watched }: GrafanaArgs, options: pulumi.CustomResourceOptions) {
  // Loaded here, since Grafana's builders take longer to load than most of what a preview does.
  const builders = pulumi.output(import("../../infra/deploy/monitoring/dashboard.js"));
  const board = pulumi.all([builders, watched]).apply(([{ dashboardText }, network]) => dashboardText(network));
  // A name given by Pulumi changes with the content, which rolls the pod.
  const { name: _, ...unnamed } = metadata({ network, tag }, GRAFANA);
  const data = { "datasource.yml": datasourceText(), "provider.yml": providerText(), "network.json": board };
  return new k8s.core.v1.ConfigMap(
    GRAFANA,
    { metadata: unnamed, data, immutable: true },
    { ...options, deleteBeforeReplace: false },
  );
}

function createDeployment(
  { network, tag, readyTimeout }: GrafanaArgs,
  config: k8s.core.v1.ConfigMap,
  selector: Record<string, string>,
  options: pulumi.CustomResourceOptions,
) {
  const part = (name: string, items: Readonly<Record<string, string>>) => ({
    name,
    configMap: {
      name: config.metadata.name,
      items: Object.entries(items).map(([key, path]) => ({ key, path })),
    },
  });
  return new k8s.apps.v1.Deployment(
    GRAFANA,
    {
      metadata: metadata({ network, tag }, GRAFANA, { "pulumi.com/timeoutSeconds": `${readyTimeout}` }),
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: metadata({ network, tag }, GRAFANA).labels },
          spec: {
            ...runsAs(NOBODY),
            ...network.priority,
            enableServiceLinks: false,
            containers: [
              {
                name: GRAFANA,
                image: IMAGE,
                env: Object.entries(GRAFANA_SETTINGS).map(([name, value]) => ({ name, value })),
                ports: [{ name: "http", containerPort: GRAFANA_PORT }],
                readinessProbe: { httpGet: { path: "/api/health", port: GRAFANA_PORT }, periodSeconds: 5 },
                volumeMounts: [
                  { name: "provisioning", mountPath: GRAFANA_FILES.provisioning, readOnly: true },
                  { name: "boards", mountPath: GRAFANA_FILES.boards, readOnly: true },
                  { name: "secrets", mountPath: GRAFANA_FILES.secrets, readOnly: true },
                  { name: "data", mountPath: GRAFANA_FILES.data },
                  SCRATCH_MOUNT,
                ],
                ...confined(SIZE, [DATA, TEMPORARY]),
              },
            ],
            volumes: [
              part("provisioning", {
                "datasource.yml": "datasources/prometheus.yml",
                "provider.yml": "dashboards/provider.yml",
              }),
              part("boards", { "network.json": "network.json" }),
              { name: "secrets", secret: { secretName: GRAFANA } },
              folder("data", DATA),
              scratch(TEMPORARY),
            ],
          },
        },
      },
    },
    options,
  );
}
