import { deepStrictEqual, strictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { changedResources, restartedPods } from "../../../bench/changes";
import { keeping, type Resolved } from "../../../bench/names";
import { due, type Move, percentile, type Request, Tally } from "../../../bench/tally";

const MOVE: Move = { from: "old", to: "new", startedAt: 0, ttl: 60, services: ["api", "poet"] };

/** A request that was sent at a second. */
const sent = (service: string, second: number, isCached = false): Request => {
  const at = second * 1000;
  return { service, isCached, dueAt: at, sentAt: at };
};

/** The figures after answers that each came half a second after their request: service, second, network, cached. */
function seenBy(...answers: [string, number, string, boolean?][]) {
  const tally = new Tally(MOVE);
  for (const [service, second, network, isCached] of answers) {
    tally.sent();
    tally.answered(sent(service, second, isCached), network, second * 1000 + 500);
  }
  return tally.figures();
}

describe("Tally", () => {
  it("reports a complete move when the new network answered for each service without cached addresses", () => {
    const figures = seenBy(["api", 1, "old"], ["api", 2, "new"], ["poet", 3, "new", true], ["poet", 4, "new"]);
    deepStrictEqual([figures.arrived, figures.complete, figures.failed], [{ api: 2.5, poet: 4.5 }, 4.5, 0]);
  });

  it("reports no complete move while one service is missing", () => {
    const figures = seenBy(["api", 2, "new"], ["poet", 3, "old"]);
    strictEqual(figures.complete, undefined);
  });

  it("counts an answer of the old network after the move, and of a third network, as a failure", () => {
    const figures = seenBy(["api", 1, "new"], ["api", 2, "old"], ["api", 3, "old"], ["poet", 4, "other"]);
    deepStrictEqual(figures.reasons, [
      { reason: "api: still answered by old", count: 2 },
      { reason: "poet: answered by other", count: 1 },
    ]);
    deepStrictEqual([figures.requests, figures.failed], [4, 3]);
  });

  it("accepts the old network's late answer to a request from before the first arrival", () => {
    const tally = new Tally(MOVE);
    tally.answered(sent("api", 2), "new", 2100);
    tally.answered(sent("api", 1), "old", 2200);
    strictEqual(tally.figures().failed, 0);
  });

  it("accepts the old network from a cached address for its time to live only", () => {
    const kept = seenBy(["api", 1, "new"], ["api", 60, "old", true]);
    deepStrictEqual([kept.failed, kept.cachesLeft], [0, 60.5]);
    strictEqual(seenBy(["api", 1, "new"], ["api", 63, "old", true]).failed, 1);
  });

  it("counts latencies from the due time and limits the number of reasons", () => {
    const tally = new Tally(MOVE);
    tally.answered({ ...sent("api", 2), dueAt: 1000 }, "old", 2500);
    for (let i = 0; i < 100; i += 1) tally.failed(sent("api", i), `reason ${i}`);
    const { p50, p99, failed, reasons } = tally.figures();
    deepStrictEqual([p50, p99, failed, reasons.length], [1500, 1500, 100, 11]);
    deepStrictEqual(reasons[0], { reason: "others", count: 90 });
  });
});

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

  it("returns the nearest rank", () => {
    deepStrictEqual([percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100)], [50, 99, 100]);
    deepStrictEqual([percentile([7], 99), percentile([], 50)], [7, 0]);
  });
});

describe("due", () => {
  it("counts the requests missed while the client was busy", () => {
    deepStrictEqual(
      [due(200, 1000, 1000), due(200, 1000, 1004), due(200, 1000, 1005), due(200, 1000, 4000)],
      [0, 0, 1, 600],
    );
  });
});

describe("keeping", () => {
  let now = 0;
  let asked: string[] = [];
  let answer: () => Promise<Resolved>;
  const address = (text: string, ttl = 60) => {
    answer = async () => ({ address: text, ttl });
  };
  const client = () =>
    keeping(
      (host) => {
        asked.push(host);
        return answer();
      },
      () => now,
    );
  beforeEach(() => {
    now = 0;
    asked = [];
    address("127.0.0.1");
  });

  it("resolves a name again after its time to live", async () => {
    const resolve = client();
    await resolve("api");
    address("127.0.0.2");
    now = 59_999;
    strictEqual((await resolve("api")).address, "127.0.0.1");
    now = 60_000;
    strictEqual((await resolve("api")).address, "127.0.0.2");
    strictEqual(asked.length, 2);
  });

  it("keeps each name separately and sends one query for simultaneous requests", async () => {
    const resolve = client();
    await Promise.all([resolve("api"), resolve("api"), resolve("poet")]);
    deepStrictEqual(asked, ["api", "poet"]);
  });

  it("does not keep failures", async () => {
    const resolve = client();
    answer = () => Promise.reject(new Error("no answer"));
    strictEqual(await resolve("api").catch((error: Error) => error.message), "no answer");
    address("127.0.0.1");
    strictEqual((await resolve("api")).address, "127.0.0.1");
  });
});

describe("changedResources and restartedPods", () => {
  const step = (op: string, name: string, custom: boolean) =>
    ({
      resOutputsEvent: { metadata: { op, urn: `urn:pulumi:testnet::smeshnet::t::${name}`, new: { custom } } },
    }) as EngineEvent;

  it("list each changed resource once, without groups and unchanged resources", () => {
    const events = [
      step("update", "gateway", true),
      step("same", "api", true),
      step("update", "dns", false),
      step("create-replacement", "moved", true),
      step("replace", "moved", true),
      { preludeEvent: { config: {} } } as EngineEvent,
    ];
    deepStrictEqual(changedResources(events), ["gateway", "moved"]);
  });

  it("list every replaced, restarted or deleted pod", () => {
    deepStrictEqual(restartedPods({ "a 1": 0, "b 2": 0, "c 3": 1 }, { "a 1": 0, "b 9": 0, "c 3": 2 }), [
      "b 2",
      "c 3",
      "b 9",
    ]);
  });
});
