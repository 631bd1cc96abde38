import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { addressPlan, KUBELET_PORT, LAST_CLUSTER } from "./address-plan";

/**
 * Claims the lowest free cluster number of this machine, for as long as the server listens: it is the socket at the
 * number's kubelet address, of which there can be only one, whoever else runs sandboxes here.
 * @param server that of the kubelet's API, not listening yet.
 * @throws when all numbers are taken.
 */
export async function claimNumber(server: Server): Promise<number> {
  for (let number = 1; number <= LAST_CLUSTER; number++) {
    const { kubelet, ports } = addressPlan(number);
    if (!(await listen(server, KUBELET_PORT, kubelet))) continue;
    if (await areFree(Object.values(ports))) return number;
    server.close();
    await once(server, "close");
  }
  throw new Error(`all ${LAST_CLUSTER} cluster numbers of this machine are taken`);
}

/** Whether no other program listens at the ports that the control plane will have. */
async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const probe = createServer();
    if (!(await listen(probe, port, "127.0.0.1"))) return false;
    probe.close();
    await once(probe, "close");
  }
  return true;
}

/** Whether the address could be had. @throws for any reason but that it is taken. */
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
