const { reporters, Runner } = require("mocha");
const { relative } = require("node:path");

/** Files that the list of the slowest shows. */
const SHOWN = 10;

const { EVENT_HOOK_END, EVENT_TEST_END, EVENT_RUN_END } = Runner.constants;

/** mocha's own report, and after it the slowest files with the seconds of their tests and hooks. */
class Reporter extends reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {Map<string, number>} milliseconds by file */
    const times = new Map();
    /** @param {{ file?: string, duration?: number }} runnable */
    const add = ({ file, duration = 0 }) => file && times.set(file, (times.get(file) ?? 0) + duration);
    runner.on(EVENT_TEST_END, add).on(EVENT_HOOK_END, add);
    runner.once(EVENT_RUN_END, () => {
      const slowest = [...times].sort(([, one], [, other]) => other - one).slice(0, SHOWN);
      console.log(`  slowest files of ${times.size}, in seconds:`);
      for (const [file, time] of slowest)
        console.log(`  ${(time / 1000).toFixed(1).padStart(7)}  ${relative(process.cwd(), file)}`);
      console.log();
    });
  }
}

module.exports = Reporter;
