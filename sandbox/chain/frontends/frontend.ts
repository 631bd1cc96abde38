import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Program } from "../../kubernetes/program";
import { send, sendText, serveHttp, urlOf } from "../serve-http";

const PORT = 8080;

/** The page routes by itself; of its routes these are played (explorer-frontend src/routes). */
const PAGES = /^\/(accounts|txs)\/\w+$/;

/**
 * Stands in for `spacemeshos/explorer-frontend`: one page that reads the explorer's API under `/api/` of its own host.
 * Today's reads a list of networks, and then the APIs of the first one.
 */
export const explorerFrontend: Program = ({ address, env }) =>
  frontend(address, listOf(env) ? "explorer-today.html" : "explorer.html");

/**
 * Stands in for `spacemeshos/dash-frontend`: one page that listens to the dashboard's `/ws` of its own host. Today's
 * reads a list of networks, and then the APIs of the first one.
 */
export const dashFrontend: Program = ({ address, env }) =>
  frontend(address, listOf(env) ? "dash-today.html" : "dash.html");

/** Where a frontend of today finds its list; the originals are told when they are built. */
const listOf = (env: Readonly<Record<string, string>>): string | undefined => env.REACT_APP_DISCOVERY_SERVICE_URL;

async function frontend(address: string, page: string): ReturnType<Program> {
  const [html, css] = await Promise.all([page, "style.css"].map((file) => readFile(join(__dirname, file), "utf8")));
  const files = new Map([
    ["/", { type: "text/html; charset=utf-8", body: html ?? "" }],
    ["/style.css", { type: "text/css; charset=utf-8", body: css ?? "" }],
  ]);
  const server = await serveHttp(address, PORT, (request, response) => {
    const { pathname } = urlOf(request);
    const file = files.get(PAGES.test(pathname) ? "/" : pathname);
    if (file) send(response, 200, file.type, file.body);
    else sendText(response, 404, "not found\n");
  });
  return {
    ready: () => true,
    ended: new Promise(() => undefined),
    stop: () => server.close(),
  };
}
