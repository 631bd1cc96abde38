import { type WebSocket, WebSocketServer } from "ws";
import type { UpgradeListener } from "../serve-http";

/** An endpoint that pushes messages to whoever is connected. */
export interface Push {
  readonly onUpgrade: UpgradeListener;
  close(): void;
}

/** RFC 6455's registry: try again later. */
const TRY_AGAIN_LATER = 1013;

/**
 * Pushes the current message over WebSocket, to each client at once and to all again after every pause.
 * @param path the endpoint's path; other paths are refused.
 * @param message the message of now; undefined when there is none yet, which ends the connection.
 * @param pause the time until the next message, in milliseconds.
 */
export function push(path: string, message: () => string | undefined, pause: () => number): Push {
  const server = new WebSocketServer({ noServer: true });
  let timer: NodeJS.Timeout | undefined;

  const sendTo = (client: WebSocket) => {
    const text = message();
    if (text === undefined) client.close(TRY_AGAIN_LATER);
    else client.send(text);
  };
  /** Runs while anybody listens. */
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
