import { UserError } from "../../infra/base/lib/errors";
import type { Platform } from "../../infra/deploy/network/spacecraft/platform";
import { type Cloud, REMOVING } from "./cloud";
import { objectsOf } from "./objects";
import { spacecraft } from "./spacecraft";
import type { Process } from "./time";

/** The cloud as one process of the driver sees it. */
export function platformOf(cloud: Cloud, process: Process): Platform {
  const { faults } = cloud;
  const tool = async (seconds: number, signal: AbortSignal) => {
    await process.sleep(seconds, signal).catch(() => {
      throw new UserError("ProgramFailed", "gcloud container was interrupted.", "Run the command again.");
    });
  };
  return {
    describe: async (_, signal) => {
      await tool(1, signal);
      if (faults.strikes("gcloud cannot tell"))
        throw new UserError(
          "ClusterUnknown",
          `gcloud cannot tell whether cluster ${cloud.spec.cluster} exists: ERROR: (gcloud) 503.`,
          "Run the command again.",
        );
      const { cluster } = cloud;
      return cluster && { status: cloud.status(cluster), createTime: new Date(cluster.createdAt).toISOString() };
    },
    list: async () => [],
    kubeconfig: async (_, signal) => {
      await tool(1, signal);
      if (faults.strikes("no credentials")) throw failed("no credentials");
      if (!cloud.cluster) throw failed("Not found");
      return cloud.cluster.kubeconfig;
    },
    objects: async (kubeconfig) => {
      await process.sleep(0.2);
      const { made, genesisTime, marker } = cloud.api(kubeconfig);
      return objectsOf(cloud.spec, cloud.afterwards(made), genesisTime, marker);
    },
    createConfigMap: async (kubeconfig, body) => {
      await process.sleep(0.2);
      cloud.mark(cloud.api(kubeconfig), body);
    },
    spacecraft: (command, _, signal, onLine) => spacecraft(command, cloud, process.child(), signal, onLine),
    deleteCluster: async (_, signal) => {
      await tool(2, signal);
      const { cluster } = cloud;
      if (!cluster) throw failed("Not found");
      if (faults.get("gcloud does not delete")) throw failed("permission denied");
      try {
        cloud.remove(cluster);
      } catch (error) {
        throw failed((error as Error).message);
      }
      await tool(REMOVING, signal);
    },
  };
}

const failed = (why: string): UserError =>
  new UserError("ProgramFailed", `gcloud container failed: ${why}.`, "Correct the cause, then run the command again.");
