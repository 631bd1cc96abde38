import { deepStrictEqual, strictEqual } from "node:assert";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { engineRecords, recordEngine, STARTER } from "../../../../infra/base/engine/recovery/engine-records";
import { hereWith } from "../../../../infra/base/engine/recovery/here";
import { judge, type Lock } from "../../../../infra/base/engine/recovery/lock";
import { isEngine, neighbours } from "../../../../infra/base/engine/recovery/neighbours";

const BACKEND = "file:///nowhere";

const textIn = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");

/** Programs named pulumi are real processes here, though they only sleep. */
describe("the holders of locks", function () {
  this.timeout(20_000);
  const { PULUMI_HOME: home } = process.env;
  const children: ChildProcess[] = [];
  let folder: string;
  let pulumi: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-holders-"));
    process.env.PULUMI_HOME = join(folder, "home");
    mkdirSync(join(folder, "my tools"));
    pulumi = join(folder, "my tools/pulumi");
    copyFileSync(spawnSync("sh", ["-c", "command -v sleep"], { encoding: "utf8" }).stdout.trim(), pulumi);
    chmodSync(pulumi, 0o755);
  });
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    if (home === undefined) delete process.env.PULUMI_HOME;
    else process.env.PULUMI_HOME = home;
    rmSync(folder, { recursive: true });
  });

  const start = (file: string, args: readonly string[], env = process.env): ChildProcess => {
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    children.push(child);
    return child;
  };
  const numberOf = ({ pid = 0 }: ChildProcess) => pid;
  const kill = async (child: ChildProcess) => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  /** A lock as the engine writes it. */
  const lockOf = (pid: number, since = new Date().toISOString()): Lock => ({
    user: "me",
    host: hostname(),
    pid,
    since,
  });

  it("are engines also in a folder with a blank", async () => {
    const child = start(pulumi, ["60"]);
    await once(child, "spawn");
    strictEqual(isEngine(numberOf(child)), true);
    strictEqual(judge(lockOf(numberOf(child)), true, hereWith([])).is, "living");
    strictEqual(isEngine(process.pid), false);
  });

  it("are known by the record that a command writes before it starts an engine, which outlives both", async () => {
    const { variables, remove } = await recordEngine(BACKEND, "1_2_3_1", Date.now());
    const path = [join(folder, "my tools"), process.env.PATH].join(delimiter);
    const child = start(STARTER, ["60"], { ...process.env, ...variables, PATH: path });
    // A shell makes the file before it writes the line.
    while (!textIn(variables.SMESHNET_ENGINES ?? "").endsWith("\n")) await new Promise(setImmediate);
    const [record] = await engineRecords(BACKEND, "1_2_3_1");
    deepStrictEqual(
      record?.started.map(({ pid }) => pid),
      [numberOf(child)],
    );
    /** As in a container, which does not see everybody. */
    const here = async () => ({ ...hereWith(await engineRecords(BACKEND, "1_2_3_1")), seesAll: false });
    strictEqual(judge(lockOf(numberOf(child)), false, await here()).is, "living");
    await kill(child);
    strictEqual(judge(lockOf(numberOf(child)), false, await here()).is, "dead");
    strictEqual(judge(lockOf(numberOf(child) + 1), false, await here()).is, "unknown");
    deepStrictEqual(await engineRecords(BACKEND, "1_2_3_2"), []);
    await remove();
    deepStrictEqual(await engineRecords(BACKEND), []);
  });

  it("are found in a container that has the same host name", async function () {
    const inside = ["--pid", "--fork", "--kill-child"];
    if (spawnSync("unshare", [...inside, "true"]).status !== 0) return this.skip();
    const child = start("unshare", [...inside, "sh", "-c", `echo up; exec '${pulumi}' 60`]);
    await once(child.stdout ?? child, "data");
    while (neighbours.enginesNumbered(1).length === 0) await new Promise(setImmediate);
    strictEqual(judge(lockOf(1), true, hereWith([])).is, "living");
    await kill(child);
  });
});
