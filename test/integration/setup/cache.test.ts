import assert from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { startOf } from "../../../scripts/setup/lock.mjs";
import { CHECKOUT } from "../../support/checkout";

const TOOL = "pulumi-language-nodejs";

/** A set-up of one small tool in its own process, without official downloads. */
class SetUp {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  said = "";
  out = "";
  /** Resolves when it starts to build. */
  readonly building: Promise<void>;

  constructor(cache: string) {
    const env = { ...process.env, SMESHNET_CACHE: cache };
    const args = ["scripts/setup.mjs", "--only", TOOL, "--offline", "--json"];
    const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.ended = once(child, "close");
    child.stdout.on("data", (text) => {
      this.out += text;
    });
    const lines = createInterface({ input: child.stderr });
    this.building = new Promise((resolve) => {
      lines.on("line", (line) => {
        this.said += `${line}\n`;
        if (line.includes("building")) resolve();
      });
    });
  }

  async succeeds(): Promise<void> {
    const [code] = await this.ended;
    assert.strictEqual(code, 0, this.said);
  }

  /** Its running child processes. Waits for the first one. */
  async children(): Promise<number[]> {
    for (;;) {
      const list = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, "utf8");
      const children = list.split(" ").filter(Boolean).map(Number);
      if (children.length > 0) return children;
      await setImmediate();
    }
  }
}

describe("set-up with its own cache", function () {
  this.timeout(120_000);
  let cache = "";
  const toolchain = join(CHECKOUT, "node_modules/.cache/smeshnet/toolchain.json");

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "smeshnet-setup-"));
  });

  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  it("builds a tool once and finds it in the cache the second time", async () => {
    const first = new SetUp(cache);
    await first.succeeds();
    assert.match(first.said, /\[2\/2\] pulumi-language-nodejs [\d.]+: built after [\d.]+ s/);
    const second = new SetUp(cache);
    await second.succeeds();
    assert.match(second.said, /\[2\/2\] pulumi-language-nodejs [\d.]+: cached\n/);
    const { bin, tools, seconds } = JSON.parse(second.out);
    assert.ok(existsSync(join(bin, TOOL)) && existsSync(tools[TOOL]));
    assert.ok(seconds < 5, `${seconds} s`);
  });

  it("does not change the checkout's tools for --only", async () => {
    const before = readFileSync(toolchain, "utf8");
    await new SetUp(cache).succeeds();
    assert.strictEqual(readFileSync(toolchain, "utf8"), before);
  });

  it("continues after it was killed during a build", async () => {
    const killed = new SetUp(cache);
    await killed.building;
    killed.child.kill("SIGKILL");
    await killed.ended;
    assert.ok(readdirSync(join(cache, "locks")).length > 0, "the killed set-up holds its locks");
    const next = new SetUp(cache);
    await next.succeeds();
    assert.match(next.said, /built after/);
    assert.deepStrictEqual(readdirSync(join(cache, "locks")), []);
    const folders = readdirSync(join(cache, "tools"));
    assert.deepStrictEqual(
      folders.map((name) => name.endsWith(".part")),
      [false],
      `${folders}`,
    );
  });

  it("ends its compiler when it is interrupted", async () => {
    const interrupted = new SetUp(cache);
    await interrupted.building;
    const compilers = await interrupted.children();
    interrupted.child.kill("SIGINT");
    const [code] = await interrupted.ended;
    assert.strictEqual(code, 130);
    assert.match(interrupted.said, /npm run setup/);
    assert.deepStrictEqual(
      compilers.map(startOf),
      compilers.map(() => undefined),
    );
  });

  it("builds a tool once when two set-ups run at the same time", async () => {
    const both = [new SetUp(cache), new SetUp(cache)];
    await Promise.all(both.map((each) => each.succeeds()));
    const said = both
      .map((each) => each.said)
      .sort((a, b) => Number(b.includes("built after")) - Number(a.includes("built after")));
    assert.match(said[0] ?? "", /built after/);
    assert.match(said[1] ?? "", /cached/);
    const [one, other] = both.map((each) => JSON.parse(each.out));
    assert.deepStrictEqual(one.tools, other.tools);
    assert.strictEqual(one.bin, other.bin);
  });

  it("refuses an unknown tool before doing anything", async () => {
    const child = spawn(process.execPath, ["scripts/setup.mjs", "--only", "docker"], {
      cwd: CHECKOUT,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const [code] = await once(child, "close");
    assert.strictEqual(code, 1);
    assert.match(said, /^setup: --only .*docker.* pulumi, .*\n$/);
  });
});
