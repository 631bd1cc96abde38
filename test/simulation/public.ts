import { newestFirst, readNetwork } from "../../edge/networks";
import { strayRecordsAmong } from "../../infra/base/engine/recovery/stray-records";
import { UserError } from "../../infra/base/lib/errors";
import type { Faults } from "./faults";
import type { SimulatedTime } from "./time";

/** A DNS record of the zone. */
interface ZoneRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly comment: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A refusal of Cloudflare's API. */
export class Refusal extends Error {
  constructor(readonly status: number) {
    super(`Cloudflare answers ${status}`);
  }
}

/** Seconds until everybody sees a new record or value. */
const USUAL_DELAY = 5;

/** What the public sees: a DNS zone and the values at the edge, both shown late. */
export class PublicSide {
  records: ZoneRecord[] = [];
  private readonly values = new Map<string, { readonly value: string; readonly at: number }>();
  private count = 0;

  constructor(
    private readonly time: SimulatedTime,
    private readonly faults: Faults,
  ) {}

  /** Makes a record as Cloudflare does, which takes no two that are the same. */
  addRecord(fields: Omit<ZoneRecord, "id" | "createdAt">): string {
    const { name, type, content } = fields;
    const same = this.records.some((one) => one.name === name && one.type === type && one.content === content);
    if (same) throw new Refusal(400);
    const id = `record-${++this.count}`;
    this.records.push({ ...fields, id, createdAt: this.time.now });
    return id;
  }

  /** Removes stray records, as recovery does before a deployment is run again. */
  clearStrays(comment: string, inState: readonly string[]): void {
    const state = { deployment: { resources: inState.map((id) => ({ id })) } } as unknown as Parameters<
      typeof strayRecordsAmong
    >[2];
    const found = new Set(
      strayRecordsAmong(
        this.records.map((record) => ({ ...record })),
        comment,
        state,
      ).map(({ id }) => id),
    );
    this.records = this.records.filter(({ id }) => !found.has(id));
  }

  put(key: string, value: string): void {
    this.values.set(key, { value, at: this.time.now });
  }

  /** The entries that the list will show when everybody sees what was written. */
  listed(): { readonly netName?: unknown }[] {
    const networks = [...this.values].filter(([key]) => key.startsWith("network:"));
    return networks.map(([, { value }]) => (JSON.parse(value) as { entry: { netName?: unknown } }).entry);
  }

  /** @throws {UserError} as the look-up does when the zone's servers know no such name. */
  lookup(name: string, type: "A" | "TXT"): string[] {
    const kind = type === "A" ? "names are late" : "ownership record is late";
    const delay = this.faults.get(kind)?.at ?? USUAL_DELAY;
    const found = this.records.filter(
      (one) => one.name === name && one.type === type && this.isShown(one.createdAt, delay),
    );
    if (found.length > 0) return found.map(({ content }) => content.replace(/^"(.*)"$/, "$1"));
    if (type === "A")
      throw new UserError(
        "NameUnresolved",
        `${name} does not resolve (ENOTFOUND at 192.0.2.53).`,
        "Check the DNS records.",
      );
    throw new UserError(
      "TextRecordMissing",
      `${name} has no TXT record (ENODATA at 192.0.2.53).`,
      "Check the DNS records.",
    );
  }

  /** What the edge answers. @throws {UserError} as a request does when it does not. */
  edge(path: string): { status: number; body: string } {
    if (this.faults.strikes("edge answers 500")) return { status: 500, body: '{"error":"try again"}' };
    if (this.faults.strikes("edge answers HTML")) return { status: 200, body: "<html>One moment, please</html>" };
    if (path === "networks.json") return { status: 200, body: JSON.stringify(this.list()) };
    const page = this.shown(path.replace("networks/", "page:"));
    return page === undefined ? { status: 404, body: "{}" } : { status: 200, body: page };
  }

  /** The entries of the public list, by the Worker's own code. */
  private list(): unknown[] {
    const stored = [...this.values.keys()].filter((key) => key.startsWith("network:"));
    const networks = stored.flatMap((key) => {
      const value = this.shown(key);
      const network = value === undefined ? undefined : readNetwork(key.slice("network:".length), value);
      return network ? [network] : [];
    });
    return newestFirst(networks).map(({ entry }) => entry);
  }

  private shown(key: string): string | undefined {
    const found = this.values.get(key);
    const delay = this.faults.get("list is late")?.at ?? USUAL_DELAY;
    return found && this.isShown(found.at, delay) ? found.value : undefined;
  }

  private isShown(at: number, delay: number): boolean {
    return this.time.now - at >= delay * 1000;
  }
}
