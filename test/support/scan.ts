import { Agent, request } from "node:http";
import { connect as connectH2 } from "node:http2";
import { createConnection } from "node:net";

/** What nobody outside may reach, by whose it is. */
const PRIVATE_PATHS: readonly string[] = [
  // A node's JSON API: what smeshes, stops or looks inside it (spacemeshos/api,
  // spacemesh/v1/{smesher,node,debug,admin}.proto).
  ...["issmeshing", "startsmeshing", "stopsmeshing", "smesherid", "coinbase", "setcoinbase", "mingas", "setmingas"].map(
    (call) => `/v1/smesher/${call}`,
  ),
  ...["estimatedrewards", "postsetupstatus", "postsetupstatusstream", "postconfig"].map(
    (call) => `/v1/smesher/${call}`,
  ),
  ...["shutdown", "syncstart", "errorstream"].map((call) => `/v1/node/${call}`),
  ...["accounts", "networkinfo", "activeset", "proposalsstream"].map((call) => `/v1/debug/${call}`),
  ...["checkpoint", "recover", "events", "peers"].map((call) => `/v1/admin/${call}`),
  // The same by spellings that a proxy might pass on and the node understand.
  ...["/v1/%73mesher/issmeshing", "//v1/smesher/issmeshing", "/v1/node/../smesher/issmeshing", "/v1/node/./shutdown"],
  ...[
    "/V1/Smesher/IsSmeshing",
    "/v1/node/status/../shutdown",
    "/v1/node/%2e%2e/smesher/issmeshing",
    "/v1/node/shutdown/",
  ],
  // Metrics and profiles of Go programs.
  ...["/metrics", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars"],
  // What only a poet's operator may call (spacemeshos/poet, rpc/api).
  ...["/v1/start", "/v1/updategateway", "/v1/%73tart", "//v1/start", "/v1/info/../start", "/V1/Start", "/v1/./start"],
  // Caddy's admin API (caddyserver.com/docs/api).
  ...[
    "/config/",
    "/config/apps/http",
    "/load",
    "/stop",
    "/adapt",
    "/id/x",
    "/pki/ca/local",
    "/reverse_proxy/upstreams",
  ],
  // The API server of Kubernetes and its kubelet.
  ...["/api", "/apis", "/api/v1/secrets", "/pods", "/version"],
];

/** Private gRPC calls of a node and of a poet. */
const PRIVATE_CALLS: readonly string[] = [
  ...["IsSmeshing", "StartSmeshing", "StopSmeshing", "SmesherID", "Coinbase", "SetCoinbase", "PostConfig"].map(
    (call) => `/spacemesh.v1.SmesherService/${call}`,
  ),
  ...["Shutdown", "SyncStart", "ErrorStream"].map((call) => `/spacemesh.v1.NodeService/${call}`),
  ...["Accounts", "NetworkInfo", "ActiveSet"].map((call) => `/spacemesh.v1.DebugService/${call}`),
  ...["CheckpointStream", "Recover", "EventsStream", "PeerInfoStream"].map(
    (call) => `/spacemesh.v1.AdminService/${call}`,
  ),
  "/spacemesh.v1.PostService/Register",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
  ...["Start", "UpdateGateway"].map((call) => `/rpc.PoetService/${call}`),
];

/** Something that answered and should not have. */
export type Open = string;

/**
 * Asks a gateway for everything private, as each of the hosts it knows and as some it does not.
 * @param address of the gateway's load balancer
 * @returns what is open; nothing when all is well, and how many requests were made
 */
export async function scanGateway(
  address: string,
  port: number,
  hosts: readonly string[],
): Promise<{ open: Open[]; requests: number }> {
  const open: Open[] = [];
  let requests = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  try {
    for (const host of hosts) {
      for (const method of ["GET", "POST"]) {
        const answers = PRIVATE_PATHS.map((path) => ask(agent, { address, port, host, method, path }));
        requests += answers.length;
        open.push(...(await Promise.all(answers)).flatMap((found) => found ?? []));
      }
      open.push(...(await callAll(address, port, host)));
      requests += PRIVATE_CALLS.length;
    }
  } finally {
    agent.destroy();
  }
  return { open, requests };
}

/** A loopback address that nothing of a sandbox has. */
const UNUSED_ADDRESS = "127.254.254.254";

/**
 * The TCP ports of an address that take connections, but for those at which something of the machine listens
 * everywhere.
 */
export async function openPorts(address: string): Promise<number[]> {
  const open: number[] = [];
  const ports = Array.from({ length: 65_535 }, (_, i) => i + 1);
  const worker = async () => {
    for (let port = ports.pop(); port !== undefined; port = ports.pop()) {
      if ((await takes(address, port)) && !(await takes(UNUSED_ADDRESS, port))) open.push(port);
    }
  };
  await Promise.all(Array.from({ length: 256 }, worker));
  return open.sort((a, b) => a - b);
}

interface Ask {
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

/** A frontend answers any path with its page; what is private answers in JSON or plain text. */
function ask(agent: Agent, { address, port, host, method, path }: Ask): Promise<Open | undefined> {
  return new Promise((resolve, reject) => {
    const options = { agent, host: address, port, method, path, headers: { host: `${host}:${port}` } };
    const sent = request(options, (answer) => {
      answer.resume();
      const { statusCode = 0, headers } = answer;
      const page = headers["content-type"]?.startsWith("text/html");
      const isOpen = statusCode < 300 && !page;
      answer.once("end", () => resolve(isOpen ? `${method} ${host}${path}: HTTP ${statusCode}` : undefined));
    });
    sent.once("error", reject);
    sent.end(method === "POST" ? "{}" : undefined);
  });
}

/** gRPC without TLS. Whatever is passed on to a node or poet answers with HTTP 200, even when it refuses the call. */
async function callAll(address: string, port: number, host: string): Promise<Open[]> {
  const session = connectH2(`http://${address}:${port}`);
  try {
    const answers = PRIVATE_CALLS.map(
      (path) =>
        new Promise<Open | undefined>((resolve, reject) => {
          const headers = { ":method": "POST", ":authority": `${host}:${port}`, ":path": path, te: "trailers" };
          const stream = session.request({ ...headers, "content-type": "application/grpc" });
          stream.once("response", ({ ":status": status }) =>
            resolve(status === 200 ? `gRPC ${host}${path}` : undefined),
          );
          stream.once("error", reject);
          stream.end(Buffer.alloc(5)); // an empty message
          stream.resume();
        }),
    );
    return (await Promise.all(answers)).flatMap((found) => found ?? []);
  } finally {
    session.close();
  }
}

function takes(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
