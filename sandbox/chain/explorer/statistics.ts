import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { awaitedFile } from "../../kubernetes/command-line";
import type { ContainerContext, Program, RunningProgram } from "../../kubernetes/program";
import { layerAt } from "../clock";
import { exitSignal } from "../node/exit-signal";
import { type Listening, send, sendJson, serveHttp, urlOf } from "../serve-http";
import { tablesIn } from "../today/ledger/tables";
import { statisticsAnswer } from "./statistics-routes";

const PORT = 5000;
const METRICS_PORT = 5070;

/** Milliseconds between two looks for the database. */
const LOOK_EVERY = 200;

/**
 * Stands in for `spacemeshos/explorer-stats-api` (explorer-backend v2.1, cmd/api/main.go). It reads accounts
 * and transactions of the database; the layers in it come from the network's clock. Like the original it keeps an answer for
 * `SPACEMESH_CACHE_TTL`, and without it for ever. A shell before it may wait for the file.
 */
export const explorerStatistics: Program = async (context) => {
  const file = awaitedFile(context);
  if (file === undefined || existsSync(file)) return serve(context);
  const exit = exitSignal();
  const stopping = new AbortController();
  let running: RunningProgram | undefined;
  const started = appearanceOf(file, stopping.signal)
    .then(() => serve(context))
    .then((program) => {
      running = program;
    })
    .catch((error: Error) => {
      if (stopping.signal.aborted) return;
      context.log(error.message);
      exit.end(1, "Error");
    });
  return {
    ready: () => running?.ready() ?? false,
    ended: exit.ended,
    async stop() {
      stopping.abort();
      await started;
      await running?.stop();
    },
  };
};

async function appearanceOf(file: string, signal: AbortSignal): Promise<void> {
  while (!existsSync(file)) await delay(LOOK_EVERY, undefined, { signal });
}

async function serve({ address, env }: ContainerContext): Promise<RunningProgram> {
  const clock = clockOf(env);
  const file = env.SPACEMESH_SQLITE || "explorer.sql";
  if (!existsSync(file)) throw new Error(`SQLite storage open error: open ${file}: unable to open database file`);
  const lifetime = milliseconds(env.SPACEMESH_CACHE_TTL) ?? 0;
  const kept = new Map<string, { readonly body: object; readonly until: number }>();

  const answer = (path: string, now: number): object | number | undefined => {
    const old = kept.get(path);
    if (old && now < old.until) return old.body;
    if (!existsSync(file)) return 500;
    const tables = tablesIn(readFileSync(file, "utf8"));
    const { layersPerEpoch } = clock;
    const body = statisticsAnswer(path, { ...tables, layers: layerAt(clock, now), layersPerEpoch });
    if (body) kept.set(path, { body, until: lifetime > 0 ? now + lifetime : Number.POSITIVE_INFINITY });
    return body;
  };

  const server = await serveHttp(address, PORT, (request, response) => {
    const body = answer(urlOf(request).pathname, Date.now());
    response.setHeader("access-control-allow-origin", "*");
    if (request.method !== "GET") sendJson(response, 405, { message: "Method Not Allowed" });
    else if (typeof body === "number") send(response, body, "text/plain", "");
    else sendJson(response, body ? 200 : 404, body ?? { message: "Not Found" });
  });
  const metrics = await serveMetrics(address, Number(env.SPACEMESH_METRICS_PORT?.split(":").at(-1) || METRICS_PORT));
  return {
    ready: () => existsSync(file),
    ended: new Promise(() => undefined),
    stop: async () => void (await Promise.all([server.close(), metrics.close()])),
  };
}

/** The original counts no requests: it has the metrics of a process alone (echoprometheus.NewHandler). */
function serveMetrics(address: string, port: number): Promise<Listening> {
  const name = "process_start_time_seconds";
  const body = `# TYPE ${name} gauge\n${name} ${Date.now() / 1000}\n`;
  return serveHttp(address, port, (request, response) => {
    if (urlOf(request).pathname !== "/metrics") return sendJson(response, 404, { message: "Not Found" });
    send(response, 200, "text/plain; version=0.0.4; charset=utf-8", body);
  });
}

/** The network's clock, as flags of the original say it. @throws {Error} in its words */
function clockOf(env: Readonly<Record<string, string>>) {
  const time = env.SPACEMESH_GENESIS_TIME;
  if (!time) throw new Error('Required flag "genesis-time" not set');
  const genesisTime = /^\d{4}-\d\d-\d\dT/.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(genesisTime)) throw new Error(`cannot parse genesis time ${time}`);
  const duration = env.SPACEMESH_LAYER_DURATION ?? "30s";
  const length = milliseconds(duration);
  if (!length) throw new Error(`could not parse "${duration}" as duration value from environment variable`);
  const layersPerEpoch = Number(env.SPACEMESH_LAYERS_PER_EPOCH ?? 4032);
  return { genesisTime, layerDuration: length / 1000, layersPerEpoch };
}

/** The milliseconds of a duration as Go writes it, `5s` or `1m30s`; undefined for any other text. */
function milliseconds(text: string | undefined): number | undefined {
  const parts = [...(text ?? "").matchAll(/(\d+)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
