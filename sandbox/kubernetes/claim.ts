import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { addressPlan, KUBELET_PORT, LAST_CLUSTER } from "./address-plan";

/**
 * Claims the lowest free cluster number of this machine while the server listens. The claim is the socket at the
 * number's
 * kubelet address: only one process of the machine can hold it.
 * @param server server of the kubelet's API, not listening yet
 * @throws when no number is free
 */
export async function claimNumber(server: Server): Promise<number> {
  for (let number = 1; number <= LAST_CLUSTER; number++) {
    const { kubelet, ports } = addressPlan(number);
    if (!(await listen(server, KUBELET_PORT, kubelet))) continue;
    if (await areFree(Object.values(ports))) return number;
    server.close();
    await once(server, "close");
  }
  throw new Error(`All ${LAST_CLUSTER} cluster numbers of this machine are in use. Delete a cluster first.`);
}

/** Whether the ports of the control plane are free. */
async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const probe = createServer();
    if (!(await listen(probe, port, "127.0.0.1"))) return false;
    probe.close();
    await once(probe, "close");
  }
  return true;
}

/** Whether the server got the address; false when it is in use. @throws for any other error */
const listen = (server: Server, port: number, address: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.off("error", onError);
      resolve(true);
    };
    server.once("error", onError).once("listening", onListening).listen(port, address);
  });
