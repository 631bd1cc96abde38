import { deepStrictEqual, strictEqual } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { Backend } from "../../../simulation/recovery/backend";
import { planOf, play, startWorker } from "../../../simulation/recovery/play";

/** Runs in CI; `npm run kill-recoveries` plays 200. Each kills at another part of a recovery. */
const SEEDS = [29, 47, 103];

describe("two commands at one stack, with real engines, killed at file operations of recover", function () {
  this.timeout(60_000);
  let template: Backend;

  before(() => {
    template = new Backend();
  });
  after(() => template.close());

  for (const seed of SEEDS)
    it(`are never two engines, and never write an older state (seed ${seed})`, async () => {
      const { wrong, lines } = await play(planOf(seed), template);
      deepStrictEqual(wrong, [], lines.join("\n---\n"));
    });

  it("leave the state of an update that ends while they clean up, and the DNS records", async () => {
    const backend = new Backend(template);
    try {
      const newer = join(backend.folder, "newer.json");
      const state = readFileSync(backend.state, "utf8");
      writeFileSync(newer, state.replace("00:00:00Z", "00:00:01Z"));
      const more = { NEWER_STATE: newer, STATE: backend.state };
      const command = startWorker(backend, { withChildren: false }, true, more);
      const [said, [exitCode]] = await Promise.all([text(command.stderr), once(command, "exit")]);
      deepStrictEqual([exitCode, /^error\[StateChanged\]/m.test(said)], [1, true], said);
      strictEqual(readFileSync(backend.state, "utf8"), readFileSync(newer, "utf8"));
      strictEqual(existsSync(backend.record), true);
      deepStrictEqual(readdirSync(backend.locks), []);
    } finally {
      backend.close();
    }
  });

  it("wait for the engine of a container that has the same host name and a blank in its folder", async function () {
    const inside = ["--pid", "--fork", "--kill-child"];
    if (spawnSync("unshare", [...inside, "true"]).status !== 0) return this.skip();
    const backend = new Backend(template);
    try {
      const pulumi = join(backend.folder, "my tools/pulumi");
      mkdirSync(join(backend.folder, "my tools"));
      copyFileSync(spawnSync("sh", ["-c", "command -v sleep"], { encoding: "utf8" }).stdout.trim(), pulumi);
      const engine = spawn("unshare", [...inside, "sh", "-c", `echo up; exec '${pulumi}' 60`]);
      await once(engine.stdout, "data");
      const lock = join(backend.locks, "a.json");
      mkdirSync(backend.locks, { recursive: true });
      const held = { pid: 1, username: "root", hostname: hostname(), timestamp: new Date().toISOString() };
      writeFileSync(lock, JSON.stringify(held));
      const command = startWorker(backend, { withChildren: false }, true);
      const lines = createInterface({ input: command.stderr });
      const [line] = await once(lines, "line");
      strictEqual(/pid 1, since .* is updating it; waiting for it to end/.test(String(line)), true, String(line));
      strictEqual(existsSync(lock), true);
      engine.kill("SIGKILL");
      const said: string[] = [];
      lines.on("line", (more) => said.push(more));
      deepStrictEqual(await once(command, "exit"), [0, null], said.join("\n"));
      strictEqual(existsSync(lock), false);
    } finally {
      backend.close();
    }
  });
});
