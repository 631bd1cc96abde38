import { deepStrictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "../../../infra/review/preview/pool";

/** A worker that does what the name of its stack says. */
const WORKER = `
process.on("disconnect", () => process.exit());
let done = 0;
process.on("SIGINT", () => process.send({ kind: "failed", reason: "a late answer" }));
process.on("message", ({ stack }) => {
  if (stack === "dies") { console.error("out of memory"); process.exit(3); }
  if (stack === "killed") process.kill(process.pid, "SIGKILL");
  if (stack === "hangs") return;
  done += 1;
  process.send({ kind: "previewed", resources: [], unchanged: done, violations: [] });
});`;

describe("a pool of processes that preview stacks", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-pool-"));
  const file = join(folder, "worker.cjs");
  const interrupt = new AbortController();
  let pool: Pool;
  before(() => writeFileSync(file, WORKER));
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    pool = new Pool(file, 1, interrupt.signal);
  });
  afterEach(() => pool.close());

  const run = async (stack: string) => {
    const outcome = await pool.run({ stack });
    return outcome.kind === "previewed" ? outcome.unchanged : `${outcome.kind}: ${outcome.reason}`;
  };

  it("gives a process one stack after the other", async () => {
    deepStrictEqual(await Promise.all(["a", "b", "c"].map(run)), [1, 2, 3]);
  });

  it("says why a process died, and goes on in another one", async () => {
    deepStrictEqual(await Promise.all(["dies", "a", "killed", "b"].map(run)), [
      "failed: out of memory",
      1,
      "failed: its process ended by SIGKILL",
      1,
    ]);
  });

  it("ends when it is interrupted, with stacks that wait", async () => {
    const all = Promise.all(["hangs", "a"].map(run));
    interrupt.abort("SIGINT");
    deepStrictEqual(await all, ["failed: the preview was interrupted", "failed: the preview was interrupted"]);
  });
});
