import { deepStrictEqual, strictEqual } from "node:assert";
import { PassThrough } from "node:stream";
import { askCommit, askWish } from "../../../infra/prepare/ask";
import { type Proposal, propose, type Wish } from "../../../infra/prepare/bump";
import { logOf } from "../../support/commits";
import { refusesLater } from "../../support/errors";

const ENTER = "\r";
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";

const VERSION = "Which version?";
const FORCE = "Compatibility breaks";
const REASON = "Why not";
const COMMIT = "Commit it as";

/** What a person types when a question shows. */
type Answer = readonly [question: string, ...keys: string[]];

/** A terminal at which a person types, each answer once, in this order, and a key when the last one was taken in. */
function terminal(...answers: readonly Answer[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  const left = answers.flatMap(([question, ...keys]) => keys.map((key, index) => ({ key, question, index })));
  let printed = "";
  output.end = () => output; // each question ends its output, which a terminal outlives
  output.on("data", (part: Buffer) => {
    printed += part;
    const [next] = left;
    if (!next || (next.index === 0 && !printed.includes(next.question))) return;
    left.shift();
    printed = "";
    setImmediate(() => input.write(next.key));
  });
  return { input, output, unanswered: () => left.length };
}

describe("a person at the terminal", () => {
  const NOTHING: Wish = { isForced: false };
  let broken: Proposal;
  before(async () => {
    broken = propose({ major: 1, minor: 4, patch: 2 }, await logOf("feat!: a"), []);
  });

  /** What the person wants after the answers, all of which were asked for. */
  async function wants(wish: Wish, ...answers: readonly Answer[]): Promise<Wish> {
    const screen = terminal(...answers);
    const wanted = await askWish(broken, wish, screen);
    strictEqual(screen.unanswered(), 0);
    return wanted;
  }

  it("takes the proposed version by one key", async () =>
    deepStrictEqual(await wants(NOTHING, [VERSION, ENTER]), { level: "major", reason: undefined, isForced: false }));

  it("is asked twice for a version that hides a break, and for the reason", async () =>
    deepStrictEqual(await wants(NOTHING, [VERSION, DOWN, ENTER], [FORCE, "y", ENTER], [REASON, "small", ENTER]), {
      level: "minor",
      reason: "small",
      isForced: true,
    }));

  it("is not asked what flags say", async () => {
    const flags = { level: "patch", reason: "small", isForced: true } as const;
    deepStrictEqual(await wants(flags), flags);
    const version = { version: { major: 3, minor: 0, patch: 0 }, isForced: false };
    deepStrictEqual(await wants(version), version);
  });

  it("gives up by not hiding the break", () =>
    refusesLater(wants(NOTHING, [VERSION, DOWN, ENTER], [FORCE, ENTER]), "PrepareGivenUp"));

  it("gives up by Ctrl+C at any question", async () => {
    await refusesLater(wants(NOTHING, [VERSION, CTRL_C]), "PrepareGivenUp");
    await refusesLater(wants(NOTHING, [VERSION, DOWN, ENTER], [FORCE, CTRL_C]), "PrepareGivenUp");
    await refusesLater(wants({ ...NOTHING, level: "minor" }, [FORCE, "y", ENTER], [REASON, CTRL_C]), "PrepareGivenUp");
    await refusesLater(askCommit("v2.0.0", terminal([COMMIT, CTRL_C])), "PrepareGivenUp");
  });

  it("agrees to the commit or does not", async () => {
    await askCommit("v2.0.0", terminal([COMMIT, ENTER]));
    await refusesLater(askCommit("v2.0.0", terminal([COMMIT, "n", ENTER])), "PrepareGivenUp");
  });

  it("gives up when the run is interrupted", () =>
    refusesLater(askWish(broken, NOTHING, { ...terminal(), signal: AbortSignal.abort() }), "PrepareGivenUp"));
});
