import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { archiveNetwork, manifestsOf } from "../../infra/archive/archive";
import { readManifest, verify } from "../../infra/archive/verify";
import { openStore, type Store } from "../../infra/store";

const RECORD = { tag: "v1.2.3+1", documents: { "config.json": { miners: 1 } } };

/** An API server with one pod that has restarted once; `sendLog` answers for each of its logs. */
class ApiServer {
  sendLog: (response: ServerResponse, previous: boolean) => void = (response, previous) =>
    response.end(previous ? "before\n" : "after\n");
  private readonly server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    if (pathname.endsWith("/log")) return this.sendLog(response, searchParams.get("previous") === "true");
    response.setHeader("content-type", "application/json");
    const lastState = { terminated: { exitCode: 1, containerID: "containerd://1" } };
    const status = { containerStatuses: [{ name: "miner", restartCount: 1, state: { running: {} }, lastState }] };
    const pods = [{ metadata: { name: "miner-1-abc" }, status }];
    response.end(JSON.stringify({ items: pathname.endsWith("/pods") ? pods : [] }));
  });

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    const cluster = { name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } };
    const context = { name: "c", context: { cluster: "c", user: "u" } };
    return JSON.stringify({ clusters: [cluster], contexts: [context], users: [{ name: "u" }], "current-context": "c" });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe("archive of a network", () => {
  let folder: string;
  let store: Store;
  let api: ApiServer;
  let kubeconfig: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
    store = openStore(`file://${folder}`);
    api = new ApiServer();
    kubeconfig = await api.start();
  });
  afterEach(() => {
    api.stop();
    rmSync(folder, { recursive: true });
  });

  const archive = (way: string | undefined = kubeconfig, gap?: string) =>
    archiveNetwork(store, RECORD, way, gap, () => undefined);
  const file = (key: string) => join(folder, "archives/v1.2.3+1/1", key);

  it("keeps the logs of now and of before the restart, events, pods and documents", async () => {
    const { objects, gap } = await archive();
    deepStrictEqual(
      objects.map(({ key }) => key),
      [
        "logs/miner-1-abc/miner.previous.log.gz",
        "logs/miner-1-abc/miner.log.gz",
        "events.json",
        "pods.json",
        "config.json",
      ],
    );
    strictEqual(gap, undefined);
    strictEqual(String(gunzipSync(readFileSync(file("logs/miner-1-abc/miner.previous.log.gz")))), "before\n");
  });

  it("is written beside an earlier one, which stays as it is", async () => {
    const first = await archive();
    const second = await archive();
    deepStrictEqual(await manifestsOf(store, "v1.2.3+1"), [first.key, second.key]);
  });

  it("is found out when one byte in the store is added later", async () => {
    const { key } = await archive();
    const check = async () => verify(store, "archives/v1.2.3+1/1/", await readManifest(store, key));
    deepStrictEqual(await check(), []);
    appendFileSync(file("events.json"), "x");
    match((await check()).join(), /^events\.json is \d+ bytes .*, not \d+ bytes/);
  });

  const broken: [string, ApiServer["sendLog"], RegExp][] = [
    [
      "breaks off in the middle",
      (response) => response.write("half a l", () => response.destroy()),
      /miner\.previous\.log\.gz could not be kept \(aborted\)/,
    ],
    [
      "is refused",
      (response) => response.writeHead(500).end('{"message":"the node does not answer"}'),
      /miner\.previous\.log\.gz could not be collected: the cluster's API answered 500 \(the node does not answer\)/,
    ],
  ];
  for (const [what, sendLog, message] of broken) {
    it(`is not made when a log ${what}`, async () => {
      api.sendLog = sendLog;
      await rejects(archive(), message);
      deepStrictEqual(await manifestsOf(store), []);
    });
  }

  it("of a cluster that is gone needs a reason, which it records", async () => {
    await rejects(
      archiveNetwork(store, RECORD, undefined, undefined, () => undefined),
      /say why with ARCHIVE_GAP=/,
    );
    const { gap, objects } = await archiveNetwork(store, RECORD, undefined, "deleted by hand", () => undefined);
    strictEqual(gap, "deleted by hand");
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["config.json"],
    );
  });
});
