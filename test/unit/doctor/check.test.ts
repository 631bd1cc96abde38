import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { type Check, examined, found, ok } from "../../../infra/doctor/check";
import { lineOf, namesOf } from "../../../infra/doctor/run";

const patience = { timeout: 5, secrets: ["hush-hush"] };
const fine = (name: string): Check => ({ name, ask: async () => found(ok(name, "fine")) });
const broken = (name: string, error: Error, without?: "warn"): Check => ({
  name,
  ask: () => Promise.reject(error),
  ...(without && { without }),
});

describe("examined", () => {
  it("asks all at once, and answers in the order of the questions", async () => {
    let release!: () => void;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const first: Check = { name: "first", ask: () => gate.then(() => found(ok("first", "late"))) };
    const second: Check = {
      name: "second",
      async ask() {
        release();
        return found(ok("second", "early"));
      },
    };
    const findings = await examined([first, second], patience, runWith());
    deepStrictEqual(findings.map(lineOf), ["ok   first: late", "ok   second: early"]);
  });

  it("asks what follows from an answer, and shows it behind that answer", async () => {
    const parent: Check = {
      name: "parent",
      ask: async () => ({ findings: [ok("parent", "fine")], next: [fine("child")] }),
    };
    const findings = await examined([parent, fine("other")], patience, runWith());
    deepStrictEqual(
      findings.map(({ name }) => name),
      ["parent", "child", "other"],
    );
  });

  it("makes a failure a finding with its fix, and a warning where the question says so", async () => {
    const error = new UserError("TagMissing", "There is no tag.", "Push it.");
    const findings = await examined([broken("a", error), broken("b", error, "warn")], patience, runWith());
    deepStrictEqual(findings.map(lineOf), ["fail a: There is no tag (Push it)", "warn b: There is no tag (Push it)"]);
    deepStrictEqual(namesOf(findings, "fail"), ["a"]);
  });

  it("ends a question that hangs, also one that does not heed the signal", async () => {
    const hangs: Check = { name: "hangs", ask: () => new Promise(() => undefined) };
    const findings = await examined([hangs, fine("other")], { ...patience, timeout: 0.05 }, runWith());
    deepStrictEqual(findings.map(lineOf), [
      "fail hangs: no answer in 0.05 s (Check the network, or wait longer with --timeout)",
      "ok   other: fine",
    ]);
  });

  it("shows no secret, neither in what was found nor in the fix", async () => {
    const url = "https://discord.com/api/webhooks/1/token-of-the-webhook";
    const error = new UserError("A", `Refused hush-hush at ${url}.`, "Call https://me:password@host again.");
    const [line = ""] = (await examined([broken("a", error)], patience, runWith())).map(lineOf);
    strictEqual(
      line,
      "fail a: Refused [secret] at https://discord.com/api/webhooks/1/[secret] (Call https://[secret]@host again)",
    );
  });

  it("says after two seconds which questions are open, once", async () => {
    const said: string[] = [];
    const waits: number[] = [];
    let release!: () => void;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const clock = {
      now: () => 0,
      async sleep(seconds: number, signal?: AbortSignal) {
        waits.push(seconds);
        await new Promise((turn) => setImmediate(turn));
        if (waits.length > 2) release();
        signal?.throwIfAborted();
      },
    };
    const slow: Check = { name: "slow", ask: () => gate.then(() => found(ok("slow", "fine"))) };
    await examined([slow, fine("quick")], patience, runWith({ clock, say: (line) => said.push(line) }));
    deepStrictEqual(said, ["waiting for slow"]);
    strictEqual(waits[0], 2);
  });

  it("ends with an interrupt", async () => {
    const interrupt = new AbortController();
    const waits: Check = {
      name: "waits",
      ask() {
        interrupt.abort(new Error("SIGINT"));
        return new Promise(() => undefined);
      },
    };
    await rejects(examined([waits], patience, runWith({ signal: interrupt.signal })), { message: "SIGINT" });
  });
});
