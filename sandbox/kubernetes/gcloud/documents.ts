import { parse, stringify } from "yaml";
import type { Cluster } from "../cluster";
import { NODES } from "../nodes";

/** Full name of a cluster in the API. */
export const resourceName = (project: string, location: string, name: string): string =>
  `projects/${project}/locations/${location}/clusters/${name}`;

/**
 * A cluster as `describe` shows it: the supported part of GKE's Cluster resource (cloud.google.com, GKE REST
 * reference).
 * @param ca certificate of its authority as PEM, if it exists yet
 */
export function clusterDocument(cluster: Cluster, ca: string | undefined): object {
  const { name, project, location, status, createTime, server } = cluster;
  return {
    createTime,
    currentNodeCount: NODES,
    ...(server ? { endpoint: server.replace("https://", "") } : {}),
    location,
    locations: [location],
    ...(ca ? { masterAuth: { clusterCaCertificate: Buffer.from(ca).toString("base64") } } : {}),
    name,
    resourceLabels: {},
    selfLink: `https://container.googleapis.com/v1/${resourceName(project, location, name)}`,
    status,
    zone: location,
  };
}

interface Named {
  readonly name: string;
}

interface Kubeconfig {
  readonly clusters?: readonly Named[];
  readonly contexts?: readonly Named[];
  readonly users?: readonly Named[];
}

/**
 * Adds a cluster to a kubeconfig in gcloud's form and makes it the current one.
 * @param text the previous kubeconfig, or an empty text
 * @param ca certificate as PEM
 */
export function withCluster(text: string, cluster: Cluster, ca: string): string {
  const { name: clusterName, project, location, server } = cluster;
  const name = `gke_${project}_${location}_${clusterName}`;
  const before = (parse(text) as Kubeconfig | null) ?? {};
  const put = (entries: readonly Named[] = [], entry: Named) => [...entries.filter((one) => one.name !== name), entry];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
    // An addition to gcloud's form: names the cluster for the plugin when a client does not (see sandbox/bin).
    env: [{ name: "SANDBOX_CLUSTER", value: clusterName }],
    installHint:
      "Install gke-gcloud-auth-plugin for use with kubectl by following https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin",
    provideClusterInfo: true,
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    ...before,
    clusters: put(before.clusters, {
      name,
      cluster: { "certificate-authority-data": Buffer.from(ca).toString("base64"), server },
    } as Named),
    contexts: put(before.contexts, { name, context: { cluster: name, user: name } } as Named),
    "current-context": name,
    users: put(before.users, { name, user: { exec } } as Named),
  });
}
