import type { Cloudflare } from "../../infra/base/clients/cloudflare";
import type { Clock } from "../../infra/base/lib/clock";
import { runWith } from "../../infra/base/lib/run";

/** How long a key's value is shown after it was read, in milliseconds: Cloudflare's least `cacheTtl`. */
const CACHED = 60_000;

/** A clock that does not wait. */
export class QuickClock implements Clock {
  private time = Date.parse("2026-11-20T00:00:00Z");
  now = (): number => this.time;
  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.time += seconds * 1000;
  }
}

/** Values that are read late, also by their writer: what a key showed stays for 60 s, absence too. */
export class LateKv implements Pick<Cloudflare, "getKv" | "putKv" | "removeKv" | "listKv" | "dnsRecords"> {
  readonly values = new Map<string, string>();
  private readonly shown = new Map<string, { readonly value: string | undefined; readonly until: number }>();
  /** Times of all calls, in milliseconds. */
  readonly calls: number[] = [];

  readonly clock: Clock = new QuickClock();
  readonly lines: string[] = [];
  readonly run = runWith({ clock: this.clock, say: (line) => void this.lines.push(line) });

  private called(): void {
    this.calls.push(this.clock.now());
  }

  async getKv(_: unknown, key: string): Promise<string | undefined> {
    this.called();
    const now = this.clock.now();
    const cached = this.shown.get(key);
    if (cached && cached.until > now) return cached.value;
    const value = this.values.get(key);
    this.shown.set(key, { value, until: now + CACHED });
    return value;
  }

  async putKv(_: unknown, key: string, value: string): Promise<void> {
    this.called();
    this.values.set(key, value);
  }

  async removeKv(_: unknown, key: string): Promise<void> {
    this.called();
    this.values.delete(key);
  }

  async listKv(_: unknown, prefix: string): Promise<string[]> {
    this.called();
    return [...this.values.keys()].filter((key) => key.startsWith(prefix));
  }

  async dnsRecords(): Promise<[]> {
    this.called();
    return [];
  }

  /** The most calls in any five minutes. */
  get mostCalls(): number {
    return Math.max(...this.calls.map((at) => this.calls.filter((one) => one >= at && one < at + 300_000).length));
  }
}
