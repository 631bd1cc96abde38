import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert";
import { exec, output } from "../../../../infra/base/lib/exec";
import { SECRETS, type SecretGroup } from "../../../../infra/base/lib/secrets";
import { refusesLater } from "../../../support/errors";

const node = (script: string, options: Partial<Parameters<typeof exec>[2]> = {}) =>
  exec(process.execPath, ["-e", script], { secrets: [], timeout: 20, ...options });

function isLiving(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

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

  it("gives the child only the secrets that it is listed to need", async () => {
    const names = Object.values(SECRETS).flat();
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = "secret";
    try {
      const script = "console.log(JSON.stringify(Object.keys(process.env)))";
      const seen = async (secrets: readonly SecretGroup[]) => {
        const known: readonly string[] = JSON.parse((await node(script, { secrets })).stdout);
        return names.filter((name) => known.includes(name));
      };
      deepStrictEqual(await seen([]), []);
      deepStrictEqual(await seen(["git", "discord"]), ["DISCORD_WEBHOOK", "GIT_TOKEN", "SMESHNET_GIT_TOKEN"]);
    } finally {
      for (const [i, name] of names.entries()) {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      }
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

  it("ends a program that ignores SIGTERM, with its children, and waits for their end", async () => {
    const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    const child = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(deaf)}])`;
    const pids: number[] = [];
    const interrupt = new AbortController();
    const onLine = (line: string) => {
      pids.push(...line.split(" ").map(Number));
      interrupt.abort();
    };
    const running = node(`${deaf} console.log(process.pid, ${child}.pid)`, {
      signal: interrupt.signal,
      grace: 0.2,
      onLine,
    });
    await refusesLater(running, "CommandInterrupted", { names: [process.execPath] });
    deepStrictEqual(pids.map(isLiving), [false, false]);
  });

  it("waits for the end of a program that takes a moment", async () => {
    const slow = "process.on('SIGTERM', () => setTimeout(process.exit, 300)); setInterval(() => {}, 1000);";
    const interrupt = new AbortController();
    let pid = 0;
    const onLine = (line: string) => {
      pid = Number(line);
      interrupt.abort();
    };
    await refusesLater(
      node(`${slow} console.log(process.pid)`, { signal: interrupt.signal, onLine }),
      "CommandInterrupted",
    );
    strictEqual(isLiving(pid), false);
  });

  for (const [name, stream] of [
    ["output", "stdout"],
    ["error output", "stderr"],
  ] as const) {
    it(`stops a program at the limit of its ${name}, and keeps none of it in memory`, async () => {
      // Without the limit it prints 512 MiB, which no text of Node.js can hold.
      const script = `const line = "x".repeat(1 << 20); let n = 0;
        const more = () => { while (n++ < 512) if (!process.${stream}.write(line)) return process.${stream}.once("drain", more); };
        more();`;
      const before = process.memoryUsage().rss;
      await refusesLater(node(script, { limit: 1 << 20 }), "TooLarge", { names: [process.execPath, name, "1 MiB"] });
      ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
    });
  }

  it("keeps characters whole that come in two pieces", async () => {
    const script =
      "process.stdout.write(Buffer.from([0xe2, 0x82])); setTimeout(() => process.stdout.write(Buffer.from([0xac])), 50)";
    strictEqual((await node(script)).stdout, "€");
  });

  it("names a program that is not on the PATH", async () => {
    const names = ["no-such-program", "PATH", "Install"];
    await refusesLater(exec("no-such-program", [], { secrets: [], timeout: 5 }), "ProgramMissing", { names });
  });
});

describe("output", () => {
  it("refuses a program that failed, and shows only the last line of its error output", async () => {
    const script = "console.error('first'); console.error('the reason'); process.exit(4)";
    const failing = output(process.execPath, ["-e", script], { secrets: [], timeout: 20 });
    await refusesLater(failing, "CommandFailed", { names: [process.execPath, "the reason."] });
    await failing.catch((error: Error) => doesNotMatch(error.message, /first|exit/));
  });

  it("names the exit code of a program that failed silently", async () => {
    const failing = output(process.execPath, ["-e", "process.exit(4)"], { secrets: [], timeout: 20 });
    await refusesLater(failing, "CommandFailed", { names: ["exit code 4"] });
  });
});
