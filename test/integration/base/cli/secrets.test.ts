import { deepStrictEqual, ok } from "node:assert";
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRETS, type SecretGroup } from "../../../../infra/base/lib/secrets";
import { SPEC, TAG, VALID } from "./bad-input/valid";

/** What a program prints besides writing down its environment. */
const FAKES = {
  git: "exit 1",
  pulumi: "echo '[]'",
  gcloud: 'case "$*" in *" list "*) echo "[]";; *) echo NOT_FOUND >&2; exit 1;; esac',
  "go-spacecraft": "exit 1",
} as const;

/** Writes down what a step's environment holds when its process ends. */
const AT_END = `const { writeFileSync } = require("node:fs");
if (process.argv[2] === "step")
  process.on("exit", () => writeFileSync(process.env.SEEN + "/step", Object.keys(process.env).join("\\n")));`;

const secretsOf = (...groups: SecretGroup[]): string[] => groups.flatMap((group) => [...SECRETS[group]]).sort();

/** Steps as processes with every secret in their environment, and programs that write down what they get. */
class Steps {
  private readonly folder = mkdtempSync(join(tmpdir(), "secrets-"));
  private readonly seen = join(this.folder, "seen");

  constructor() {
    for (const folder of ["bin", "seen", "store"]) mkdirSync(join(this.folder, folder));
    for (const [name, script] of Object.entries(FAKES)) {
      const file = join(this.folder, "bin", name);
      writeFileSync(file, `#!/bin/sh\nenv | sed -n 's/^\\([A-Z_]*\\)=.*/\\1/p' >> "$SEEN/${name}"\n${script}\n`);
      chmodSync(file, 0o755);
    }
    writeFileSync(join(this.folder, "at-end.cjs"), AT_END);
  }

  /** Runs a step to its end, which is mostly an error. @returns the secrets that it and its programs saw */
  async run(words: string, env: Readonly<Record<string, string>> = {}): Promise<Record<string, readonly string[]>> {
    const all = Object.fromEntries(Object.values(SECRETS).flatMap((names) => names.map((name) => [name, "hush"])));
    const args = ["scripts/smeshnet.cjs", "step", ...words.split(" ")];
    const variables = {
      ...VALID,
      ...all,
      ARCHIVE: `file://${join(this.folder, "store")}`,
      SMESHNET_RECORD_KEY: VALID.SMESHNET_RECORD_KEY,
      PATH: `${join(this.folder, "bin")}:${process.env.PATH}`,
      NODE_OPTIONS: `--require ${join(this.folder, "at-end.cjs")}`,
      SEEN: this.seen,
      ...env,
    };
    await new Promise((done) => execFile(process.execPath, args, { env: variables }, done));
    const secret = new Set(secretsOf(...(Object.keys(SECRETS) as SecretGroup[])));
    const namesIn = (file: string) => readFileSync(join(this.seen, file), "utf8").split("\n");
    const found = readdirSync(this.seen).map((file) => [
      file,
      [...new Set(namesIn(file))].filter((name) => secret.has(name)).sort(),
    ]);
    return Object.fromEntries(found);
  }

  remove(): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
  }
}

describe("the environment of a step", function () {
  this.timeout(30_000);

  let steps: Steps;
  beforeEach(() => {
    steps = new Steps();
  });
  afterEach(() => steps.remove());

  it("holds no secret for a step that needs none", async () =>
    deepStrictEqual(await steps.run(`page served ${TAG}`, { PAGE_SHA256: "none" }), { step: [] }));

  it("holds git's token for the step that moves a branch, and git gets no other", async () => {
    const before = JSON.stringify({ commit: "c0ffee".padEnd(40, "0") });
    const seen = await steps.run(`branch move devnet ${TAG}`, {
      PULUMI_COMMAND_STDOUT: before,
      NODE_REPOSITORY: "file:///none",
    });
    deepStrictEqual(seen, { step: secretsOf("git", "github", "printed"), git: secretsOf("git", "github") });
  });

  it("holds what states need for completion, and so the pulumi CLI's", async () => {
    const needed = secretsOf("state", "aws", "google", "azure", "workflow");
    deepStrictEqual(await steps.run("complete status v"), { step: needed, pulumi: needed });
  });

  it("holds what the cloud needs for the step that creates a network, and its programs get Google's alone", async () => {
    const spec = JSON.stringify(SPEC);
    const seen = await steps.run(`network up ${TAG}`, { NETWORK_SPEC: spec, DRIVER: "spacecraft" });
    ok(seen["go-spacecraft"], "go-spacecraft was started");
    deepStrictEqual(seen, {
      step: secretsOf("records", "aws", "google", "azure", "workflow"),
      gcloud: secretsOf("google"),
      "go-spacecraft": secretsOf("google"),
    });
  });
});
