import type { V1ServiceAccount } from "@kubernetes/client-node";
import { addressPlan } from "./address-plan";
import { type Credentials, KubernetesApi } from "./api";
import { homeOf } from "./cluster-record";
import type { LogIndex } from "./container-log";
import { serviceAddress } from "./names";
import { keepNetworkFolders } from "./network-folders";
import { registerNodes, renewLeases } from "./nodes";
import { ownProgram } from "./own-program";
import { podNetwork } from "./pod-network";
import { Pods } from "./pods";
import type { Programs } from "./program";
import { reflect } from "./reflector";
import { serveServices } from "./services";
import { createStorageClass, provisionVolumes } from "./storage";

/** Input of a cluster's runner. */
export interface RunnerInput {
  readonly cluster: string;
  readonly clusterFolder: string;
  readonly number: number;
  readonly credentials: Credentials;
  readonly programs: Programs;
  /** Receives the logs of the containers. */
  readonly logs: LogIndex;
}

/** Provides the nodes of a cluster. Resolves when pods can be created, with a function that ends all programs. */
export async function startRunner(input: RunnerInput): Promise<{ stop(): Promise<void> }> {
  const { cluster, clusterFolder, programs, logs } = input;
  const plan = addressPlan(input.number);
  const api = new KubernetesApi(input.credentials);
  const network = podNetwork(plan, clusterFolder);
  await Promise.all([registerNodes(api, cluster, plan), createStorageClass(api)]);
  const services = serveServices(api, plan, clusterFolder);
  const resolve = (name: string, namespace: string) => serviceAddress(services.objects, name, namespace);
  const programOf = (repository: string) => ownProgram(homeOf(clusterFolder), repository) ?? programs[repository];
  const pods = new Pods({ api, cluster, clusterFolder, hostAddress: plan.kubelet, programOf, resolve, logs }, plan);
  const networks = keepNetworkFolders(api, clusterFolder, services.forget);
  const reflectors = [services, networks, ...provisionVolumes(api, clusterFolder)];
  await defaultServiceAccount(api);
  const stopRenewing = await renewLeases(api, cluster);
  return {
    async stop() {
      stopRenewing();
      for (const reflector of reflectors) reflector.stop();
      network.close();
      await pods.stop();
      api.close();
    },
  };
}

/** Waits for the default service account. Pods are refused until the controller manager creates it. */
async function defaultServiceAccount(api: KubernetesApi): Promise<void> {
  let stop = () => {};
  await new Promise<void>((resolve) => {
    const reflector = reflect<V1ServiceAccount>(api, "/api/v1/namespaces/default/serviceaccounts", {
      changed: ({ metadata }) => metadata?.name === "default" && resolve(),
    });
    stop = reflector.stop;
  });
  stop();
}
