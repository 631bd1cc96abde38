import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { Engine } from "../../support/engine";

describe("the stand-in of the command plugin on the real engine", function () {
  this.timeout(30_000);
  let engine: Engine;
  let program: PulumiFn;
  let args: local.CommandArgs;
  let options: pulumi.CustomResourceOptions;
  let stack: Stack;
  let folder: string;
  let count = 0;

  const oneCommand: PulumiFn = async () => {
    const { stdout, stderr, assets } = new local.Command("step", args, options);
    return { stdout, stderr, assets };
  };

  before(() => {
    engine = new Engine(["command-v1.2.1"]);
  });
  after(() => engine.close());

  beforeEach(async () => {
    count += 1;
    folder = join(engine.folder, `case-${count}`);
    mkdirSync(folder);
    options = {};
    program = oneCommand;
    stack = await engine.stack(`case-${count}`, () => program(), { FROM_ENGINE: "engine" });
  });

  it("creates, updates, replaces and deletes with the right command, and does nothing without a change", async () => {
    const log = join(folder, "log");
    args = {
      create: `echo create $TAG >> ${log}; cat; echo "$FROM_ENGINE err" >&2`,
      update: `echo "update $TAG after $PULUMI_COMMAND_STDOUT" >> ${log}; echo updated`,
      delete: `echo "delete $TAG after $PULUMI_COMMAND_STDOUT" >> ${log}`,
      environment: { TAG: "v1" },
      stdin: "typed\n\n",
      triggers: ["a"],
    };
    const created = await stack.up();
    deepStrictEqual(values(created.outputs, "stdout", "stderr"), ["typed\n", "engine err"]);

    deepStrictEqual((await stack.preview()).changeSummary, { same: 2 });

    args = { ...args, environment: { TAG: "v2" } };
    strictEqual((await stack.up()).outputs.stdout?.value, "updated");

    args = { ...args, triggers: ["b"] };
    const events: EngineEvent[] = [];
    const replaced = await stack.up({ onEvent: (event) => void events.push(event) });
    strictEqual(replaced.summary.resourceChanges?.replace, 1);
    deepStrictEqual(changedPaths(events), ["triggers[0]"]);

    await stack.destroy();
    deepStrictEqual(readFileSync(log, "utf8").match(/.+/g), [
      "create v1",
      "update v2 after typed",
      "create v2",
      "delete v2 after updated",
      "delete v2 after typed",
    ]);
  });

  it("reports unknown outputs until a command runs", async () => {
    args = { create: "echo '{}'" };
    const known: unknown[] = [];
    program = async () => {
      new local.Command("step", args).stdout.apply((stdout) => known.push(JSON.parse(stdout)));
    };
    await stack.preview();
    deepStrictEqual(known, []);
    await stack.up();
    deepStrictEqual(known, [{}]);
  });

  it("keeps secrets out of the state and makes every output secret when an input is secret", async () => {
    args = {
      create: "echo $TOKEN; echo $TOKEN >&2",
      environment: { TOKEN: pulumi.secret("hush-hush") },
      logging: "none",
    };
    const { outputs } = await stack.up();
    deepStrictEqual(outputs.stdout, { value: "hush-hush", secret: true });
    deepStrictEqual(outputs.stderr, { value: "hush-hush", secret: true });
    const state = engine.state(stack.name);
    match(state, /TOKEN/);
    doesNotMatch(state, /hush-hush/);

    deepStrictEqual((await stack.preview()).changeSummary, { same: 2 });
  });

  it("returns the files selected by globs", async () => {
    for (const file of ["a.txt", "b.txt", "b.md"]) writeFileSync(join(folder, file), file);
    args = {
      create: "mkdir sub && echo deep > sub/c.txt",
      dir: folder,
      assetPaths: ["**.txt", "!b.*"],
      archivePaths: ["*.md"],
    };
    const { outputs } = await stack.up();
    deepStrictEqual(Object.keys(outputs.assets?.value), ["a.txt", "sub/c.txt"]);
    const [, , command] = (await stack.exportStack()).deployment.resources;
    deepStrictEqual(Object.keys(command.outputs.archive.assets), ["b.md"]);
  });

  it("fails as the official plugin does, with exit status, command and whole output", async () => {
    args = { create: "echo out; echo err >&2; exit 3" };
    await rejects(stack.up(), /exit status 3: running "echo out; echo err >&2; exit 3":\s+(out\s+err|err\s+out)/);
  });

  it("fails when the folder of a command is missing", async () => {
    args = { create: "true", dir: join(folder, "nowhere") };
    await rejects(stack.up(), /chdir .*nowhere: no such file or directory: running "true"/);
  });

  it("runs a function at every preview and update", async () => {
    program = async () => ({ said: (await local.run({ command: "echo $WHO", environment: { WHO: "me" } })).stdout });
    strictEqual((await stack.up()).outputs.said?.value, "me");
  });

  it("ends a command and its children at the time limit", async () => {
    const pid = join(folder, "pid");
    args = { create: `sleep 600 & echo $! > ${pid}; wait` };
    options = { customTimeouts: { create: "1s" } };
    await rejects(stack.up(), /time limit of 1 s passed, signal: SIGTERM: running/);
    await gone(readFileSync(pid, "utf8"));
  });

  it("shows each line while the command runs and ends the command on an interrupt", async () => {
    const pid = join(folder, "pid");
    args = { create: `sleep 600 & echo $! > ${pid}; echo under way >&2; wait` };
    const interrupt = new AbortController();
    const lines: string[] = [];
    const up = stack.up({
      signal: interrupt.signal,
      onEvent: ({ diagnosticEvent }) => {
        if (diagnosticEvent?.ephemeral) lines.push(diagnosticEvent.message.trim());
        if (diagnosticEvent?.message.includes("under way")) interrupt.abort();
      },
    });
    await rejects(up);
    ok(
      lines.some((line) => line.includes("under way")),
      lines.join("\n"),
    );
    await gone(readFileSync(pid, "utf8"));
    strictEqual((await stack.exportStack()).deployment.pending_operations, undefined);
  });

  it("ends itself and its command when the engine is killed", async () => {
    const pids = join(folder, "pids");
    args = { create: `echo $PPID $$ > ${pids}.new; mv ${pids}.new ${pids}; exec sleep 600` };
    const up = rejects(stack.up());
    const [plugin = "", command = ""] = (await content(pids)).trim().split(" ");
    const cli = execFileSync("ps", ["-o", "ppid=", "-p", plugin], { encoding: "utf8" }).trim();
    match(execFileSync("ps", ["-o", "args=", "-p", cli], { encoding: "utf8" }), /pulumi up/);
    process.kill(Number(cli), "SIGKILL");
    await up;
    await gone(plugin);
    await gone(command);
    await stack.cancel();
  });
});

const values = (outputs: OutputMap, ...names: string[]) => names.map((name) => outputs[name]?.value);

/** Paths of the changed properties that the engine shows, over all steps. */
const changedPaths = (events: readonly EngineEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ resourcePreEvent }) => Object.keys(resourcePreEvent?.metadata.detailedDiff ?? {}))),
];

/** Resolves with a file's text as soon as the file exists. */
function content(file: string): Promise<string> {
  return new Promise((resolve) => {
    const watcher = watch(join(file, ".."), check);
    function check() {
      if (!existsSync(file)) return;
      watcher.close();
      resolve(readFileSync(file, "utf8"));
    }
    check();
  });
}

/** Resolves when a process is gone. The test's time limit applies. */
async function gone(pid: string): Promise<void> {
  while (existsSync(`/proc/${pid.trim()}`)) await new Promise((resolve) => setTimeout(resolve, 20));
}
