import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AddressPlan } from "./address-plan";
import type { Credentials } from "./api";
import { kwokFolder } from "./cluster-record";
import { towardsPods } from "./pod-network";
import { recordProcess } from "./process-records";
import { findTool } from "./tools";

/** Input of a control plane. */
export interface ControlPlane {
  /** Folder of the sandbox. Its `bin` holds the tools. */
  readonly home: string;
  /** Folder of the cluster. */
  readonly folder: string;
  readonly name: string;
  readonly plan: AddressPlan;
}

/**
 * Starts etcd, the API server, the controller manager and the scheduler by kwokctl. Resolves when the API server
 * answers; the others follow.
 * @throws when a tool is missing or kwokctl fails; the message ends with kwokctl's last line
 */
export async function startControlPlane(cluster: ControlPlane): Promise<Credentials> {
  const { folder, name, plan } = cluster;
  const config = join(folder, "kwok.json");
  writeFileSync(config, JSON.stringify(kwokConfig(cluster), undefined, 2));
  writeFileSync(egressFile(folder), JSON.stringify(towardsPods(folder), undefined, 2));
  await kwokctl(cluster, [
    ...["create", "cluster", "--name", name, "--config", config],
    ...["--kubeconfig", join(folder, "kwok/kubeconfig")],
  ]);
  return readCredentials(folder, name, plan);
}

/** Administrator's credentials for a running control plane. */
export function readCredentials(folder: string, name: string, plan: AddressPlan): Credentials {
  const pem = (file: string) => readFileSync(join(kwokFolder(folder, name), "pki", file), "utf8");
  return {
    server: `https://127.0.0.1:${plan.ports.apiServer}`,
    ca: pem("ca.crt"),
    cert: pem("admin.crt"),
    key: pem("admin.key"),
  };
}

const egressFile = (folder: string): string => join(folder, "egress.json");

/** The configuration that kwokctl reads (kwok.sigs.k8s.io, KwokctlConfiguration v1alpha1). */
function kwokConfig({ home, folder, plan }: ControlPlane): object {
  const { ports, serviceRange } = plan;
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      bindAddress: "127.0.0.1",
      // The runner provides the nodes, so kwok's own controller is not needed.
      disable: ["kwok-controller"],
      // The limits are made for a shared cloud. With them, ten Deployments at once would queue.
      disableQPSLimits: true,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      etcdBinary: findTool(home, "etcd"),
      kubeApiserverBinary: findTool(home, "kube-apiserver"),
      kubeControllerManagerBinary: findTool(home, "kube-controller-manager"),
      kubeSchedulerBinary: findTool(home, "kube-scheduler"),
      kubectlBinary: findTool(home, "kubectl"),
    },
    componentsPatches: [
      {
        name: "kube-apiserver",
        extraArgs: [
          { key: "service-cluster-ip-range", value: serviceRange },
          { key: "egress-selector-config-file", value: egressFile(folder) },
        ],
      },
    ],
  };
}

async function kwokctl({ home, folder }: ControlPlane, args: string[]): Promise<void> {
  const tool = findTool(home, "kwokctl");
  const logFile = join(folder, "logs/kwokctl.log");
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  // kwokctl runs kubectl, which keeps a cache below HOME. This HOME keeps the user's own folder unchanged.
  const env = {
    ...process.env,
    PATH: `${dirname(findTool(home, "kubectl"))}:${process.env.PATH}`,
    HOME: join(folder, "kwok"),
    KWOK_WORKDIR: join(folder, "kwok"),
  };
  const child = spawn(tool, args, { env, stdio: ["ignore", log, log] });
  closeSync(log);
  const forget = recordProcess(folder, "kwokctl", child.pid);
  const [code] = (await once(child, "exit")) as [number | null];
  forget();
  if (code !== 0) throw new Error(`kwokctl failed to start the control plane: ${lastLine(logFile)}`);
}

const lastLine = (file: string): string => readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "";
