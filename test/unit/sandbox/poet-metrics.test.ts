import { rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { type PoetMetrics, poetMetrics } from "../../../sandbox/kubernetes/poet-metrics";

const ADDRESS = "127.251.7.1";
const PORT = 9216;

describe("the way to a poet's metrics", () => {
  let log: PassThrough;
  let metrics: PoetMetrics;
  const poets: Server[] = [];
  beforeEach(async () => {
    log = new PassThrough();
    metrics = await poetMetrics(ADDRESS, PORT, log);
  });
  afterEach(async () => {
    await metrics.close();
    for (const poet of poets.splice(0)) {
      poet.closeAllConnections();
      poet.close();
    }
  });

  /** Starts a poet's metrics at any port, and what poet logs then. */
  async function poet(answer: string): Promise<string> {
    const server = createServer((_, response) => response.end(answer)).listen(0);
    poets.push(server);
    await once(server, "listening");
    const endpoint = `http://[::]:${(server.address() as AddressInfo).port}`;
    return `${JSON.stringify({ L: "INFO", T: "2026-11-29T18:30:35Z", M: "spawning Prometheus", endpoint })}\n`;
  }
  const read = async () => (await fetch(`http://${ADDRESS}:${PORT}/metrics`)).text();
  const says = async (...parts: string[]) => {
    for (const part of parts) {
      log.write(part);
      await new Promise(setImmediate);
    }
  };

  it("leads to the port that poet says, though its line comes in two parts", async () => {
    const line = await poet("first");
    await says('{"L":"INFO","M":"starting up poet"}\n', line.slice(0, -9), line.slice(-9));
    strictEqual(await read(), "first");
  });

  it("leads to the poet that started last", async () => {
    await says(await poet("first"), await poet("second"));
    strictEqual(await read(), "second");
  });

  it("leads nowhere before poet says its port", async () => rejects(read(), TypeError));
});
