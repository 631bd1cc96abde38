import { deepStrictEqual, ok } from "node:assert";
import { execFile } from "node:child_process";
import { CHECKOUT } from "../../../sandbox/home";
import { WRONG_JUDGES } from "../../simulation/simmer/judges";
import { playWeek } from "../../simulation/simmer/play";

/** Weeks that CI plays. docs/simmer.md names the number; `npm run simulate` plays more. */
const WEEKS = 300;
/** Weeks in which each wrong judge must be found. */
const ENOUGH = 60;

describe("simulated weeks of networks under watch", function () {
  this.timeout(1_800_000);

  it(`let ${WEEKS} networks neither be retired nor certified wrongly, and lose no sample`, async () => {
    const args = ["run", "-s", "simulate", "--", "--weeks", `${WEEKS}`, "--json"];
    const found = await new Promise<string>((resolve, reject) =>
      execFile("npm", args, { cwd: CHECKOUT }, (error, stdout, stderr) =>
        error ? reject(new Error(stderr)) : resolve(stdout),
      ),
    );
    const { weeks, wrongRetirements, missedFailures, wrongCertificates, brokenLogs } = JSON.parse(found);
    deepStrictEqual(
      { weeks, wrongRetirements, missedFailures, wrongCertificates, brokenLogs },
      { weeks: WEEKS, wrongRetirements: 0, missedFailures: 0, wrongCertificates: 0, brokenLogs: 0 },
    );
  });

  for (const [mistake, { finds, judge }] of Object.entries(WRONG_JUDGES)) {
    it(`find a judge that ${mistake}`, async () => {
      for (let seed = 1; seed <= ENOUGH; seed++) {
        if ((await playWeek(seed, judge)).wrong.some(({ kind }) => kind === finds)) return;
      }
      ok(false, `${ENOUGH} weeks show nothing wrong`);
    });
  }
});
