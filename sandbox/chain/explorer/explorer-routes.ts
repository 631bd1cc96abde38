import type { Database } from "./mongo";
import type { Layer } from "./records";

/** An answer of the explorer's API: text, or data that is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: string | object;
}

const PAGE_SIZE = 20;

/** Collections that stay empty, because the simulated chain has nothing to fill them. */
const EMPTY = new Set(["smeshers", "apps", "atxs", "txs", "rewards", "accounts"]);

const NOT_FOUND: Answer = { status: 404, body: { message: "Not Found" } };
const NO_INFO: Answer = { status: 500, body: { message: "Internal Server Error" } };

/**
 * The explorer's answer to `GET path` (explorer-backend internal/api/router/router.go and internal/api/handler).
 * @param database undefined when its server is not reachable
 */
export function explorerAnswer(database: Database | undefined, { pathname, searchParams }: URL): Answer {
  if (!database) return { status: 503, body: { message: "Service Unavailable" } };
  const [collection = "", id, entity, ...more] = pathname.split("/").slice(1);
  if (more.length > 0) return NOT_FOUND;
  if (id === undefined) return collectionAnswer(database, collection, searchParams);
  const number = /^\d+$/.test(id) ? Number(id) : undefined;
  if (number === undefined) return NOT_FOUND;
  if (collection === "epochs") return epochAnswer(database, number, entity, searchParams);
  return collection === "layers" ? layerAnswer(database, number, entity, searchParams) : NOT_FOUND;
}

/** Body of `/network-info`; undefined before the collector stores its first data. */
export function networkInfoBody({ networkInfo, layers, epochs }: Database): object | undefined {
  if (!networkInfo) return undefined;
  return { network: networkInfo, layer: newest(layers) ?? null, epoch: newest(epochs) ?? null };
}

function collectionAnswer(database: Database, collection: string, query: URLSearchParams): Answer {
  switch (collection) {
    case "healthz":
      return { status: 200, body: "OK" };
    case "synced":
      if (!database.networkInfo) return NO_INFO;
      return database.networkInfo.issynced ? { status: 200, body: "SYNCED" } : { status: 425, body: "SYNCING" };
    case "network-info": {
      const body = networkInfoBody(database);
      return body ? { status: 200, body } : NO_INFO;
    }
    case "epochs":
      return page(newestFirst(database.epochs), query);
    case "layers":
      return page(newestFirst(database.layers), query);
    default:
      return EMPTY.has(collection) ? page([], query) : NOT_FOUND;
  }
}

function epochAnswer(database: Database, number: number, entity: string | undefined, query: URLSearchParams): Answer {
  const epoch = database.epochs.get(number);
  if (!epoch) return NOT_FOUND;
  if (entity === undefined) return { status: 200, body: { data: [epoch] } };
  if (entity !== "layers") return EMPTY.has(entity) ? page([], query) : NOT_FOUND;
  return page(
    newestFirst(database.layers).filter((layer: Layer) => layer.epoch === number),
    query,
  );
}

function layerAnswer(database: Database, number: number, entity: string | undefined, query: URLSearchParams): Answer {
  const layer = database.layers.get(number);
  if (!layer) return NOT_FOUND;
  if (entity === undefined) return { status: 200, body: { data: [layer] } };
  return entity === "blocks" || EMPTY.has(entity) ? page([], query) : NOT_FOUND;
}

/** One page of a list, with the pagination data of explorer-backend internal/api/handler/pagination.go. */
function page(all: readonly object[], query: URLSearchParams): Answer {
  const current = positive(query.get("page")) ?? 1;
  const perPage = positive(query.get("pagesize")) ?? PAGE_SIZE;
  const last = Math.ceil(all.length / perPage);
  const pagination = {
    totalCount: all.length,
    // As in the original, this repeats the current page instead of counting the pages.
    pageCount: current,
    perPage,
    next: current < last ? current + 1 : last,
    hasNext: current < last,
    hasPrevious: current > 1,
    current,
    previous: Math.max(1, current - 1),
  };
  return { status: 200, body: { data: all.slice((current - 1) * perPage, current * perPage), pagination } };
}

function positive(text: string | null): number | undefined {
  const number = Number.parseInt(text ?? "", 10);
  return number > 0 ? number : undefined;
}

/** Records, newest first. The newest record has the highest number, because older records are only overwritten. */
const newestFirst = <T extends { readonly number: number }>(records: ReadonlyMap<number, T>): T[] =>
  [...records.values()].sort((a, b) => b.number - a.number);

const newest = <T extends { readonly number: number }>(records: ReadonlyMap<number, T>): T | undefined =>
  newestFirst(records)[0];
