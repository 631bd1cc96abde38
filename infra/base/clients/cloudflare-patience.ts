import type { Run } from "../lib/run";
import type { CloudflareResponse } from "./cloudflare-call";
import { retryAfterIn } from "./retry-after";

/** Longest wait for Cloudflare's limit, in seconds: it refuses for what is left of its five minutes, and no longer. */
const LONGEST_LIMIT = 330;

/** Longest time in which a call that failed is sent again, in seconds. */
const LONGEST_FAULT = 20;

/** First wait where the answer names none, in seconds. Each later one doubles it. */
const FIRST_PAUSE = { limit: 1, fault: 0.5 };

/** A wait as long as this is reported, in seconds. */
const SILENT = 2;

/** An answer, and whether an earlier try of the same call may have done its work. */
export interface PatientResponse extends CloudflareResponse {
  readonly mayHaveActed: boolean;
}

/**
 * Waits out Cloudflare's limit of 1,200 calls in five minutes (HTTP 429), and its own faults (HTTP 5xx). All calls of a
 * client share it, so that one refusal holds all of them back. Every call of ours may be sent twice: it reads, removes,
 * or stores a whole value. An interrupt ends a wait; the last answer then stands.
 */
export class Patience {
  /** Nobody calls before, in milliseconds since 1970. */
  private until = 0;

  constructor(private readonly run: Run) {}

  /** @param what is called, as progress names it: `GET zones/ID/dns_records` */
  async send(what: string, call: () => Promise<CloudflareResponse>): Promise<PatientResponse> {
    const { clock } = this.run;
    const began = clock.now();
    for (let tries = 0, faults = 0; ; tries++) {
      await this.calm();
      const response = await call();
      const isLimit = response.status === 429;
      const isFault = response.status >= 500;
      const answer = { ...response, mayHaveActed: faults > 0 };
      if (!isLimit && !isFault) return answer;
      if (isFault) faults += 1;
      const asked = retryAfterIn(response.retryAfter, clock.now());
      const pause = Math.max(asked ?? 0, (isLimit ? FIRST_PAUSE.limit : FIRST_PAUSE.fault) * 2 ** tries);
      const waited = (clock.now() - began) / 1000;
      if (waited + pause > (isLimit ? LONGEST_LIMIT : LONGEST_FAULT) || this.run.signal.aborted) return answer;
      const until = clock.now() + pause * 1000;
      const isNews = until > this.until && waited + pause >= SILENT;
      if (isNews && isLimit) this.run.say(`Cloudflare limits the rate of calls: waiting ${rounded(pause)} s`);
      if (isNews && isFault) {
        this.run.say(`Cloudflare answers HTTP ${response.status} to ${what}: asking again in ${rounded(pause)} s`);
      }
      if (isLimit) this.until = Math.max(this.until, until);
      if (!(await this.slept(pause))) return answer;
    }
  }

  /** Waits until the limit that any call met is over. */
  private async calm(): Promise<void> {
    for (let left = 1; left > 0; ) {
      left = (this.until - this.run.clock.now()) / 1000;
      if (left > 0 && !(await this.slept(left))) return;
    }
  }

  /** Whether the time has passed without an interrupt. */
  private async slept(seconds: number): Promise<boolean> {
    try {
      await this.run.clock.sleep(seconds, this.run.signal);
      return true;
    } catch (error) {
      if (this.run.signal.aborted) return false;
      throw error;
    }
  }
}

const rounded = (seconds: number): number => Math.ceil(seconds * 10) / 10;
