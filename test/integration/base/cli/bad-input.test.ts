import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { COMMANDS } from "../../../../scripts/commands";
import { ANNOUNCE } from "./bad-input/announce";
import { ARGUMENTS } from "./bad-input/arguments";
import { CHANNEL_VARIABLES } from "./bad-input/channel-variables";
import { CONTROLS } from "./bad-input/controls";
import { NETWORK_VARIABLES } from "./bad-input/network-variables";
import { REPOSITORIES, SETTINGS } from "./bad-input/project";
import { RECORD_KEYS } from "./bad-input/record-key";
import { STEP_ARGUMENTS } from "./bad-input/step-arguments";
import { VARIABLES } from "./bad-input/variables";
import { type Call, type Ended, World } from "./bad-input/world";

/** Each is wrong in one point. */
const WRONG_CALLS = [
  ...ARGUMENTS,
  ...STEP_ARGUMENTS,
  ...ANNOUNCE,
  ...VARIABLES,
  ...NETWORK_VARIABLES,
  ...CHANNEL_VARIABLES,
  ...SETTINGS,
  ...REPOSITORIES,
  ...RECORD_KEYS,
];

/** How many commands run at the same time. */
const AT_ONCE = 2;

/** Calls of the pulumi CLI that change nothing. */
const READING = /^pulumi (version|stack ls|stack export) ?/;

describe("smeshnet with bad input", function () {
  this.timeout(360_000);

  let world: World;
  let kept: readonly string[];
  const ended = new Map<Call, Ended & { kept: readonly string[] }>();

  before(async () => {
    world = new World();
    kept = world.kept();
    const calls = [...CONTROLS, ...WRONG_CALLS]; // one control waits for a minute
    const next = async (): Promise<void> => {
      for (let call = calls.shift(); call; call = calls.shift()) {
        ended.set(call, { ...(await world.run(call)), kept: world.kept() });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  });
  after(() => world.remove());

  for (const call of WRONG_CALLS) {
    it(`${nameOf(call)}: refuses ${call.what} in one line, and touches nothing`, () => {
      const end = ended.get(call);
      ok(end, "the call did not run");
      const lines = end.stderr.split("\n");
      deepStrictEqual([lines.length, lines.at(-1)], [2, ""], end.stderr); // one line and its end
      const [line = ""] = lines;
      ok(line.startsWith(`error[${call.code}]: `), line);
      match(line, /\. \S.*[.?]$/, "a fix follows the sentence about the mistake");
      for (const part of call.names ?? []) ok(line.includes(part), `${JSON.stringify(part)} is not in: ${line}`);
      for (const part of call.hides ?? []) ok(!line.includes(part), `${JSON.stringify(part)} is in: ${line}`);
      strictEqual(end.exitCode, call.exitCode ?? 2);
      strictEqual(end.stdout, "");
      deepStrictEqual(call.reads ? end.touched.filter((line) => !READING.test(line)) : end.touched, []);
      deepStrictEqual(end.kept, kept);
    });
  }

  for (const call of CONTROLS) {
    it(`${nameOf(call)}: reaches \`${call.reaches.trim()}\` with \`${call.args.join(" ")}\` and nothing wrong`, () => {
      const end = ended.get(call);
      ok(end, "the call did not run");
      ok(
        end.touched.some((line) => line.startsWith(call.reaches)),
        `touched: ${end.touched.join("; ")}; stderr: ${end.stderr}`,
      );
    });
  }
});

/** The command or step that a call names, or its first word. */
function nameOf({ args: [first = "", second = ""] }: Call): string {
  const both = `${first} ${second}`;
  return first === "step" || Object.hasOwn(COMMANDS, both) ? both.trim() : first;
}
