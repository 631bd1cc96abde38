import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Readable } from "node:stream";

/** What poet logs once it serves metrics (spacemeshos/poet poet.go). The address is all of the machine's. */
const SERVES = /spawning Prometheus[^\n]{0,40}http:\/\/[^\n"]{0,20}:(\d{1,5})/;

/** Characters of its log in which the line is looked for, since it may arrive in two parts. */
const LOOKED_AT = 1_000;

/** A way to the metrics of the poet that runs now. */
export interface PoetMetrics {
  /** Resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Passes what arrives at the pod's metrics port on to the port that poet said last. While no poet serves, who connects
 * is sent away, as by a poet that is down.
 * @param log of poet
 */
export async function poetMetrics(address: string, port: number, log: Readable): Promise<PoetMetrics> {
  let behind: number | undefined;
  let tail = "";
  log.on("data", (chunk: Buffer) => {
    tail = `${tail}${chunk}`.slice(-LOOKED_AT);
    const [, found] = SERVES.exec(tail) ?? [];
    if (found !== undefined) [behind, tail] = [Number(found), ""];
  });
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (behind === undefined) return void client.destroy();
    const poet = connect({ host: "127.0.0.1", port: behind });
    for (const [socket, other] of [
      [client, poet],
      [poet, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  }).listen(port, address);
  await once(server, "listening");
  return {
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
