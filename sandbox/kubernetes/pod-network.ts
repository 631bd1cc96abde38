import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { type AddressPlan, loopbackOf } from "./address-plan";

/** Longest path of a Unix socket in bytes, without the zero at its end (unix(7)). */
const LONGEST = 107;

/** Where the API server finds its way to pods. @throws when the folder is too deep for a socket */
function socketIn(clusterFolder: string): string {
  const path = join(clusterFolder, "pods.sock");
  if (Buffer.byteLength(path) <= LONGEST) return path;
  throw new Error(`The path ${path} is too long for a socket. Set SANDBOX_HOME to a shorter folder.`);
}

/**
 * The API server's way to pods and kubelets, for the subresources `proxy` and `log`. It asks pods at 10.N.a.b, which
 * this machine does not route, so the way leads to 127.N.a.b. In clouds such a way leads into a network of pods that the
 * API server is no part of (kubernetes.io, "Konnectivity service").
 */
export function podNetwork({ number }: AddressPlan, clusterFolder: string): Server {
  const server = createServer();
  server.on("connect", ({ url = "" }, client, head) => {
    const [host = "", port] = url.split(":");
    if (![`10.${number}.`, `127.${number}.`].some((ours) => host.startsWith(ours))) {
      return void client.end("HTTP/1.1 403 Not of this cluster\r\n\r\n");
    }
    const pod = connect({ host: loopbackOf(host), port: Number(port), noDelay: true, allowHalfOpen: true });
    client.on("error", () => pod.destroy()).on("close", () => pod.destroy());
    const refused = ({ message }: Error) => void client.end(`HTTP/1.1 502 ${message}\r\n\r\n`);
    pod.once("error", refused).once("connect", () => {
      pod.off("error", refused).on("error", () => client.destroy());
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      pod.write(head);
      client.pipe(pod).pipe(client);
    });
  });
  const path = socketIn(clusterFolder);
  rmSync(path, { force: true });
  return server.listen(path);
}

/** The API server's configuration of that way (kubernetes.io, EgressSelectorConfiguration v1beta1). */
export const towardsPods = (clusterFolder: string): object => ({
  apiVersion: "apiserver.k8s.io/v1beta1",
  kind: "EgressSelectorConfiguration",
  egressSelections: [
    {
      name: "cluster",
      connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socketIn(clusterFolder) } } },
    },
  ],
});
