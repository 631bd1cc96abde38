import type { Program } from "../../kubernetes/program";
import { sendJson, sendText, serveHttp, urlOf } from "../serve-http";
import { explorerAnswer, networkInfoBody } from "./explorer-routes";
import { databaseClient } from "./mongo";
import { push } from "./push";

const PORT = 5000;

/** Milliseconds between two messages of `/ws/network-info` (explorer-backend internal/api/handler/network_info.go). */
const PUSH_PAUSE = 30_000;

/** Stands in for `spacemeshos/explorer-apiserver`: answers from the collector's database. */
export const explorerApi: Program = async ({ address, env }) => {
  const client = databaseClient(env);
  const networkInfo = () => {
    const database = client.database();
    const body = database && networkInfoBody(database);
    return body && JSON.stringify(body);
  };
  const infoPush = push("/ws/network-info", networkInfo, () => PUSH_PAUSE);
  const server = await serveHttp(
    address,
    PORT,
    (request, response) => {
      const { status, body } = explorerAnswer(client.database(), urlOf(request));
      response.setHeader("access-control-allow-origin", "*");
      if (typeof body === "string") sendText(response, status, body);
      else sendJson(response, status, body);
    },
    infoPush.onUpgrade,
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return {
    ready: () => networkInfo() !== undefined,
    ended: new Promise(() => undefined),
    async stop() {
      infoPush.close();
      client.close();
      await server.close();
    },
  };
};
