import type { KubernetesApi } from "../kubernetes/api";
import { say } from "./console";
import { type Failure, failAt } from "./failures";
import { clockOf, type NodeConfig } from "./node-config";
import { claim, configMap, deployment, service, sleepingAfter } from "./objects";
import { poetFlags } from "./poet-flags";
import type { Settings } from "./settings";
import { CORE, deploy, expose, externalAddress } from "./workloads";

const REST_PORT = 5000;

/**
 * Deploys a poet (go-spacecraft k8s/sm.go, DeployPoet).
 * @param number from 1
 * @returns its external `HOST:PORT`
 */
export async function deployPoet(
  api: KubernetesApi,
  settings: Settings,
  number: number,
  config: NodeConfig,
  failure: Failure | undefined,
): Promise<string> {
  const name = `poet-${number}`;
  const clock = clockOf(config);
  say(`creating ${name} pvc`);
  await failAt("poet", failure);
  // go-spacecraft uses the miners' disk size for poets, too.
  await api.create(`${CORE}/persistentvolumeclaims`, claim(name, settings["miner-disk-size"]));
  say(`created ${name} pvc`);
  const file = `duration="${Math.trunc(clock.epochDuration)}s"\nn="21"`;
  await api.create(`${CORE}/configmaps`, configMap(name, { "config.conf": file }));
  const shift = settings["init-phase-shift"] * (number - 1);
  const initialDuration = settings["genesis-delay"] * 60 + Math.trunc(clock.layerDuration) + shift;
  const image = settings["poet-image"];
  const pod = await deploy(
    api,
    deployment({
      name,
      container: "poet",
      image,
      commandLine: sleepingAfter("/bin/poet", poetFlags(image, clock, config, initialDuration)),
      labels: { restart: "false" },
      ports: [REST_PORT],
      cpu: settings["poet-cpu"],
      memory: settings["poet-ram"],
      dataPath: "/root/.poet",
      recreate: false,
    }),
  );
  const port = await expose(api, name, [service(name, name, "NodePort", { restport: REST_PORT })], "restport");
  return `${await externalAddress(api, pod.spec?.nodeName ?? "")}:${port}`;
}

/** Sends the gateways to a poet of 2021, which starts it. @throws with the body of an error answer */
export async function startPoet(poet: string, gatewayAddresses: readonly string[]): Promise<void> {
  const response = await fetch(`http://${poet}/v1/start`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ gatewayAddresses }),
  });
  if (!response.ok) throw new Error(await response.text());
}
