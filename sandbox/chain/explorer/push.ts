import { type WebSocket, WebSocketServer } from "ws";
import type { UpgradeListener } from "../serve-http";

/** An endpoint that pushes messages to all connected clients. */
export interface Push {
  readonly onUpgrade: UpgradeListener;
  close(): void;
}

/** Close code "try again later" (RFC 6455's registry). */
const TRY_AGAIN_LATER = 1013;

/**
 * Pushes the current message over WebSocket: to each client at once, and to all clients after every pause.
 * @param path path of the endpoint; other paths are refused
 * @param message the current message; undefined ends the connection because no message exists yet
 * @param pause milliseconds until the next message
 */
export function push(path: string, message: () => string | undefined, pause: () => number): Push {
  const server = new WebSocketServer({ noServer: true });
  let timer: NodeJS.Timeout | undefined;

  const sendTo = (client: WebSocket) => {
    const text = message();
    if (text === undefined) client.close(TRY_AGAIN_LATER);
    else client.send(text);
  };
  /** Runs while clients are connected. */
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const client of server.clients) sendTo(client);
      if (server.clients.size > 0) schedule();
    }, pause());
  };

  return {
    onUpgrade(request, socket, head) {
      if (request.url?.split("?")[0] !== path) {
        socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => {
        client.on("error", () => client.terminate());
        sendTo(client);
        schedule();
      });
    },
    close() {
      clearTimeout(timer);
      for (const client of server.clients) client.terminate();
    },
  };
}
