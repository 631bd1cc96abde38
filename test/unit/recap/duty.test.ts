import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { buildTag } from "../../../infra/base/model/build-tag";
import { needsDraft, RecapDuty } from "../../../infra/recap/duty";
import { LINK, recapWorld, STALLED } from "../../support/recap-world";

const RETIRED = Date.parse(STALLED.retiredAt);
const EVERY = 300;

/** A duty whose drafts succeed once `works` is true. */
function duty(world: ReturnType<typeof recapWorld>) {
  const state = { now: RETIRED + 1000, works: true };
  const said: string[] = [];
  const drafted: number[] = [];
  const all = new RecapDuty(
    world.world,
    async (tag) => {
      drafted.push((state.now - RETIRED) / 1000);
      if (!state.works) throw new UserError("Broken", "The blog is away.", "");
      strictEqual(buildTag(tag), STALLED.tag);
      world.values.set(LINK, '{"schema":1,"kind":"postmortem","url":"https://blog.example/"}');
    },
    EVERY,
  );
  const run = runWith({
    say: (line) => void said.push(line),
    clock: { now: () => state.now, sleep: async () => undefined },
  });
  const passes = async (count: number) => {
    for (let i = 0; i < count; i++) {
      all.start(run);
      await all.settled();
      state.now += EVERY * 1000;
    }
  };
  return { state, said, drafted, all, run, passes };
}

describe("the drafts that are missing", () => {
  it("are made once, also after a restart of the watcher", async () => {
    const world = recapWorld();
    const first = duty(world);
    await first.passes(3);
    const second = duty(world);
    await second.passes(1);
    deepStrictEqual([first.drafted, second.drafted], [[1], []]);
  });

  it("are tried again in the next pass, which is within five minutes, and then more seldom", async () => {
    const { state, said, drafted, passes } = duty(recapWorld());
    state.works = false;
    await passes(2);
    deepStrictEqual(drafted, [1, 301]);
    deepStrictEqual(said, ["v1.2.3+1: the draft of its postmortem is not made: The blog is away."]);
    await passes(22);
    ok(drafted.length < 8, drafted.join());
    state.works = true;
    await passes(13);
    const tries = drafted.length;
    await passes(20);
    strictEqual(drafted.length, tries);
  });

  it("include those that the blog did not take yet", async () => {
    const world = recapWorld();
    world.values.set(LINK, '{"schema":1,"kind":"postmortem","url":"file:///a","pending":true}');
    const { drafted, passes } = duty(world);
    await passes(2);
    deepStrictEqual(drafted, [1]);
  });

  it("are found in the next pass when the edge does not answer now", async () => {
    const world = recapWorld();
    const { listKv } = world.world.cloudflare;
    let isAway = true;
    Object.assign(world.world.cloudflare, {
      listKv: (...args: Parameters<typeof listKv>) =>
        isAway ? Promise.reject(new UserError("CloudflareFailed", "Cloudflare is away.", "")) : listKv(...args),
    });
    const { said, drafted, passes } = duty(world);
    await passes(2);
    isAway = false;
    await passes(1);
    match(said.join("\n"), /^[^\n]*Cloudflare is away\.$/);
    deepStrictEqual(drafted, [601]);
  });

  it("are made one after the other: a pass that takes long holds up nothing and is not repeated", async () => {
    const world = recapWorld();
    let release: () => void = () => undefined;
    let calls = 0;
    const slow = new RecapDuty(
      world.world,
      () => {
        calls++;
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
      EVERY,
    );
    const run = runWith({ clock: { now: () => RETIRED, sleep: async () => undefined } });
    slow.start(run);
    while (calls === 0) await new Promise(setImmediate);
    slow.start(run);
    slow.start(run);
    release();
    await slow.settled();
    strictEqual(calls, 1);
  });

  it("belong to networks that failed in the last seven days", () => {
    const at = (days: number) => RETIRED + days * 86_400_000;
    for (const verdict of ["stalled", "split", "blind"] as const)
      ok(needsDraft({ ...STALLED, verdict }, at(6)), verdict);
    for (const verdict of ["healthy", "slow", "not judged"] as const)
      ok(!needsDraft({ ...STALLED, verdict }, at(0)), verdict);
    ok(!needsDraft(STALLED, at(8)));
    const neverRan = {
      ...STALLED,
      verdict: "not judged",
      failed: { step: "smoke", saw: "the verified layer stands", at: "2026-11-26T12:00:00Z" },
    };
    ok(needsDraft(neverRan, at(0)));
  });
});
