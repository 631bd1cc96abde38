import { rejects, strictEqual } from "node:assert";
import { limited } from "../../../../infra/base/lib/limited";

describe("limited", () => {
  const untilEnded = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

  it("returns what the act returns", async () =>
    strictEqual(await limited(new AbortController().signal, 1, () => "done"), "done"));

  it("ends an act whose time is over", () =>
    rejects(limited(new AbortController().signal, 0.01, untilEnded), { message: "no answer in 0.01 s" }));

  it("ends an act with the run", async () => {
    const run = new AbortController();
    const ended = rejects(limited(run.signal, 60, untilEnded), (reason) => reason === "SIGINT");
    run.abort("SIGINT");
    await ended;
    await rejects(limited(run.signal, 60, untilEnded), (reason) => reason === "SIGINT");
  });
});
