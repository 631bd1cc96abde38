import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Tap } from "./tap";

/** The tap's metrics. Names follow https://prometheus.io/docs/practices/naming/; alerts depend on them. */
export class Metrics {
  readonly registry = new Registry();
  private readonly refusals: Counter;

  constructor() {
    const common = { labelNames: ["code"], registers: [this.registry] };
    this.refusals = new Counter({ name: "smeshnet_tap_refusals_total", help: "Requests refused, by code.", ...common });
    collectDefaultMetrics({ register: this.registry });
  }

  refused(code: string): void {
    this.refusals.inc({ code });
  }

  /** Shows a tap when somebody asks. */
  show(tap: Tap): void {
    const { book, terms, clock } = tap.options;
    const status = () => tap.status();
    const { ledger } = book;
    this.gauge("smeshnet_tap_gift_smidge", "Amount of one gift.", () => Number(terms.amount));
    this.gauge("smeshnet_tap_budget_smidge", "Budget of a UTC day.", () => Number(terms.budget));
    this.gauge("smeshnet_tap_budget_left_smidge", "What may still be promised today.", () => Number(status().left));
    this.gauge(
      "smeshnet_tap_balance_smidge",
      "Balance of the tap's account, by the last look at the chain; absent before the first.",
      () => {
        const { balance } = status();
        return balance === undefined ? undefined : Number(balance);
      },
    );
    this.gauge("smeshnet_tap_ready", "1 while the tap can promise gifts.", () => (status().refusal ? 0 : 1));
    this.gauge(
      "smeshnet_tap_oldest_waiting_seconds",
      "Age of the oldest gift that is not yet paid; 0 without one.",
      () => (ledger.oldestWaiting === undefined ? 0 : Math.max(0, clock.now() - ledger.oldestWaiting) / 1000),
    );
    new Gauge({
      name: "smeshnet_tap_gifts",
      help: "Gifts by what became of them, since the journal began.",
      labelNames: ["state"],
      registers: [this.registry],
      collect() {
        for (const [state, count] of Object.entries(ledger.count)) this.set({ state }, count);
      },
    });
  }

  /** @param value undefined while it is absent */
  private gauge(name: string, help: string, value: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        const now = value();
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  }
}
