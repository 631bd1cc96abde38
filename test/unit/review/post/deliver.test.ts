import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { GithubFailure } from "../../../../infra/base/clients/github";
import { runWith } from "../../../../infra/base/lib/run";
import { deliver } from "../../../../infra/review/post/deliver";
import { markerOf } from "../../../../infra/review/post/marker";
import { PullInMemory, type Turn } from "../../../support/github-pull";

const MARKER = markerOf("testnets");
const OLD = "a".repeat(40);
const NEW = "b".repeat(40);

const preview = (body: string) => ({
  marker: MARKER,
  body,
  shorter: "shorter",
  conclusion: "success" as const,
  title: "nothing changes",
  summary: "nothing changes",
});

/** A run whose waits take no time. */
const quick = () => runWith({ clock: { now: () => 0, sleep: async () => undefined } });

/** Lets each act and each answer wait for its turn, in an order that fast-check chooses. */
const scheduled =
  (scheduler: fc.Scheduler): Turn =>
  async (act) => {
    await scheduler.schedule(Promise.resolve());
    const answer = act();
    await scheduler.schedule(Promise.resolve());
    return answer;
  };

/** Stops a run at one of its calls, before or after that takes effect, while another one runs from start to end. */
function interrupted(at: number, when: "before" | "after", meanwhile: () => Promise<unknown>): Turn {
  let calls = 0;
  return async (act) => {
    calls += 1;
    if (calls === at && when === "before") await meanwhile();
    const answer = act();
    if (calls === at && when === "after") await meanwhile();
    return answer;
  };
}

const atOnce: Turn = async (act) => act();

/** More calls than a run makes. */
const CALLS = 30;

/** The texts of our comments, without marker and commit. */
const textsOf = ({ comments }: PullInMemory) => comments.map(({ body }) => body.split("\n\n").at(-1)?.trim());

describe("two runs for one pull request, in every order", () => {
  it("end in one comment, which is of the newer commit", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, hasComment) => {
        const pull = new PullInMemory(OLD);
        if (hasComment) pull.add("github-actions[bot]", `${MARKER}\nof a run before`);
        const start = (commit: string) =>
          deliver(pull.seen(scheduled(scheduler)), preview(`of ${commit}`), { commit }, quick());
        const pushed = async () => {
          await scheduler.schedule(Promise.resolve());
          pull.head = NEW;
          return start(NEW);
        };
        const [older, newer] = await scheduler.waitFor(Promise.all([start(OLD), pushed()]));
        deepStrictEqual(textsOf(pull), [`of ${NEW}`]);
        strictEqual(newer.kept.why, undefined);
        ok(older.kept.comment !== "unchanged");
      }),
      { numRuns: 300 },
    ));

  for (const when of ["before", "after"] as const) {
    it(`end in the newer commit's comment, when that one's run is over ${when} any call of the older one`, async () => {
      for (let at = 1; at <= CALLS; at++) {
        for (const before of [[], ["of a run before"], ["of a run before", "of a run that was cancelled"]]) {
          const pull = new PullInMemory(OLD);
          for (const text of before) pull.add("github-actions[bot]", `${MARKER}\n\n${text}`);
          const newer = () => {
            pull.head = NEW;
            return deliver(pull.seen(atOnce), preview(`of ${NEW}`), { commit: NEW }, quick());
          };
          const turn = interrupted(at, when, newer);
          await deliver(pull.seen(turn), preview(`of ${OLD}`), { commit: OLD }, quick());
          if (pull.head === NEW) deepStrictEqual(textsOf(pull), [`of ${NEW}`], `call ${at}`);
        }
      }
    });

    it(`end in the newer commit's comment, when the older one's run is over ${when} any call of the newer one`, async () => {
      for (let at = 1; at <= CALLS; at++) {
        const pull = new PullInMemory(OLD);
        const older = () => deliver(pull.seen(late), preview(`of ${OLD}`), { commit: OLD }, quick());
        // The older run asked for the head before it moved, and then was slow.
        let asked = 0;
        const late: Turn = async (act) => {
          const moved = pull.head;
          asked += 1;
          if (asked <= 5) pull.head = OLD;
          const answer = act();
          pull.head = moved;
          return answer;
        };
        pull.head = NEW;
        const turn = interrupted(at, when, older);
        await deliver(pull.seen(turn), preview(`of ${NEW}`), { commit: NEW }, quick());
        deepStrictEqual(textsOf(pull), [`of ${NEW}`], `call ${at}`);
      }
    });
  }

  it("end in one comment of the later run, when both are for the same commit", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const pull = new PullInMemory(NEW);
        const start = (body: string) =>
          deliver(pull.seen(scheduled(scheduler)), preview(body), { commit: NEW }, quick());
        await scheduler.waitFor(Promise.all([start("one"), start("two")]));
        const last = pull.checks.at(-1)?.text?.split("\n\n").at(-1)?.trim();
        deepStrictEqual(textsOf(pull), [last]);
      }),
      { numRuns: 200 },
    ));

  it("end in one comment when the head goes back to the older commit", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const pull = new PullInMemory(OLD);
        const start = (commit: string) =>
          deliver(pull.seen(scheduled(scheduler)), preview(`of ${commit}`), { commit }, quick());
        const pushed = async (commit: string) => {
          await scheduler.schedule(Promise.resolve());
          pull.head = commit;
          return start(commit);
        };
        const twice = async () => {
          const first = pushed(NEW);
          await scheduler.schedule(Promise.resolve());
          await Promise.all([first, pushed(OLD)]);
        };
        await scheduler.waitFor(Promise.all([start(OLD), twice()]));
        deepStrictEqual(textsOf(pull), [`of ${pull.head}`]);
      }),
      { numRuns: 200 },
    ));

  it("leave one comment when the answer to a new comment is lost", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const pull = new PullInMemory(NEW);
        const start = (isLost: boolean) => {
          const github = pull.seen(scheduled(scheduler));
          let lost = isLost ? 1 : 0;
          const createComment = async (body: string) => {
            const created = await github.createComment(body);
            if (lost-- > 0) throw new GithubFailure("answer", undefined, "socket hang up");
            return created;
          };
          return deliver({ ...github, createComment }, preview("same"), { commit: NEW }, quick());
        };
        await scheduler.waitFor(Promise.all([start(true), start(false)]));
        deepStrictEqual(textsOf(pull), ["same"]);
      }),
      { numRuns: 200 },
    ));
});
