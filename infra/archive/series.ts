import { z } from "zod";
import { ApiError } from "../base/clients/kubernetes/client";
import { parseKubeconfig } from "../base/clients/kubernetes/kubeconfig";
import { type ServiceProxy, serviceProxy } from "../base/clients/kubernetes/service-proxy";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import { jsonOf } from "../base/lib/json";
import type { Run } from "../base/lib/run";
import { looseObject } from "../base/model/formats";
import type { NetworkFacts } from "../base/model/network-facts";
import type { Store } from "../base/store/contract";
import { NAMES } from "../deploy/monitoring/prometheus";
import { lifeWindow, MAIN_SERIES, type MainSeries, selectorOf, type Window } from "../deploy/monitoring/series";
import type { Collected } from "./collect";
import { quoted } from "./gaps";
import { END, openMetrics, RangeAnswer } from "./open-metrics";
import { packedInto } from "./packed";
import { Patience } from "./patience";

/** Key of the series in an archive. docs/monitoring.md tells how to load them. */
export const SERIES_KEY = "series.openmetrics.zst";

/** The archive's document of the settings, in the part that tells of the monitoring. */
const Monitored = looseObject({ monitoring: z.literal(true) });

/** Whether a network has monitoring, by the settings in its record. */
export const isMonitored = (settings: unknown): boolean => Monitored.safeParse(settings).success;

/** Bytes of all series before compression, at most. A network of 25 nodes has a third of that in a week. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Seconds within which a Prometheus that does not answer is asked again. Series are worth less than logs. */
const PATIENCE = 60;

/** Longest time of one query, in milliseconds. */
const TIMEOUT = 30_000;

export interface SeriesOptions {
  readonly store: Store;
  /** Folder of the archive. */
  readonly folder: string;
  /** Kubeconfig of the cluster; absent when it is gone, or does not answer. */
  readonly kubeconfig: string | undefined;
  readonly facts: NetworkFacts;
  /** Seconds in which to ask again. */
  readonly patience?: number;
  readonly mostBytes?: number;
}

/**
 * Copies the main series of a network's Prometheus into its archive, through the API server. The answer to one query is
 * in memory at a time. Nothing here stops a retirement: what is missing is a gap that needs no reason.
 * @throws {UserError} when the store fails
 */
export async function collectSeries(options: SeriesOptions, run: Run): Promise<Collected> {
  const { store, folder, kubeconfig } = options;
  if (kubeconfig === undefined) return { objects: [], gaps: [{ kind: "series", saw: "the cluster does not answer" }] };
  const { namespace } = parseKubeconfig(kubeconfig);
  const reading = new Reading(
    { ...options, namespace },
    serviceProxy(() => kubeconfig, run.signal),
    run,
  );
  const content = reading.content();
  const first = await content.next();
  const whole = async function* () {
    if (!first.done) yield first.value;
    yield* content;
    yield Buffer.from(END);
  };
  const objects = first.done ? [] : [{ key: SERIES_KEY, ...(await packedInto(store, folder + SERIES_KEY, whole())) }];
  const { failures } = reading;
  if (first.done && failures.length === 0) failures.push("Prometheus has none of them");
  if (failures.length === 0) return { objects, gaps: [] };
  return { objects, gaps: [{ kind: "series", saw: quoted(failures.join("; ")) }] };
}

/** A query that another one does not resemble: it failed, and the next one may succeed. */
class QueryFailed extends Error {}

class Reading {
  /** Why series are missing, as phrases. */
  readonly failures: string[] = [];
  private readonly window: Window;
  private readonly patience: Patience;

  constructor(
    private readonly options: SeriesOptions & { readonly namespace: string },
    private readonly proxy: ServiceProxy,
    private readonly run: Run,
  ) {
    const { facts, patience = PATIENCE } = options;
    const { genesisTime, layerDuration } = facts;
    const now = run.clock.now() / 1000;
    this.window = lifeWindow({ genesis: Date.parse(genesisTime) / 1000, layerDuration }, now);
    this.patience = new Patience(run, patience);
  }

  /** All series in OpenMetrics, without its last line. It fails only when the run is interrupted. */
  async *content(): AsyncGenerator<Buffer> {
    const { facts, mostBytes = MOST_BYTES } = this.options;
    let left = mostBytes;
    for (const series of MAIN_SERIES) {
      try {
        for (const text of openMetrics(series.metric, await this.ask(series), { network: facts.tag })) {
          const bytes = Buffer.from(text);
          left -= bytes.length;
          if (left < 0) {
            this.failures.push(`all after ${series.metric}, since they have more than ${mostBytes} bytes`);
            return;
          }
          yield bytes;
        }
      } catch (error) {
        this.run.signal.throwIfAborted();
        this.failures.push(`${series.metric}: ${lastLine((error as Error).message)}`);
        if (!(error instanceof QueryFailed)) return; // Prometheus does not answer, so no query will succeed
      }
    }
  }

  /** Asks again while nobody answers. @throws {QueryFailed} when only this query fails */
  private async ask(series: MainSeries) {
    for (;;) {
      const isLast = this.patience.isOver;
      try {
        return await this.askOnce(series);
      } catch (error) {
        this.run.signal.throwIfAborted();
        if (isLast || isFinal(error)) throw error;
      }
      await this.patience.wait();
    }
  }

  private async askOnce(series: MainSeries) {
    const { namespace } = this.options;
    const { start, end, step } = this.window;
    const query = new URLSearchParams({ query: selectorOf(series), start: `${start}`, end: `${end}`, step: `${step}` });
    const path = `/api/v1/query_range?${query}`;
    try {
      const text = await this.proxy.ask({ service: NAMES.prometheus, namespace, port: "http", path, timeout: TIMEOUT });
      const answer = jsonOf(text, RangeAnswer);
      if (!answer) throw new QueryFailed("the answer is none of Prometheus");
      return answer.data.result;
    } catch (error) {
      const isOfQuery = error instanceof UserError && error.code === "TooLarge";
      const isRefused = error instanceof ApiError && (error.status === 400 || error.status === 422);
      throw isOfQuery || isRefused ? new QueryFailed(error.message) : error;
    }
  }
}

/** Whether the same request fails again: the account may not ask, or there is no Prometheus. */
const isFinal = (error: unknown): boolean =>
  error instanceof QueryFailed ||
  error instanceof UserError ||
  (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429);
