import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { isBuildTag, isReleaseTag } from "../../../infra/base/model/build-tag";
import { dispatchOf, type Event, pullRequestOf, pushOf, scheduleOf } from "../../../sandbox/actions/events";
import { tagStarts } from "../../../sandbox/actions/filters";
import { play } from "../../../sandbox/actions/play";
import { hasSteps, readWorkflow } from "../../../sandbox/actions/workflow";
import { CALLER, OURS, workflowOf } from "../../support/workflows";

const FILTER = readWorkflow(CALLER).on.push?.tags ?? [];

/** What a pushed tag starts; after the tags of public bug reports about filters with a plus sign. */
const TAGS: readonly [tag: string, starts: string | undefined][] = [
  ["v1.2.3+1", "deploy"],
  ["v1.2.3+12", "deploy"],
  ["v10.20.30+1", "deploy"],
  ["v1.2.3", "release"],
  ["v10.0.0", "release"],
  ["v1.2.3-rc.1", undefined],
  ["v1.2.3-rc.1+1", undefined],
  ["v1.2", undefined],
  ["vNext", undefined],
  ["v1.2.3++", undefined],
  ["1.2.3+1", undefined],
  ["release/v1.2.3+1", undefined],
  ["nightly", undefined],
  ["v1.2.3+exp.sha", undefined],
  ["v2-archive", undefined],
];

/** Tags that the filter lets through, although they name neither a build nor a release. */
const LET_THROUGH = ["v1.2.3+0", "v1.2.3+01", "v01.2.3", `v1.2.3+${"1".repeat(40)}`];

/** The script that reads a tag. */
const SCRIPT = (() => {
  const { tag } = workflowOf("cycle").jobs;
  return tag && hasSteps(tag) ? (tag.steps[0]?.run ?? "") : "";
})();

describe("the filter of the caller and the first job of the cycle", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-cycle-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Writes the workflows that the cycle calls with one step each, which does nothing. */
  before(() => {
    const workflows = join(folder, ".github/workflows");
    mkdirSync(workflows, { recursive: true });
    const put = (name: string, workflow: object) => writeFileSync(join(workflows, `${name}.yml`), stringify(workflow));
    put("cycle", workflowOf("cycle"));
    for (const name of ["deploy", "release", "retire", "watch", "certify"]) {
      const workflow = workflowOf(name);
      const jobs = Object.entries(workflow.jobs).map(([id, job]) => [
        id,
        { ...job, steps: [{ name: id, run: "true" }] },
      ]);
      put(name, { ...workflow, env: {}, jobs: Object.fromEntries(jobs) });
    }
  });

  /** Plays an event. Returns the jobs that ran, with their groups and environments, and what was said. */
  const started = async (event: Event) => {
    const words: string[] = [];
    const secrets = {
      CLOUDFLARE_DNS_TOKEN: "",
      CLOUDFLARE_KV_TOKEN: "",
      CLOUDFLARE_WORKERS_TOKEN: "",
      DISCORD_WEBHOOK: "",
      SMESHNET_RECORD_KEY: "",
      PULUMI_CONFIG_PASSPHRASE: "",
      SIMMER_PRIVATE_KEY: "",
    };
    const results = await play(CALLER, event, {
      repository: "git/go-spacemesh",
      serverUrl: "https://github.com",
      vars: {},
      secrets,
      token: "token",
      repositories: { [OURS]: { folder, sha: "c0ffee".padEnd(40, "0") } },
      machine: { PATH: process.env.PATH },
      home: join(folder, "jobs"),
      say: () => undefined,
      print: (text) => words.push(text),
    });
    const ran = results.filter(({ result }) => result !== "skipped");
    for (const { job, result } of ran) strictEqual(result, "success", job);
    return { ran, words: words.join("") };
  };
  const jobs = async (event: Event) =>
    (await started(event)).ran.map(({ job, group }) => `${job.replace("smeshnet / ", "")}${group ? `: ${group}` : ""}`);

  for (const [tag, starts] of TAGS) {
    it(`start ${starts ?? "nothing"} for ${tag}`, async () => {
      const inner =
        starts === "release" ? "release / promote: smeshnet-testnet" : `${starts} / ${starts}: smeshnet-${tag}`;
      deepStrictEqual(await jobs(pushOf(tag)), starts ? ["tag", inner] : []);
    });
  }

  for (const tag of LET_THROUGH) {
    it(`end ${tag} green after one line`, async () => {
      strictEqual(tagStarts(FILTER, tag), true);
      const { ran, words } = await started(pushOf(tag));
      deepStrictEqual(
        ran.map(({ job }) => job),
        ["smeshnet / tag"],
      );
      match(
        words,
        /^::notice::\S+ is neither a build tag, as v1\.2\.3\+1, nor a release tag, as v1\.2\.3\. Nothing starts\.\n$/,
      );
    });
  }

  it("watch by the frequent schedule, and by the daily one also look for drift and retire what is due", async () => {
    const [often = "", daily = ""] = (readWorkflow(CALLER).on.schedule ?? []).map(({ cron }) => cron);
    deepStrictEqual(await jobs(scheduleOf(often)), ["watch / watch: smeshnet-watch"]);
    deepStrictEqual(await jobs(scheduleOf(daily)), [
      "watch / watch: smeshnet-watch",
      "watch / drift: smeshnet-drift",
      "retire / due: smeshnet-retire-due",
    ]);
  });

  it("retire or certify the network that a person names", async () => {
    const tag = "v1.2.3+1";
    deepStrictEqual(await jobs(dispatchOf({ command: "retire", tag, why: "old" })), [
      `retire / retire: smeshnet-${tag}`,
    ]);
    deepStrictEqual(await jobs(dispatchOf({ command: "certify", tag, why: "" })), [
      `certify / certify: smeshnet-${tag}`,
    ]);
  });

  it("move a channel only with the approval of its environment", async () => {
    const { ran } = await started(pushOf("v1.2.3"));
    strictEqual(ran.find(({ job }) => job.endsWith("promote"))?.environment, "testnet");
  });
});

