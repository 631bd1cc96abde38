import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispatchOf, type Event, pullRequestOf, pushOf, scheduleOf } from "../../sandbox/actions/events";
import { play } from "../../sandbox/actions/play";
import { readWorkflow } from "../../sandbox/actions/workflow";
import { CHECKOUT } from "../../sandbox/home";
import { TestSandbox } from "../support/sandbox";
import { stageOf } from "../support/stage";
import { CALLER, OURS } from "../support/workflows";

const TAG = "v1.2.3+1";
const DAILY = readWorkflow(CALLER).on.schedule?.at(-1)?.cron ?? "";

/** Every workflow's own steps, read from the YAML, with the life of one network. */
describe("the workflows of a node repository", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox();
  let all = "";

  /** Plays the caller's workflow. Returns the jobs that ran with their results, and what they said. */
  const played = async (event: Event) => {
    let said = "";
    const stage = stageOf(sandbox, (text) => {
      said += text;
    });
    const results = await play(CALLER, event, stage);
    all += said;
    const ran = results.filter(({ result }) => result !== "skipped");
    return { ran: ran.map(({ job, result }) => `${job.replace("smeshnet / ", "")}: ${result}`), said };
  };

  before(() => sandbox.start());
  after(() => sandbox.close());

  it("deploy a pushed build tag", async () => {
    sandbox.pushQuietly(TAG);
    const { ran, said } = await played(pushOf(TAG));
    deepStrictEqual(ran, ["tag: success", "deploy / deploy: success"], said);
    match(said, /v1\.2\.3\+1: deployed, /);
    strictEqual((await sandbox.smeshnet("status", TAG)).exitCode, 0);
    strictEqual(await sandbox.commitOf("refs/heads/devnet"), await sandbox.commitOf(`refs/tags/${TAG}`));
  });

  it("watch the networks, look for drift and retire what is due on the daily schedule", async () => {
    const { ran, said } = await played(scheduleOf(DAILY));
    deepStrictEqual(ran, ["watch / watch: success", "watch / drift: success", "retire / due: success"], said);
    match(said, /v1\.2\.3\+1: healthy/);
  });

  it("refuse to certify a network whose days are not full", async () => {
    const { ran, said } = await played(dispatchOf({ command: "certify", tag: TAG, why: "" }));
    deepStrictEqual(ran, ["certify / certify: failure"], said);
    match(said, /error\[SimmerIncomplete\]/);
  });

  it("move the testnet to a pushed release tag, and announce that", async () => {
    sandbox.pushQuietly("v1.2.3", "Release v1.2.3\n\nWithout-Simmer: the first testnet");
    const { ran, said } = await played(pushOf("v1.2.3"));
    deepStrictEqual(ran, ["tag: success", "release / promote: success"], said);
    match(said, /release \/ promote, approved by the environment testnet\n/);
    match(said, /testnet: promoted v1\.2\.3 \(v1\.2\.3\+1\), generation 1/);
    deepStrictEqual(
      (await sandbox.announced()).map(({ embeds: [{ title }] }) => title),
      ["Spacemesh testnet: v1.2.3"],
    );
  });

  it("refuse to retire the testnet by hand", async () => {
    const { ran, said } = await played(dispatchOf({ command: "retire", tag: TAG, why: "it is old" }));
    deepStrictEqual(ran, ["retire / retire: failure"], said);
    match(said, /error\[NetworkInUse\]: .*testnet points to v1\.2\.3\+1/);
  });

  it("give no step a credential in its words", () => {
    for (const secret of [sandbox.world.token, sandbox.world.webhook.token]) ok(!all.includes(secret));
  });
});

describe("the workflows of this project", () => {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-ci-"));
  after(() => rmSync(home, { recursive: true }));

  it("run .ci/run as its CI", async () => {
    const folder = join(home, "checkout");
    for (const path of [".ci", "sandbox/toolchain", "scripts/setup"])
      mkdirSync(join(folder, path), { recursive: true });
    for (const file of [".nvmrc", "sandbox/toolchain/go.mod", "scripts/setup/x.mjs"])
      writeFileSync(join(folder, file), "");
    writeFileSync(join(folder, ".ci/run"), "#!/bin/bash\necho everything is tested\n", { mode: 0o755 });
    let said = "";
    const results = await play(join(CHECKOUT, ".github/workflows/ci.yml"), pullRequestOf(7, { repository: OURS }), {
      repository: OURS,
      serverUrl: "https://github.com",
      vars: {},
      secrets: {},
      token: "token",
      repositories: { [OURS]: { folder, sha: "c0ffee".padEnd(40, "0") } },
      machine: { PATH: process.env.PATH },
      home: join(home, "runner"),
      say: () => undefined,
      print: (text) => {
        said += text;
      },
    });
    deepStrictEqual(
      results.map(({ job, result }) => `${job}: ${result}`),
      ["ci: success"],
    );
    match(said, /everything is tested/);
  });
});
