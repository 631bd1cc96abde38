import { existsSync } from "node:fs";
import { join } from "node:path";
import { driverOf, requireWorld, SandboxError } from "./home";
import { clusterFolder } from "./kubernetes/cluster-record";
import { networkKubeconfig, sharedNetworkFolder } from "./kubernetes/shared";

/** A network of the sandbox, by its build tag. */
export interface SandboxNetwork {
  /** Folder with its `faults.json`. */
  readonly folder: string;
  /** Writes a kubeconfig in which kubectl finds the network's objects without `-n`. Returns its path. */
  readonly kubeconfig: () => string;
}

/**
 * Finds a network: a namespace of the shared cluster, or a cluster of its own. Both have the tag's name, with hyphens.
 * @throws {SandboxError} when there is none
 */
export function networkOf(home: string, tag: string): SandboxNetwork {
  const name = tag.replace(/[.+]/g, "-");
  const isShared = driverOf(requireWorld(home)) === "kubernetes";
  const folder = isShared ? sharedNetworkFolder(home, name) : clusterFolder(home, name);
  if (name === "" || !existsSync(folder))
    throw new SandboxError(
      `Network ${tag} is not in the sandbox. Run \`npm run sandbox -- status\` to list the networks.`,
    );
  return { folder, kubeconfig: () => (isShared ? networkKubeconfig(home, name) : join(folder, "kubeconfig")) };
}
