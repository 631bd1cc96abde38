import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { ANNOUNCE } from "./bad-input/announce";
import { ARGUMENTS } from "./bad-input/arguments";
import { CHANNEL_VARIABLES } from "./bad-input/channel-variables";
import { CONTROLS } from "./bad-input/controls";
import { REPOSITORIES, SETTINGS } from "./bad-input/project";
import { VARIABLES } from "./bad-input/variables";
import { type Call, type Ended, World } from "./bad-input/world";

/** Each is wrong in one point. */
const WRONG_CALLS = [...ANNOUNCE, ...ARGUMENTS, ...VARIABLES, ...CHANNEL_VARIABLES, ...SETTINGS, ...REPOSITORIES];

/** How many verbs run at the same time. */
const AT_ONCE = 2;

describe("bad input of a verb", function () {
  this.timeout(360_000);

  let world: World;
  let kept: readonly string[];
  const ended = new Map<Call, Ended & { kept: readonly string[] }>();

  before(async () => {
    world = new World();
    kept = world.kept();
    const calls = [...WRONG_CALLS, ...CONTROLS];
    const next = async (): Promise<void> => {
      for (let call = calls.shift(); call; call = calls.shift()) {
        ended.set(call, { ...(await world.run(call)), kept: world.kept() });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  });
  after(() => world.remove());

  for (const call of WRONG_CALLS) {
    it(`is one line with the fix, and touches nothing: ${call.args[0]}: ${call.what}`, () => {
      const end = ended.get(call);
      ok(end, "it did not run");
      const lines = end.stderr.split("\n");
      deepStrictEqual([lines.length, lines.at(-1)], [2, ""], end.stderr); // one line and its end
      match(lines[0] as string, call.fix);
      ok(lines[0]?.startsWith("error: "), lines[0]);
      strictEqual(end.exitCode, call.exitCode ?? 2);
      strictEqual(end.stdout, "");
      deepStrictEqual(end.touched, []);
      deepStrictEqual(end.kept, kept);
    });
  }

  for (const call of CONTROLS) {
    it(`is what was wrong: without it ${call.args.join(" ")} goes on to ${call.reaches}`, () => {
      const end = ended.get(call);
      ok(end, "it did not run");
      ok(
        end.touched.some((line) => line.startsWith(call.reaches)),
        `touched: ${end.touched.join("; ")}; said: ${end.stderr}`,
      );
    });
  }
});
