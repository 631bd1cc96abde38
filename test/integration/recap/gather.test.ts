import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dateOf, kindOf, recapParts, titleOf } from "../../../infra/recap/document";
import type { RecapFacts } from "../../../infra/recap/facts";
import { recapDocument, writeRecap } from "../../../infra/recap/write";
import { promotion } from "../../support/promotions";
import { FAILURE, RecapWorld, record, SMOKE, timeAt } from "../../support/recaps";

const TAG = "v1.2.3+1";
const part = (facts: RecapFacts, id: string): string => recapParts(facts).find((one) => one.id === id)?.text ?? "";

describe("the recap of a network", () => {
  let world: RecapWorld;
  let commit: string;
  beforeEach(() => {
    world = new RecapWorld();
    commit = world.commit("First");
  });
  afterEach(() => world.remove());

  it("that stalled tells the first layer, the nodes, the log lines and what changed since", async () => {
    await world.simmer(TAG, commit);
    world.commit("feat: {{ more }} *votes*");
    const second = world.commit("fix: fewer votes");
    await world.simmer("v1.2.3+2", second, { stuckAt: 40, layers: 50 });
    const log = `${timeAt(41, 5)} {"L":"ERROR","M":"no certificate","peer":"10.1.2.3:7513"}\n${timeAt(60)} late\n`;
    await world.archive("v1.2.3+2", timeAt(80), { "miner-1-6d-x": log, "miner-10-6d-y": log, "poet-1-6d-z": log });
    const facts = await world.facts("v1.2.3+2", { history: [{ ...record("stalled", "w"), tag: "v1.2.3+2" }] });
    strictEqual(titleOf(facts), "Postmortem of the smeshnet v1.2.3+2");
    strictEqual(dateOf(facts), "2026-01-01");
    match(part(facts, "summary"), /stalled: layer 41 and all after it were never verified\. 5 of 5 nodes/);
    match(part(facts, "trouble"), /Layer 41 is the first that was not verified/);
    match(part(facts, "trouble"), /miner-1, miner-2, miner-3, miner-4, miner-5: stood at layer 40/);
    deepStrictEqual(facts.excerpts, [
      {
        pod: "miner-1-6d-x",
        lines: [{ at: timeAt(41, 5), text: '{"L":"ERROR","M":"no certificate","peer":"[address]"}' }],
        left: 0,
      },
    ]);
    match(
      part(facts, "commits"),
      /v1\.2\.3\+1 .*2 commits followed[\s\S]*fewer votes[\s\S]*&#123;&#123; more }} \\\*votes/,
    );
    match(
      part(facts, "timeline"),
      /is healthy[\s\S]*The verdict is stalled[\s\S]*alerts the team[\s\S]*begins to retire/,
    );
    match(part(facts, "done"), /The watcher retired the network: stalled for/);
    strictEqual(facts.simmer?.doubt, undefined);
  });

  it("that split tells the layer and which nodes had which state", async () => {
    await world.simmer(TAG, commit, { splitAt: 30, layers: 25 });
    const facts = await world.facts(TAG);
    strictEqual(kindOf(facts), "postmortem");
    match(part(facts, "summary"), /split at layer 3\d: its nodes no longer agreed/);
    match(part(facts, "trouble"), /miner-1, miner-2: state root aa11bb22/);
    match(part(facts, "trouble"), /miner-3, miner-4: state root dd33ee44\n- miner-5: state root ee55ff66/);
    match(part(facts, "logs"), /There is no archive yet/);
  });

  it("that failed its smoke test tells the checks, the log lines and the next build", async () => {
    const log = "2026-01-01T00:12:00Z cannot bind\n2026-01-01T00:25:00Z after the test\n";
    await world.archive(
      TAG,
      "2026-01-01T00:30:00Z",
      { "miner-3-6d-x": log, "miner-1-6d-y": log },
      { "outputs.json": { commit }, "smoke.json": SMOKE },
    );
    const facts = await world.facts(TAG, { failure: FAILURE });
    strictEqual(kindOf(facts), "postmortem");
    strictEqual(facts.commit, commit);
    match(
      part(facts, "summary"),
      /failed at the smoke test.* 2 of 3 checks did not pass.*next build is v1\.2\.3\+2\.$/,
    );
    match(part(facts, "trouble"), /never simmered[\s\S]*reachable: miner-3 does not answer at \\\[address\\\]\./);
    deepStrictEqual(
      facts.excerpts.map(({ pod, lines }) => [pod, lines.map(({ text }) => text)]),
      [["miner-3-6d-x", ["cannot bind"]]],
    );
    match(part(facts, "plot"), /there is no plot/);
    ok(!recapDocument(facts).text.includes("34.73.1.9"));
  });

  it("that died a natural death is no postmortem, also when it was last seen shutting down", async () => {
    await world.simmer(TAG, commit, { silentAt: 45 });
    const facts = await world.facts(TAG, {
      history: [record("not judged", "replaced in testnet by v1.2.4 (v1.2.4+1)")],
    });
    strictEqual(titleOf(facts), "Recap of the smeshnet v1.2.3+1");
    match(
      part(facts, "summary"),
      /lived for 2 days\..*It was retired: replaced in testnet by v1\.2\.4 \(v1\.2\.4\+1\)\./,
    );
    match(part(facts, "trouble"), /Every layer was verified in time/);
    match(part(facts, "timeline"), /The verdict is blind/);
    match(recapDocument(facts).text, /## Issues that arose\n/);
    strictEqual(kindOf(await world.facts(TAG)), "postmortem"); // nobody retired it, and nobody sees it
  });

  it("does not take the history, the failure or the archive of an earlier life of the tag", async () => {
    await world.archive(TAG, "2025-12-01T00:00:00Z", {}, { "smoke.json": SMOKE });
    await world.simmer(TAG, commit);
    const old = record("stalled", "old", "2025-12-01T00:00:00.000Z");
    const facts = await world.facts(TAG, { history: [old], failure: { ...FAILURE, at: "2025-12-01T00:00:00Z" } });
    deepStrictEqual(
      [facts.why, facts.failure, facts.archive, facts.verdict],
      [undefined, undefined, undefined, "healthy"],
    );
  });

  it("says that a repository cannot be read, and that a log was changed", async () => {
    await world.simmer(TAG, commit);
    await world.simmer("v1.2.3+2", "f".repeat(40), { layers: 3 });
    const folder = join(world.folder, "store/simmer/v1.2.3+2/aa");
    const last = join(folder, readdirSync(folder).sort().at(-3) ?? "");
    writeFileSync(last, readFileSync(last, "utf8").replace('"watcher":"one"', '"watcher":"two"'));
    const facts = await world.facts("v1.2.3+2");
    match(part(facts, "commits"), /could not be listed/);
    match(part(facts, "links"), /they are not proved/);
  });

  it("compares with the last build that did well, and passes over others", async () => {
    await world.simmer(TAG, commit, { layers: 3 });
    await world.simmer("v1.2.3+2", world.commit("stalls"), { stuckAt: 30, layers: 30 });
    await world.simmer("v1.2.3+3", world.commit("is changed"), { layers: 3 });
    const folder = join(world.folder, "store/simmer/v1.2.3+3/aa");
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "{}");
    await world.simmer("v1.2.3+4", world.commit("last"), { layers: 3 });
    await world.store.put(
      "channels/testnet/1.json",
      JSON.stringify(promotion(1, "v1.2.2", { commit: world.commit("promoted") })),
    );
    const { commits } = await world.facts("v1.2.3+4");
    deepStrictEqual([commits?.from.tag, commits?.count], [TAG, 3]);
    const { promotions, commits: first } = await world.facts(TAG);
    deepStrictEqual([promotions, first?.from.tag], [[], "v1.2.2+1"]);
  });

  it("is the same for the same records, byte for byte", async () => {
    await world.simmer(TAG, commit, { stuckAt: 30, layers: 20 });
    const [one, two] = [await world.facts(TAG), await world.facts(TAG)];
    strictEqual(recapDocument(one).text, recapDocument(two).text);
  });

  it("is written with its plot, and a rerun keeps what a person wrote", async () => {
    await world.simmer(TAG, commit, { stuckAt: 30, layers: 20 });
    const folder = join(world.folder, "out");
    const { files } = await writeRecap(folder, await world.facts(TAG));
    const [document = "", plot = ""] = files;
    ok(readFileSync(plot, "utf8").startsWith("<svg"));
    const hint = /\*To be written by a person: which change[^*]*\*/;
    const edited = readFileSync(document, "utf8").replace(hint, "The votes.").replace("| Build |", "| The build |");
    writeFileSync(document, edited);
    await world.archive(TAG, timeAt(80), {});
    const { kept } = await writeRecap(folder, await world.facts(TAG));
    const after = readFileSync(document, "utf8");
    deepStrictEqual(kept, ["facts"]);
    ok(after.includes("\nThe votes.\n") && after.includes("| The build |"));
    ok(!edited.includes("The archive is closed.") && after.includes("The archive is closed."));
    deepStrictEqual(readdirSync(folder).length, 2);
    ok(existsSync(document));
  });

  it("is refused when no record tells of the network", async () => {
    await rejects(world.facts("v9.9.9+9"), { code: "RecapEmpty" });
  });
});
