import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { gatewayHosts } from "../../../infra/base/model/endpoints";
import { tlsNames } from "../../../infra/base/model/tls";
import { type PlacedOrder, requirePatience, unfinished } from "../../../infra/tls/orders";
import { reasonToIssue, requireCovering } from "../../../infra/tls/standing";
import type { TlsView } from "../../../infra/tls/view";
import { settingsWith } from "../../support/settings";

const SETTINGS = settingsWith();
const WANTED = { directory: SETTINGS.acmeDirectory, names: tlsNames(SETTINGS) };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-01-05T05:30:00Z"); // a Monday, at the hour of the daily job

/** What Let's Encrypt allows (letsencrypt.org/docs/rate-limits, June 2025). */
const LIMITS = {
  /** Certificates per registered domain, and per exact set of names, each within 7 days. */
  domain: 50,
  duplicates: 5,
  /** Failed proofs of a name within an hour. */
  failures: 5,
  names: 100,
};

/** What fails at a moment. */
type Trouble = "proofs" | "store" | undefined;

/** The store, an authority that counts, and runs of `smeshnet tls renew` that decide as the real ones do. */
class Year {
  readonly issued: number[] = [];
  readonly failed: number[] = [];
  refusals = 0;
  certificate: TlsView | undefined;
  private orders: PlacedOrder[] = [];
  private readonly valid = new Map<string, number>();

  constructor(private readonly troubleAt: (time: number) => Trouble = () => undefined) {}

  renew(now: number): void {
    if (reasonToIssue(this.certificate, SETTINGS, now) === undefined) return;
    const earlier = unfinished(this.orders, WANTED, now).find(({ url }) => this.valid.has(url));
    if (earlier !== undefined) {
      this.keep(this.valid.get(earlier.url) ?? 0, now);
      return;
    }
    try {
      requirePatience(this.orders, WANTED, now);
    } catch (error) {
      ok(error instanceof UserError);
      this.refusals++;
      return;
    }
    const url = `https://authority.example/order/${now}`;
    this.orders.unshift({ ...WANTED, url, placedAt: new Date(now).toISOString(), privateKey: "KEY" });
    if (this.troubleAt(now) === "proofs") return void this.failed.push(now);
    this.issued.push(now);
    this.valid.set(url, now);
    this.keep(now, now);
  }

  private keep(issued: number, now: number): void {
    if (this.troubleAt(now) === "store") return;
    const [notBefore, notAfter] = [issued, issued + 90 * DAY].map((time) => new Date(time).toISOString());
    this.certificate = { generation: 1, issuer: "E8", serial: "01", ...WANTED, notBefore, notAfter } as TlsView;
    this.orders = [];
  }

  /** Days on which a certificate was issued. */
  get days(): number[] {
    return this.issued.map((time) => (time - START) / DAY);
  }
}

/** The most moments within any span of a length. */
const most = (times: readonly number[], span: number): number =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time - from < span).length));

/** @param every time between two runs */
function played(year: Year, { days = 364, every = DAY, work = (_day: number): void => undefined } = {}): Year {
  for (let time = 0; time < days * DAY; time += every) {
    year.renew(START + time);
    if (time % DAY === 0) work(time / DAY);
  }
  ok(WANTED.names.length <= LIMITS.names);
  ok(most(year.issued, 7 * DAY) <= Math.min(LIMITS.duplicates, LIMITS.domain));
  ok(most(year.failed, HOUR) <= LIMITS.failures);
  return year;
}

/** Whether a time is in the month after the first renewal is due. */
const inThatMonth = (time: number): boolean => time >= START + 61 * DAY && time < START + 86 * DAY;

describe("a year within the limits of Let's Encrypt", () => {
  it("has two builds a day and two promotions a week, and six certificates", () => {
    const year = new Year();
    let covered = 0;
    const work = (day: number) => {
      // The hosts of a build include those of the channel, which two of them get each week.
      for (const build of [1, 2]) {
        requireCovering(year.certificate, gatewayHosts(parseBuildTag(`v1.2.${day}+${build}`), SETTINGS));
        covered++;
      }
    };
    deepStrictEqual(played(year, { work }).days, [0, 61, 122, 183, 244, 305]);
    strictEqual(covered, 728);
    strictEqual(WANTED.names.length, 2);
  });

  it("has a month in which the proofs fail each day, and the certificate is good all the while", () => {
    const year = new Year((time) => (inThatMonth(time) ? "proofs" : undefined));
    const work = (day: number) => ok(START + day * DAY < Date.parse(year.certificate?.notAfter ?? ""), `day ${day}`);
    played(year, { work });
    strictEqual(year.failed.length, 25);
    deepStrictEqual(year.days.slice(0, 3), [0, 86, 147]);
  });

  it("has a month in which the store fails after each issuance, and one certificate a week then", () => {
    const year = played(new Year((time) => (inThatMonth(time) ? "store" : undefined)));
    deepStrictEqual(year.days.slice(0, 6), [0, 61, 68, 75, 82, 143]);
  });

  it("has a day on which somebody tries every five minutes, whatever fails", () => {
    const proofs = played(new Year(() => "proofs"), { days: 1, every: HOUR / 12 });
    deepStrictEqual([proofs.failed.length, proofs.refusals], [96, 192]);
    strictEqual(most(proofs.failed, HOUR), 4);
    strictEqual(played(new Year(() => "store"), { days: 1, every: HOUR / 12 }).issued.length, 1);
  });
});
