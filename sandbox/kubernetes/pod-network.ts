import { createServer, request, type Server } from "node:http";
import { type AddressPlan, loopbackOf } from "./address-plan";

/**
 * The API server's way to pods, for the subresource `proxy` of Services and pods. The API server finds a pod and asks its
 * address in 10.N.0.0/16, which this machine does not route. So its variable HTTP_PROXY leads here, and the pod is asked
 * at the same address in 127.N.0.0/16. A pod that does not answer breaks the connection, as on a network without proxy:
 * the API server then tells its client so in its own words.
 */
export function podNetwork({ number, ports }: AddressPlan): Server {
  const server = createServer((asked, answer) => {
    const url = URL.canParse(asked.url ?? "") ? new URL(asked.url ?? "") : undefined;
    if (!url?.hostname.startsWith(`10.${number}.`)) return void asked.socket.destroy();
    const { method, headers } = asked;
    const at = { host: loopbackOf(url.hostname), port: url.port || 80, path: `${url.pathname}${url.search}` };
    const sent = request({ ...at, method, headers, agent: false }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
      answered.on("error", () => answer.destroy());
    });
    sent.on("error", () => asked.socket.destroy());
    answer.on("close", () => sent.destroy());
    asked.pipe(sent);
  });
  return server.listen(ports.podNetwork, "127.0.0.1");
}

/** Variables of the API server that lead it there. Its own address and the kubelets' stay direct. */
export const towardsPods = ({ ports }: AddressPlan): { name: string; value: string }[] => [
  { name: "HTTP_PROXY", value: `http://127.0.0.1:${ports.podNetwork}` },
  { name: "NO_PROXY", value: "127.0.0.0/8" },
];
