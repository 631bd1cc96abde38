import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert";
import { exec, output } from "../../../../infra/base/lib/exec";
import { refusesLater } from "../../../support/errors";

const node = (script: string, options: Partial<Parameters<typeof exec>[2]> = {}) =>
  exec(process.execPath, ["-e", script], { timeout: 20, ...options });

describe("exec", () => {
  it("gives the child our variables and the given ones, but not the excluded ones", async () => {
    process.env.SMESHNET_TEST_KEPT = "kept";
    process.env.SMESHNET_TEST_SECRET = "secret";
    process.env.SMESHNET_TEST_REPLACED = "ours";
    try {
      const { stdout } = await node("console.log(JSON.stringify(process.env))", {
        variables: { SMESHNET_TEST_REPLACED: "given", SMESHNET_TEST_SECRET_OF_CHILD: "given" },
        without: /^SMESHNET_TEST_(SECRET|REPLACED)/,
      });
      const names = ["KEPT", "SECRET", "REPLACED", "SECRET_OF_CHILD"];
      const variables: Record<string, string> = JSON.parse(stdout);
      deepStrictEqual(
        names.map((name) => variables[`SMESHNET_TEST_${name}`]),
        ["kept", undefined, "given", "given"],
      );
      strictEqual(variables.PATH, process.env.PATH);
    } finally {
      for (const name of ["KEPT", "SECRET", "REPLACED"]) delete process.env[`SMESHNET_TEST_${name}`];
    }
  });

  it("returns exit code and output, and passes on each line", async () => {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    const finished = await node("console.log('a\\nb'); console.error('c'); process.exitCode = 3", { onLine });
    deepStrictEqual(finished, { exitCode: 3, stdout: "a\nb\n", stderr: "c\n" });
    deepStrictEqual(lines, ["a", "b"]);
  });

  it("stops a program that exceeds its time limit", async () => {
    const names = [process.execPath, "0.2 s"];
    await refusesLater(node("setTimeout(() => {}, 60_000)", { timeout: 0.2 }), "CommandTimedOut", { names });
  });

  it("stops a program when the run is interrupted", async () => {
    const interrupt = new AbortController();
    const running = node("setTimeout(() => {}, 60_000)", { signal: interrupt.signal });
    interrupt.abort();
    await refusesLater(running, "CommandInterrupted", { names: [process.execPath] });
  });

  it("names a program that is not on the PATH", async () => {
    const names = ["no-such-program", "PATH", "Install"];
    await refusesLater(exec("no-such-program", [], { timeout: 5 }), "ProgramMissing", { names });
  });
});

describe("output", () => {
  it("refuses a program that failed, and shows only the last line of its error output", async () => {
    const script = "console.error('first'); console.error('the reason'); process.exit(4)";
    const failing = output(process.execPath, ["-e", script], { timeout: 20 });
    await refusesLater(failing, "CommandFailed", { names: [process.execPath, "the reason."] });
    await failing.catch((error: Error) => doesNotMatch(error.message, /first|exit/));
  });

  it("names the exit code of a program that failed silently", async () => {
    const failing = output(process.execPath, ["-e", "process.exit(4)"], { timeout: 20 });
    await refusesLater(failing, "CommandFailed", { names: ["exit code 4"] });
  });
});
