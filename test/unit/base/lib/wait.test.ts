import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { type Look, waitFor } from "../../../../infra/base/lib/wait";

/** Looks that see one thing after the other, and the last one for ever; an error is thrown. */
function looks<T>(...seen: readonly (Look<T> | Error)[]): () => Promise<Look<T>> {
  let next = 0;
  return async () => {
    const look = seen[Math.min(next++, seen.length - 1)];
    if (look === undefined || look instanceof Error) throw look;
    return look;
  };
}

const QUICK = { what: "the list", limit: 5, every: 0.001 };

describe("waiting", () => {
  it("ends with the value that was waited for", async () => {
    strictEqual(await waitFor(looks<number>({ seen: "nothing" }, { value: 7 }), QUICK), 7);
  });

  it("tells what it sees once, until it sees something else", async () => {
    const said: string[] = [];
    const look = looks<true>({ seen: "a" }, { seen: "a" }, { seen: "b" }, { seen: "a" }, { value: true });
    await waitFor(look, { ...QUICK, say: (line) => said.push(line) });
    deepStrictEqual(said, ["waiting for the list: a", "waiting for the list: b", "waiting for the list: a"]);
  });

  it("takes what the world refuses for not yet", async () => {
    strictEqual(await waitFor(looks<number>(new UserError("it is away"), { value: 7 }), QUICK), 7);
  });

  it("looks once more when the limit is over, and then tells what it saw last", async () => {
    const look = looks<number>({ seen: "nothing" });
    await rejects(waitFor(look, { ...QUICK, limit: 0 }), new UserError("waited 0 s for the list; seen last: nothing"));
    strictEqual(await waitFor(looks<number>({ value: 7 }), { ...QUICK, limit: 0 }), 7);
  });

  it("does not hide our own mistakes", async () => {
    await rejects(waitFor(looks<number>(new TypeError("x is not a function"), { value: 7 }), QUICK), TypeError);
  });

  it("ends when it is interrupted", async () => {
    const interrupt = new AbortController();
    const look = looks<number>({ seen: "nothing" });
    const waiting = waitFor(look, { ...QUICK, every: 60, signal: interrupt.signal });
    interrupt.abort();
    await rejects(waiting, { name: "AbortError" });
  });
});
