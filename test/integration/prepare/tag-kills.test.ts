import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NodeCheckout } from "../../support/node-checkout";

/** Around which calls of git the command is killed. */
const CALLS = ["ls-remote", "diff", "tag", "push"].flatMap((call) => [`before ${call}`, `after ${call}`]);

/** Hooks of the remote, at which everything is killed at once, as when a machine is reset. */
const HOOKS = ["pre-receive", "update", "post-receive"];

const TAG = "refs/tags/v1.4.3+1";

describe("tag build, killed", function () {
  this.timeout(60_000);

  let node: NodeCheckout;
  let git: string;
  beforeEach(async () => {
    node = new NodeCheckout();
    await node.prepare();
    git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    script(
      join(node.root, "bin"),
      "git",
      `echo $PPID > '${node.root}/pid'`,
      `[ "$MOMENT" = "before $1" ] && kill -9 $PPID && exit 1`,
      `'${git}' "$@"; code=$?`,
      `[ "$MOMENT" = "after $1" ] && kill -9 $PPID`,
      "exit $code",
    );
  });
  afterEach(() => node.remove());

  for (const moment of CALLS) {
    it(`${moment}, leaves git as before or as after, and a second run finishes`, () => finishes(moment));
  }

  for (const hook of HOOKS) {
    it(`at the remote's hook ${hook}, leaves git as before or as after, and a second run finishes`, async () => {
      script(join(node.remote, "hooks"), hook, `[ "$MOMENT" = hook ] && kill -9 -$(cat '${node.root}/pid')`, "exit 0");
      await finishes("hook");
    });
  }

  async function finishes(moment: string): Promise<void> {
    const PATH = `${join(node.root, "bin")}:${process.env.PATH}`;
    const before = node.state();
    const head = node.git("rev-parse", "HEAD");
    strictEqual((await node.smeshnet(["tag", "build", "--yes"], { PATH, MOMENT: moment })).signal, "SIGKILL");

    const killed = node.state();
    deepStrictEqual([killed.index, killed.status, killed.head], [before.index, before.status, before.head]);
    const made = refOf(node.folder, TAG);
    // Both or none are at the remote, and the tag there is the one made here.
    const after = made && `${head} commit\trefs/heads/develop\n${made} tag\t${TAG}`;
    const there = node.at(node.remote, "for-each-ref", "refs/heads", TAG);
    ok([before.remote.split("\n")[0], after].includes(there), there);

    const { exitCode, stdout, stderr } = await node.smeshnet(["tag", "build", "--yes"]);
    strictEqual(exitCode, 0, stderr);
    match(stdout, there === after ? /^nothing to do: v1\.4\.3\+1/ : /pushed develop and v1\.4\.3\+1 to origin/);
    const object = refOf(node.folder, TAG);
    strictEqual(object, made ?? object);
    strictEqual(refOf(node.remote, TAG), object);
    strictEqual(node.at(node.remote, "rev-parse", "develop", `${TAG}^{commit}`), `${head}\n${head}`);
    strictEqual(node.git("tag", "--list"), "v1.4.2\nv1.4.3+1");
  }

  const refOf = (folder: string, ref: string): string | undefined =>
    node.at(folder, "for-each-ref", "--format=%(objectname)", ref) || undefined;

  function script(folder: string, name: string, ...lines: readonly string[]): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join("\n")}\n`);
    chmodSync(join(folder, name), 0o755);
  }
});