describe("the workflow for pull requests", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-preview-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Plays the workflow with a step that prints what the real ones get. */
  const got = async (from: string) => {
    const { preview } = workflowOf("preview").jobs;
    ok(preview && hasSteps(preview));
    const given = preview.steps.flatMap(({ with: inputs, env }) => Object.entries({ ...inputs, ...env }));
    const print = { name: "print", run: 'echo "$provider|$CLOUDFLARE_API_TOKEN"', env: {} };
    const env = Object.fromEntries(given.map(([name, value]) => [name.replace("google-", ""), value]));
    const file = join(folder, "preview.yml");
    writeFileSync(
      file,
      stringify({ ...workflowOf("preview"), env: {}, jobs: { preview: { ...preview, steps: [{ ...print, env }] } } }),
    );
    const words: string[] = [];
    const names = [
      "ARCHIVE_READER_AWS_ACCESS_KEY_ID",
      "ARCHIVE_READER_AWS_SECRET_ACCESS_KEY",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "CLOUDFLARE_DNS_TOKEN",
      "CLOUDFLARE_KV_TOKEN",
      "CLOUDFLARE_WORKERS_TOKEN",
      "KUBECONFIG",
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_CONFIG_PASSPHRASE",
      "SMESHNET_RECORD_KEY",
    ];
    const [result] = await play(file, pullRequestOf(7, { repository: from }, OURS), {
      repository: OURS,
      serverUrl: "https://github.com",
      vars: { SMESHNET_GOOGLE_PROVIDER: "provider", SMESHNET_GOOGLE_ACCOUNT: "account" },
      secrets: { ...Object.fromEntries(names.map((name) => [name, ""])), CLOUDFLARE_API_TOKEN: "cloudflare" },
      token: "token",
      repositories: { [OURS]: { folder, sha: "c0ffee".padEnd(40, "0") } },
      machine: { PATH: process.env.PATH },
      home: join(folder, "jobs"),
      say: () => undefined,
      print: (text) => words.push(text),
    });
    strictEqual(result?.group, "smeshnet-preview-7");
    return words.join("");
  };

  it("logs in at Google Cloud for a branch of the repository, with the repository's secrets", async () => {
    strictEqual(await got(OURS), "provider|cloudflare\n");
  });

  it("does not try to log in for a fork, which could not", async () => match(await got("a/fork"), /^\|/));

  it("runs for each label too, because GitHub takes a skipped check for a passed one", () => {
    const { on, jobs } = workflowOf("preview");
    deepStrictEqual(on.pull_request?.types, ["opened", "synchronize", "reopened", "labeled", "unlabeled"]);
    deepStrictEqual(
      Object.values(jobs).map((job) => job.if),
      [undefined],
    );
  });
});

describe("the script that reads a tag", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-tag-"));
  after(() => rmSync(folder, { recursive: true }));

  /** What the script says of each tag. One shell reads them all, because a shell takes a while to start. */
  const kindsOf = (tags: readonly string[]): string[] => {
    const output = join(folder, "output");
    writeFileSync(output, "");
    const all = `for TAG in "$@"; do\n${SCRIPT}\necho end >> "$GITHUB_OUTPUT"\ndone`;
    const env = { PATH: process.env.PATH, GITHUB_OUTPUT: output };
    const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", all, "bash", ...tags], {
      env,
      encoding: "utf8",
    });
    strictEqual(status, 0, stderr);
    return readFileSync(output, "utf8").split(/end\n/).slice(0, -1);
  };

  it("agrees with the commands about every tag", () => {
    const number = fc.oneof(fc.nat(), fc.constantFrom("01", "", "1a", "1".repeat(12)));
    const end = fc.constantFrom("", "+1", "+0", "++", "+12", "-rc.1", "+1 ");
    const tag = fc.tuple(fc.constantFrom("v", "v", "", "V"), number, number, number, end);
    const tags = fc.sample(tag, { numRuns: 500, seed: 1 }).map(([v, a, b, c, rest]) => `${v}${a}.${b}.${c}${rest}`);
    const wanted = tags.map((one) => (isBuildTag(one) ? "kind=build\n" : isReleaseTag(one) ? "kind=release\n" : ""));
    ok(new Set(wanted).size === 3);
    const kinds = kindsOf(tags);
    tags.forEach((one, i) => {
      strictEqual(kinds[i], wanted[i], one);
    });
  });

  it("takes whatever is in a tag as a text", () => {
    const tags = ["v1.2.3+1;id", "v1.2.3$(id)", "`id`", "v1.2.3+1'", '"', "v1.2.3+1*", "%0A::error::x"];
    deepStrictEqual(
      kindsOf(tags),
      tags.map(() => ""),
    );
  });
});
