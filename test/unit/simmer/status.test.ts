import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { SimmerLog } from "../../../infra/simmer/log";
import { lastLogOf, logsOf } from "../../../infra/simmer/logs";
import { renderStatus, statusOf } from "../../../infra/simmer/status";
import type { WatcherOptions } from "../../../infra/simmer/watcher";
import { refusesLater } from "../../support/errors";
import { NETWORK, THRESHOLDS } from "../../support/judged";
import { IDLE, WatchedNetwork } from "../../support/watched";

const TAG = "v1.2.3+1";
/** Two days of ten minutes. */
const TERMS = { network: NETWORK, thresholds: THRESHOLDS, days: 2, day: 600 };

async function watched(layers: number, more: Partial<WatcherOptions> = {}) {
  const world = WatchedNetwork.make();
  const watcher = await world.watcher(TAG, { terms: TERMS, ...more });
  await world.looks(watcher, layers);
  const status = async () => statusOf(await lastLogOf(world.store, TAG));
  /** The lines for people, by the word that they begin with. */
  const rows = async (): Promise<Record<string, string>> => {
    const [title, ...lines] = renderStatus(await status(), new Date(world.now + 120_000).toISOString());
    strictEqual(title, TAG);
    return Object.fromEntries(lines.map((line) => [line.slice(2, 15).trim(), line.slice(15)]));
  };
  return { world, watcher, status, rows };
}

describe("the status of a simmer", () => {
  it("tells people how far it is and what is missing", async () => {
    const { rows } = await watched(7);
    deepStrictEqual(await rows(), {
      verdict: "healthy since 2026-01-01T00:40:30.000Z",
      evidence: "5 of 5 nodes move forward: layer 25 is verified, the clock is at layer 27.",
      day: "1.3 of 2",
      shares: "healthy 100.0 %",
      "last trouble": "none",
      certificate: "missing: 0.7 more days healthy or slow",
      watched: "2 minutes ago, 31 entries in simmer/v1.2.3+1/aa/",
    });
  });

  it("says when the certificate can be sealed", async () => {
    const { rows, status } = await watched(14);
    strictEqual((await rows()).certificate, "ready: smeshnet simmer certify v1.2.3+1");
    deepStrictEqual((await status()).missing, []);
  });

  it("tells scripts the same as JSON, with the evidence as data", async () => {
    const { world, status } = await watched(7);
    const { details, log, observed, ...rest } = JSON.parse(JSON.stringify(await status()));
    deepStrictEqual(rest, {
      tag: TAG,
      verdict: "healthy",
      since: "2026-01-01T00:40:30.000Z",
      evidence: "5 of 5 nodes move forward: layer 25 is verified, the clock is at layer 27.",
      day: 1.3,
      days: 2,
      unwatched: 0,
      missing: ["0.7 more days healthy or slow"],
      missedVisits: [],
      notSynced: [],
      watchedAt: new Date(world.now).toISOString(),
      every: 30,
      fullAt: new Date(world.now + (2 * 600 - observed.healthy) * 1000).toISOString(),
    });
    deepStrictEqual([details.top, details.verified, details.advancing, details.nodes], [27, 25, 5, 5]);
    deepStrictEqual(observed, { healthy: 810, slow: 0, stalled: 0, split: 0, blind: 0 });
    deepStrictEqual([log.prefix, log.entries], ["simmer/v1.2.3+1/aa/", 31]);
    match(log.head, /^[0-9a-f]{64}$/);
  });

  it("shows the last trouble, shares, and time that nobody watched", async () => {
    const { world, watcher, rows } = await watched(4);
    world.stuckAt = 22;
    await world.looks(watcher, 6);
    world.stuckAt = undefined;
    await world.looks(watcher, 4);
    world.now += 600_000;
    await world.looks(watcher, 4);
    const shown = await rows();
    match(shown["last trouble"] ?? "", /^stalled, 2026-01-01T00:52:00\.000Z to 2026-01-01T01:00:00\.000Z$/);
    match(shown.shares ?? "", /^healthy \d+\.\d %, stalled \d+\.\d %, unwatched \d+\.\d %$/);
  });

  it("names nodes that follow and never call themselves synced, which is no verdict", async () => {
    const { world, watcher, rows, status } = await watched(4);
    const [first = "", , third = ""] = NETWORK.nodes;
    world.neverSynced = [first, third];
    await world.looks(watcher, 6);
    strictEqual((await rows())["not synced"], `by their own word: ${first}, ${third}`);
    const { verdict, notSynced, details } = await status();
    deepStrictEqual([verdict, notSynced, details?.advancing], ["healthy", [first, third], 5]);
  });

  it("names the days on which nobody visited explorer and dashboard", async () => {
    let isThere = true;
    const visit = async () => [{ what: "explorer", ok: isThere, saw: "it" }];
    const { world, watcher, rows, status } = await watched(1, { hands: { ...IDLE, visit } });
    isThere = false;
    await world.looks(watcher, 11);
    isThere = true;
    await world.looks(watcher, 1);
    deepStrictEqual((await status()).missedVisits, [3]);
    strictEqual((await rows())["not visited"], "on day 4");
  });

  it("promises nothing before the effective genesis", async () => {
    const world = WatchedNetwork.make();
    world.now = NETWORK.genesisTime + 2 * NETWORK.layerDuration * 1000;
    await world.looks(await world.watcher(TAG, { terms: TERMS }), 3);
    const status = await statusOf(await lastLogOf(world.store, TAG));
    strictEqual(status.verdict, "blind");
    strictEqual(status.day, 0);
    ok(!("lastTrouble" in status));
    const lines = renderStatus(status, new Date(world.now).toISOString()).join("\n");
    match(lines, /evidence +It is before the effective genesis: the clock is at layer 5\.$/m);
    match(lines, /shares +nothing counts before the effective genesis$/m);
  });

  it("is there for a watcher that was killed before its first sample", async () => {
    const world = WatchedNetwork.make();
    await new SimmerLog(world.store, TAG, NETWORK.genesisId).agree(TERMS);
    const status = await statusOf(await lastLogOf(world.store, TAG));
    deepStrictEqual([status.verdict, status.day, status.evidence, status.watchedAt], ["blind", 0, "", undefined]);
    match(renderStatus(status, new Date(world.now).toISOString()).join("\n"), /watched +not yet, 1 entries in simmer/);
  });

  it("refuses a network that was never watched, also beside one with a similar tag", async () => {
    const world = WatchedNetwork.make();
    await refusesLater(lastLogOf(world.store, TAG), "SimmerLogMissing", { names: [TAG, "smeshnet simmer watch"] });
    await world.looks(await world.watcher("v1.2.3+10"), 1);
    await refusesLater(lastLogOf(world.store, TAG), "SimmerLogMissing");
  });

  it("is of the last life of a tag that was deployed again", async () => {
    const world = WatchedNetwork.make();
    await world.looks(await world.watcher(TAG), 1);
    const network = { ...NETWORK, genesisId: "bb" };
    const log = new SimmerLog(world.store, TAG, network.genesisId);
    await world.looks(await world.watcher(TAG, { log, terms: { ...TERMS, network } }), 1);
    strictEqual((await logsOf(world.store)).length, 2);
    strictEqual((await lastLogOf(world.store, TAG)).prefix, "simmer/v1.2.3+1/bb/");
  });
});
