/** One request of the traffic. Times are milliseconds since 1970. */
export interface Request {
  /** The channel's service that gets the request. */
  readonly service: string;
  /** Whether its client keeps addresses for their time to live. */
  readonly isCached: boolean;
  /** Time at which it was due. Latency counts from here, so that a busy client hides nothing. */
  readonly dueAt: number;
  readonly sentAt: number;
}

/** A move of a channel from its clients' view. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Start of the move, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Time to live of the channel's names, in seconds. */
  readonly ttl: number;
  /** Services that must all reach the new network. */
  readonly services: readonly string[];
}

/** Clients' view of a move. Times in seconds since its start, latencies in milliseconds. */
export interface TrafficFigures {
  readonly requests: number;
  readonly failed: number;
  /** Reasons of failures, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly p50: number;
  readonly p99: number;
  /** For each service, the first answer of the new network to a client that keeps no addresses. */
  readonly arrived: Readonly<Record<string, number>>;
  /** The last of these first answers; absent when a service has none. */
  readonly complete?: number;
  /** The last answer of the old network to a client that keeps addresses. */
  readonly cachesLeft?: number;
}

/** Number of separate reasons. All further reasons count as one. */
const MOST_REASONS = 10;
/** Milliseconds that an address resolved before the move may arrive after it. */
const GRACE = 1000;

/**
 * Counts the results of requests during a move. An answer of the wrong network is a failure. A third network is always
 * wrong. The old network is wrong once another request reached the new one; for a client that keeps addresses, one time
 * to
 * live later.
 */
export class Tally {
  private requests = 0;
  private failures = 0;
  private readonly reasons = new Map<string, number>();
  private readonly latencies: number[] = [];
  private readonly arrivals = new Map<string, number>();
  private cachesLeft: number | undefined;

  constructor(private readonly move: Move) {}

  sent(): void {
    this.requests += 1;
  }

  failed({ service }: Request, why: string): void {
    this.failures += 1;
    const text = `${service}: ${why}`;
    const reason = this.reasons.has(text) || this.reasons.size < MOST_REASONS ? text : "others";
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /** @param at time of the complete answer, milliseconds since 1970 */
  answered(request: Request, network: string, at: number): void {
    this.latencies.push(at - request.dueAt);
    const { from, to } = this.move;
    const { service, isCached } = request;
    if (network !== from && network !== to) this.failed(request, `answered by ${network}`);
    else if (network === from && this.knowsBetter(request)) this.failed(request, `still answered by ${from}`);
    else if (network === from && isCached) this.cachesLeft = at;
    else if (network === to && !isCached && !this.arrivals.has(service)) this.arrivals.set(service, at);
  }

  /** Whether other requests reached the new network early enough that this one should have. */
  private knowsBetter({ service, isCached, sentAt }: Request): boolean {
    const arrival = this.arrivals.get(service);
    return arrival !== undefined && sentAt > arrival + (isCached ? this.move.ttl * 1000 + GRACE : 0);
  }

  figures(): TrafficFigures {
    const { services, startedAt } = this.move;
    const since = (at: number) => Math.round((at - startedAt) / 10) / 100;
    const sorted = this.latencies.sort((a, b) => a - b);
    const arrivals = [...this.arrivals];
    const isComplete = services.every((service) => this.arrivals.has(service));
    return {
      requests: this.requests,
      failed: this.failures,
      reasons: [...this.reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
      p50: percentile(sorted, 50),
      p99: percentile(sorted, 99),
      arrived: Object.fromEntries(arrivals.map(([service, at]) => [service, since(at)])),
      ...(isComplete ? { complete: since(Math.max(...arrivals.map(([, at]) => at))) } : {}),
      ...(this.cachesLeft === undefined ? {} : { cachesLeft: since(this.cachesLeft) }),
    };
  }
}

/**
 * The smallest value that a share of all values does not exceed (nearest rank); 0 for an empty list.
 * @param sorted ascending
 */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;

/** Number of requests due by now at a steady rate per second. Times in milliseconds. */
export const due = (rate: number, startedAt: number, now: number): number =>
  Math.floor(((now - startedAt) / 1000) * rate);
