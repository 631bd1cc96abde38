import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { COMMANDS } from "../../../../scripts/commands";
import { CHECKOUT } from "../../../support/checkout";

const run = promisify(execFile);

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `smeshnet` from another folder, as somebody does who has it on the PATH. */
async function smeshnet(...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run("node", [join(CHECKOUT, "scripts/smeshnet.cjs"), ...args], { cwd: tmpdir() });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

describe("smeshnet", function () {
  this.timeout(30_000);

  it("lists every command in groups by step of the cycle", async () => {
    const { exitCode, stdout } = await smeshnet();
    strictEqual(exitCode, 0);
    for (const [name, { summary }] of Object.entries(COMMANDS))
      match(stdout, new RegExp(`^ {2}${name} +${summary}$`, "m"));
    const groups = [...stdout.matchAll(/^(\w[\w &]*):$/gm)].map(([, group]) => group);
    deepStrictEqual(groups, ["Review & Name", "Build", "Deploy", "Watch", "Release", "Retire", "Shell"]);
    deepStrictEqual((await smeshnet("--help")).stdout, stdout);
    ok(!stdout.includes("step"), "steps are for engines only");
  });

  it("prints the help of a command in either way", async () => {
    const { exitCode, stdout } = await smeshnet("archive", "show", "--help");
    strictEqual(exitCode, 0);
    match(stdout, /^Usage: smeshnet archive show TAG \[OBJECT\] \[OPTIONS\]$/m);
    strictEqual((await smeshnet("help", "archive", "show")).stdout, stdout);
  });

  it("names the nearest command for a mistyped one, in one line, with exit code 2", async () => {
    const { exitCode, stdout, stderr } = await smeshnet("promot", "v1.2.3");
    deepStrictEqual([exitCode, stdout], [2, ""]);
    strictEqual(stderr, 'error[CommandUnknown]: "promot" is not a command. Did you mean `smeshnet promote`?\n');
  });

  it("never sends control characters of others to the terminal", async () => {
    for (const words of [
      ["status", "v1.2.3\u001b[2J"],
      ["\u009b2J"],
      ["deploy", "v1\u202e.2.3+1"],
      ["preview", "\u001b]0;a\u0007"],
    ]) {
      const { exitCode, stdout, stderr } = await smeshnet(...words);
      strictEqual(exitCode, 2, stderr);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      match(stderr, /\\[xu]/);
    }
  });

  it("names the set-up when a checkout has no packages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "checkout-"));
    try {
      mkdirSync(join(folder, "scripts"));
      copyFileSync(join(CHECKOUT, "scripts/smeshnet.cjs"), join(folder, "scripts/smeshnet.cjs"));
      const failed = run(process.execPath, [join(folder, "scripts/smeshnet.cjs")]);
      await rejects(failed, { code: 1, stderr: /^error\[PackagesMissing\]: .* Run `npm run setup` there\.\n$/ });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("prints the same help on a terminal and into a pipe, without colours", async () => {
    const { stdout } = await smeshnet("deploy", "--help");
    ok(!stdout.includes("\u001b"), "it holds an escape sequence");
  });
});

describe("completion in bash", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-completion-"));
  before(() => symlinkSync(join(CHECKOUT, "scripts/smeshnet.cjs"), join(folder, "smeshnet")));
  after(() => rmSync(folder, { recursive: true }));

  /** What a press of Tab after these words offers. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const script = [
      'eval "$(smeshnet completion bash)"',
      `COMP_WORDS=(smeshnet ${words.map((word) => `'${word}'`).join(" ")})`,
      `COMP_CWORD=${words.length}`,
      "_smeshnet",
      `printf "%s\\n" "\${COMPREPLY[@]}"`,
    ].join("\n");
    const env = {
      ...process.env,
      PATH: [folder, process.env.PATH].join(delimiter),
      SMESHNET_CHANNELS: "testnet,stagenet",
    };
    const settings = { ZONE_ID: "z", ACCOUNT_ID: "a", GCP_PROJECT: "p", GCP_LOCATION: "l", GCP_ZONE: "z" };
    for (const [key, value] of Object.entries(settings)) Object.assign(env, { [`SMESHNET_${key}`]: value });
    const { stdout } = await run("bash", ["-c", script], { env: { ...env, SMESHNET_ARCHIVE: "file:///tmp/none" } });
    return stdout.split("\n").filter(Boolean);
  }

  it("offers commands, and the second words of a group", async () => {
    deepStrictEqual(await offered("pro"), ["promote"]);
    deepStrictEqual(await offered("archive", ""), ["list", "show", "seal", "sync", "verify"]);
  });

  it("offers flags that are not given yet, and the words that a flag takes", async () => {
    deepStrictEqual(await offered("retire", "v1.2.3+1", "--g"), ["--gap"]);
    deepStrictEqual(await offered("retire", "v1.2.3+1", "--verdict", "s"), ["slow", "stalled", "split"]);
    deepStrictEqual(await offered("completion", ""), ["bash", "zsh", "fish"]);
  });

  it("offers the channels of the settings", async () => {
    deepStrictEqual(await offered("announce", ""), ["testnet", "stagenet"]);
    deepStrictEqual(await offered("promote", "v1.2.3", "--channel", "st"), ["stagenet"]);
  });
});
