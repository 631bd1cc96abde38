import { deepStrictEqual, match, strictEqual, throws } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request, type Server } from "node:http";
import { type AddressInfo, createServer, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { addressPlan } from "../../../sandbox/kubernetes/address-plan";
import { podNetwork, towardsPods } from "../../../sandbox/kubernetes/pod-network";

const PLAN = addressPlan(201);

describe("the API server's way to pods", () => {
  let folder: string;
  let network: Server;
  let pod: TcpServer;
  let port: number;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pods-"));
    network = podNetwork(PLAN, folder);
    pod = createServer((socket) => socket.once("data", (heard) => socket.end(`heard ${heard}`)));
    await Promise.all([once(network, "listening"), once(pod.listen(0, "127.201.1.5"), "listening")]);
    port = (pod.address() as AddressInfo).port;
  });
  after(() => {
    network.close();
    pod.close();
    rmSync(folder, { recursive: true });
  });

  /** What is at an address, by the way that the API server is told of: status of CONNECT, and the answer to "hello". */
  const heardAt = async (address: string): Promise<[status: number | undefined, answer: string]> => {
    const { egressSelections } = towardsPods(folder) as {
      egressSelections: [{ connection: { transport: { uds: { udsName: string } } } }];
    };
    const socketPath = egressSelections[0].connection.transport.uds.udsName;
    const sent = request({ socketPath, method: "CONNECT", path: address, agent: false }).end();
    const [{ statusCode }, socket] = await once(sent, "connect");
    if (statusCode !== 200) return [statusCode, ""];
    socket.write("hello");
    return [statusCode, await text(socket)];
  };

  it("leads to the loopback address of a pod", async () =>
    deepStrictEqual(await heardAt(`10.201.1.5:${port}`), [200, "heard hello"]));

  it("leaves the address of a kubelet as it is", async () =>
    deepStrictEqual(await heardAt(`127.201.1.5:${port}`), [200, "heard hello"]));

  it("says when nobody answers, and refuses addresses of others", async () => {
    strictEqual((await heardAt("10.201.1.6:1"))[0], 502);
    for (const other of [`10.20.1.5:${port}`, `127.0.0.1:${port}`, "192.0.2.1:80", ""]) {
      strictEqual((await heardAt(other))[0], 403, other);
    }
  });

  it("is refused in words in a folder that is too deep for a socket", () => {
    const deep = `/${"d".repeat(97)}`; // one byte too many with the name of the socket
    throws(() => towardsPods(deep), /is too long for a socket\. Set SANDBOX_HOME to a shorter folder\.$/);
    match(JSON.stringify(towardsPods(deep.slice(1))), /"udsName":"d{97}\/pods\.sock"/);
  });
});
