import type { Call, Calls, KnownNetwork } from "./calls";
import { keeping, type Resolve } from "./names";
import { due, type Request, type Tally } from "./tally";

/** Milliseconds between two checks for due requests. */
const TICK = 5;

export interface TrafficOptions {
  /** Requests per second, over all services. */
  readonly rate: number;
  readonly calls: Calls;
  readonly networks: readonly KnownNetwork[];
  readonly resolve: Resolve;
}

/**
 * A client of a channel's names with a steady rate: a late answer does not delay other requests. All services have the
 * same
 * share. For each service, half of the requests resolve the name every time, and half keep the address for its time to
 * live.
 */
export class Traffic {
  private readonly underWay = new Set<Promise<void>>();
  private readonly kept: Resolve;
  private timer: NodeJS.Timeout | undefined;
  private startedAt = 0;
  private count = 0;

  constructor(
    private readonly options: TrafficOptions,
    private tally: Tally,
  ) {
    this.kept = keeping(options.resolve);
  }

  start(): void {
    this.startedAt = Date.now();
    this.timer = setInterval(() => this.sendDue(), TICK);
  }

  /** Counts further requests in another tally. Running requests stay in theirs. */
  countIn(tally: Tally): void {
    this.tally = tally;
  }

  /** Resolves when every request is answered or failed. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.options.calls.close();
  }

  private sendDue(): void {
    const { rate } = this.options;
    for (const now = Date.now(); this.count < due(rate, this.startedAt, now); this.count += 1) {
      const sent = this.send(this.startedAt + ((this.count + 1) / rate) * 1000);
      this.underWay.add(sent);
      sent.then(() => this.underWay.delete(sent));
    }
  }

  private async send(dueAt: number): Promise<void> {
    const { calls } = this.options;
    const call = calls.all[this.count % calls.all.length] as Call;
    const isCached = Math.floor(this.count / calls.all.length) % 2 === 1;
    const { tally } = this;
    const request: Request = { service: call.service, isCached, dueAt, sentAt: Date.now() };
    tally.sent();
    try {
      const network = await this.networkOf(call.host, isCached);
      await call.ask(network, isCached);
      tally.answered(request, network.tag, Date.now());
    } catch (error) {
      tally.failed(request, (error as Error).message);
    }
  }

  private async networkOf(host: string, isCached: boolean): Promise<KnownNetwork> {
    const { address } = await (isCached ? this.kept : this.options.resolve)(host);
    const network = this.options.networks.find((one) => one.address === address);
    if (!network) throw new Error(`${host} has address ${address}, which belongs to neither network`);
    return network;
  }
}
