import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { type Look, waitFor } from "../../../../infra/base/lib/wait";
import { refusesLater } from "../../../support/errors";

/** Looks that see one thing after the other, and then the last one for ever; an error is thrown. */
function looks<T>(...seen: readonly (Look<T> | Error)[]): () => Promise<Look<T>> {
  let next = 0;
  return async () => {
    const look = seen[Math.min(next++, seen.length - 1)];
    if (look === undefined || look instanceof Error) throw look;
    return look;
  };
}

const QUICK = { what: "the list", limit: 5, every: 0.001 };
const FAULT = new UserError("SystemDown", "The system is down.", "Start it.");

describe("waitFor", () => {
  it("returns the value that it waited for", async () => {
    strictEqual(await waitFor(looks<number>({ seen: "nothing" }, { value: 7 }), QUICK, runWith()), 7);
  });

  it("reports what it sees, once for each change", async () => {
    const said: string[] = [];
    const look = looks<true>({ seen: "a" }, { seen: "a" }, { seen: "b" }, { seen: "a" }, { value: true });
    await waitFor(look, QUICK, runWith({ say: (line) => said.push(line) }));
    deepStrictEqual(said, ["waiting for the list: a", "waiting for the list: b", "waiting for the list: a"]);
  });

  it("looks again after a user's error, and reports the error without its full stop", async () => {
    const said: string[] = [];
    const run = runWith({ say: (line) => said.push(line) });
    strictEqual(await waitFor(looks<number>(FAULT, { value: 7 }), QUICK, run), 7);
    deepStrictEqual(said, ["waiting for the list: The system is down"]);
  });

  it("looks a last time when the limit is over, and then names what it saw last", async () => {
    const atOnce = { ...QUICK, limit: 0 };
    const names = ["0 s", "the list", "nothing"];
    await refusesLater(waitFor(looks<number>({ seen: "nothing" }), atOnce, runWith()), "WaitTimedOut", { names });
    await refusesLater(waitFor(looks<number>(FAULT), atOnce, runWith()), "WaitTimedOut", {
      names: ["The system is down. Start it."],
    });
    strictEqual(await waitFor(looks<number>({ value: 7 }), atOnce, runWith()), 7);
  });

  it("counts the limit and the pauses by the run's clock", async () => {
    let now = 0;
    const slept: number[] = [];
    const sleep = async (seconds: number) => {
      slept.push(seconds);
      now += seconds * 1000;
    };
    const run = runWith({ clock: { now: () => now, sleep } });
    const waiting = waitFor(looks<number>({ seen: "nothing" }), { what: "the list", limit: 120, every: 60 }, run);
    await refusesLater(waiting, "WaitTimedOut", { names: ["120 s"] });
    deepStrictEqual(slept, [60, 60]);
  });

  it("throws our own mistakes at once", async () => {
    const look = looks<number>(new TypeError("x is not a function"), { value: 7 });
    await rejects(waitFor(look, QUICK, runWith()), TypeError);
  });

  it("ends when the run is interrupted", async () => {
    const interrupt = new AbortController();
    const run = runWith({ signal: interrupt.signal });
    const waiting = waitFor(looks<number>({ seen: "nothing" }), { ...QUICK, every: 60 }, run);
    interrupt.abort();
    await rejects(waiting, { name: "AbortError" });
  });
});
