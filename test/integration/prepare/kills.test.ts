import { deepStrictEqual, match, strictEqual } from "node:assert";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { listProcesses } from "../../../infra/base/lib/processes";
import { runWith } from "../../../infra/base/lib/run";
import { waitFor } from "../../../infra/base/lib/wait";
import { refusesLater } from "../../support/errors";
import { NodeCheckout } from "../../support/node-checkout";

/** git commands of a run, in order. The first three store objects; then the branch moves, the file and the index. */
const STEPS = ["hash-object", "write-tree", "commit-tree", "update-ref", "reset"] as const;
type Step = (typeof STEPS)[number];
const MOMENTS = ["before", "after"] as const;
type Moment = (typeof MOMENTS)[number];

/** Stands for git on the PATH: kills the command at a step, or also git and what started git. */
const KILLER = `#!/bin/sh
PATH=\${PATH#*${delimiter}}
[ "$1" = "$KILL_AT" ] || exec git "$@"
[ "$KILL_WHEN" = before ] || git "$@"
kill -9 "$(cat "$VICTIM")"
[ "$KILL_WHAT" = command ] || kill -9 0
[ "$KILL_WHEN" = after ] || exec git "$@"
`;

describe("prepare, killed", function () {
  this.timeout(60_000);

  let node: NodeCheckout;
  beforeEach(() => {
    node = new NodeCheckout();
    mkdirSync(join(node.root, "bin"));
    writeFileSync(join(node.root, "bin/git"), KILLER);
    chmodSync(join(node.root, "bin/git"), 0o755);
    node.git("config", "core.logAllRefUpdates", "true");
  });
  afterEach(() => node.remove());

  /** Kills a run, and waits until nothing of it is left. */
  async function killed(step: Step, moment: Moment, what: "command" | "all"): Promise<void> {
    const { signal } = await node.run(["--yes"], {
      PATH: join(node.root, "bin") + delimiter + process.env.PATH,
      VICTIM: node.pidFile,
      KILL_AT: step,
      KILL_WHEN: moment,
      KILL_WHAT: what,
    });
    strictEqual(signal, "SIGKILL");
    const run = runWith();
    const isOver = async () => {
      const left = (await listProcesses(run.signal)).filter(({ args }) => args.includes(node.root));
      return left.length === 0 ? { value: true } : { seen: left.map(({ args }) => args).join(", ") };
    };
    await waitFor(isOver, { what: "the killed run to be over", limit: 20, every: 0.02 }, run);
  }

  /** The release is committed, once, and nothing else is to be seen. */
  function isReleased(parent: string): void {
    deepStrictEqual(node.git("log", "-2", "--format=%s %P").split("\n")[0], `Releasing v1.4.3 ${parent}`);
    strictEqual(node.git("status", "--porcelain"), "");
    match(node.read("CHANGELOG.md"), /^## Unreleased\n\n## \[1\.4\.3\] - \d{4}-\d\d-\d\d\n/m);
  }

  const leftInGit = () => readdirSync(join(node.folder, ".git")).filter((name) => /smeshnet|lock/.test(name));

  for (const step of STEPS) {
    for (const moment of MOMENTS) {
      const isEarly = STEPS.indexOf(step) < STEPS.indexOf("update-ref");
      it(`${moment} its git ${step}, leaves git as ${isEarly ? "before" : "after"}`, async () => {
        const before = node.state();
        const parent = node.git("rev-parse", "HEAD");
        await killed(step, moment, "command");
        if (isEarly) deepStrictEqual(node.state(), before);
        else isReleased(parent);
      });

      it(`together with git, ${moment} its git ${step}, is brought to the end by the next run`, async () => {
        const before = node.state();
        const parent = node.git("rev-parse", "HEAD");
        await killed(step, moment, "all");
        if (isEarly || (step === "update-ref" && moment === "before")) deepStrictEqual(node.state(), before);
        const { exitCode, stderr } = await node.run(["--yes"]);
        deepStrictEqual([exitCode, stderr], [0, ""]);
        isReleased(parent);
        deepStrictEqual(leftInGit(), []);
      });
    }
  }

  describe("together with git after the commit", () => {
    beforeEach(() => killed("update-ref", "after", "all"));

    it("is finished with the tag's next step as its last line", async () => {
      const { stdout } = await node.run(["--yes"]);
      match(
        stdout,
        /^finished what an interrupted run began: Releasing v1\.4\.3 is commit [0-9a-f]{12}\n.*tag build`\n$/,
      );
    });

    it("is not touched by a dry run, which says so", async () => {
      const before = node.state();
      await refusesLater(node.prepare({}, { isDry: true }), "ReleaseUnfinished", { names: ["v1.4.3"] });
      deepStrictEqual(node.state(), before);
    });

    it("leaves an edit in the tree that somebody made since", async () => {
      node.write("CHANGELOG.md", "# Another\n");
      await node.prepare();
      deepStrictEqual([node.read("CHANGELOG.md"), node.git("diff", "--cached")], ["# Another\n", ""]);
      deepStrictEqual(leftInGit(), []);
    });
  });
});
