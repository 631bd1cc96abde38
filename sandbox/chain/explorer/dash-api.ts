import type { Program } from "../../kubernetes/program";
import { sendText, serveHttp, urlOf } from "../serve-http";
import { dashMessage } from "./dash-message";
import { databaseClient } from "./mongo";
import { push } from "./push";

const PORT = 8080;

/** Longest time between two messages, in milliseconds (dash-backend history/history.go, Run). */
const LONGEST_PAUSE = 60_000;

/** Stands in for `spacemeshos/dash-backend`: pushes the network's figures from the explorer's database. */
export const dashApi: Program = async ({ address, env }) => {
  const client = databaseClient(env);
  const networkInfo = () => client.database()?.networkInfo;
  const statistics = push(
    "/ws",
    () => {
      const database = client.database();
      const message = database && dashMessage(database, Date.now());
      return message && JSON.stringify(message);
    },
    // Twice per layer, as in the original.
    () => Math.min(((networkInfo()?.duration ?? 1) * 1000) / 2, LONGEST_PAUSE),
  );
  const server = await serveHttp(
    address,
    PORT,
    (request, response) => {
      if (urlOf(request).pathname !== "/healthz") return sendText(response, 404, "404 page not found\n");
      if (networkInfo()?.issynced) sendText(response, 200, "SYNCED");
      else sendText(response, 425, "SYNCING");
    },
    statistics.onUpgrade,
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return {
    ready: () => networkInfo() !== undefined,
    ended: new Promise(() => undefined),
    async stop() {
      statistics.close();
      client.close();
      await server.close();
    },
  };
};
