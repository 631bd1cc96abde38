import { deepStrictEqual, match, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHECKOUT } from "../../sandbox/home";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";
const NODE = "spacemeshos/go-spacemesh";

/** A node that shares nothing with the simulator. */
const OWN = join(CHECKOUT, "test/fixtures/own-node/node.cjs");

describe("sandbox up --program", function () {
  this.timeout(240_000);
  const sandbox = new TestSandbox({}, { driver: "kubernetes", programs: [`${NODE}=${OWN}`] });

  before(async () => {
    await sandbox.start();
    sandbox.push(TAG);
  });
  after(() => sandbox.close());

  const fault = (...args: string[]) =>
    sandbox.must("node", ["--import", "tsx", "sandbox/main.ts", "fault", TAG, ...args]);
  /** The failed checks of a smoke test that takes a few layers. */
  const failures = async () => {
    const { stdout } = await sandbox.smeshnet("smoke", TAG, "--limit-layers", "4", "--json");
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; saw: string }[] };
    return checks.filter(({ status }) => status === "failed").map(({ name, saw }) => `${name}: ${saw}`);
  };
  /** Command lines of the executable in this sandbox. They have none of our variables. */
  const running = () =>
    readdirSync("/proc").flatMap((pid) => {
      try {
        const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") : "";
        return line.includes(OWN) && line.includes(sandbox.home) ? [line] : [];
      } catch {
        return []; // it ended in the meantime
      }
    });

  it("deploys a network of that executable, whose smoke test passes", async () => {
    const { exitCode, log } = await sandbox.deployed(TAG);
    const words = readFileSync(log, "utf8");
    strictEqual(exitCode, 0, words);
    match(words, /all checks pass/);
  });

  it("runs it in each pod of a node, and its output is the pod's log", async () => {
    strictEqual(running().length, 5, running().join("\n"));
    match(await sandbox.must("kubectl", ["-n", "v1-2-3-1", "logs", "deployment/miner-2"]), /"M":"app started"/);
  });

  it("shows the public a complete network", async () => {
    const { exitCode, stdout, stderr } = await sandbox.smeshnet("status", TAG);
    strictEqual(exitCode, 0, stdout + stderr);
    match(stdout, /gRPC .* synced, [1-9]\d* peers/);
  });

  it("plays cutOff and stopped from outside: the smoke test names the nodes, and passes afterwards", async () => {
    await fault("cutOff", '["miner-3"]');
    match((await failures()).join("\n"), /^reachable: 1 of 5 nodes do not answer: miner-3 /);
    strictEqual(running().length, 4);
    await fault("none");
    await fault("stopped", '["miner-4"]');
    match((await failures()).join("\n"), /^reachable: .*miner-4 /);
    await fault("none");
    strictEqual((await sandbox.smeshnet("smoke", TAG)).exitCode, 0);
  });

  it("refuses a fault that only the simulator can play", async () => {
    const refused = await sandbox.run("node", ["--import", "tsx", "sandbox/main.ts", "fault", TAG, "stall", "true"]);
    strictEqual(refused.exitCode, 1);
    match(
      refused.stderr,
      /^error: The fault stall is the simulator's, and nodes run .*node\.cjs\. Use stopped, cutOff or slowDisk\.\n$/,
    );
  });
});

describe("sandbox up --program with a file that cannot run", function () {
  this.timeout(60_000);
  let folder: string;
  const file = (name: string, content: string | Buffer, mode = 0o755): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-own-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("says in one line what is wrong and what to do, and starts nothing", async () => {
    const foreign = Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), Buffer.alloc(57)]);
    foreign.writeUInt16LE(8, 18); // MIPS
    const wrong: readonly (readonly [string, RegExp])[] = [
      [join(folder, "missing"), /missing does not exist\. Build the program/],
      [folder, /is a folder\. Name the executable in it\./],
      [file("plain", "#!/bin/sh\n", 0o644), /plain is not executable\. Run `chmod \+x/],
      [file("text", "hello\n"), /text is neither a Linux executable nor a script with #!\. Build/],
      [file("foreign", foreign), /foreign is for another processor than this machine's .*Build it/],
    ];
    const home = join(folder, "home");
    const ends = await Promise.all(
      wrong.map(([path]) =>
        promisify(execFile)("node", ["--import", "tsx", "sandbox/main.ts", "up", "--program", `${NODE}=${path}`], {
          cwd: CHECKOUT,
          env: { ...process.env, SANDBOX_HOME: home },
        }).then(
          ({ stderr }) => ({ code: 0, stderr }),
          ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
        ),
      ),
    );
    for (const [i, [path, message]] of wrong.entries()) {
      const { code, stderr = "" } = ends[i] ?? {};
      strictEqual(code, 1, path);
      match(stderr, message);
      deepStrictEqual(stderr.trim().split("\n").length, 1, stderr);
    }
    strictEqual(existsSync(home), false);
  });
});
