import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewReport, StackPreview } from "../../infra/review/preview/model";
import { pullRequestOf } from "../../sandbox/actions/events";
import { play } from "../../sandbox/actions/play";
import { places } from "../../sandbox/home";
import { PullRequests } from "../support/pull-requests";
import { TestSandbox } from "../support/sandbox";
import { stageOf } from "../support/stage";
import { OURS } from "../support/workflows";

/** Settings that the changes below change. They count from Pulumi.yaml, so the sandbox must not override them. */
const FROM_FILE = { SMESHNET_LAYER_DURATION: undefined, SMESHNET_MINERS: undefined, SMESHNET_RETIRE_AFTER: "24" };

const YAML = "Pulumi.yaml";

/** Resources of a preview, each with its operation, and the paths that change in the first one. */
const changed = ({ outcome }: StackPreview): string[] =>
  outcome.kind === "previewed" ? outcome.resources.map(({ operation, name }) => `${operation} ${name}`) : [];

/** What happens to each stack: the number of its resources that change, or the kind of its outcome. */
const counts = ({ stacks }: PreviewReport) =>
  stacks.map((stack) => [stack.what, stack.outcome.kind === "previewed" ? changed(stack).length : stack.outcome.kind]);

describe("smeshnet preview", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox(FROM_FILE);
  const temporary = mkdtempSync(join(tmpdir(), "smeshnet-preview-"));
  const github = new PullRequests(sandbox, OURS);
  let checkout = "";

  const git = (...args: string[]) => {
    const author = ["-c", "user.name=Reviewer", "-c", "user.email=review@example.org"];
    return sandbox.must("git", [...author, ...args], checkout);
  };
  const edit = (file: string, from: string, to: string) => {
    const path = join(checkout, file);
    const text = readFileSync(path, "utf8");
    ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
  };
  /** Commits a change to a branch, and opens a pull request for it. */
  const propose = async (change: () => void, from = OURS) => {
    change();
    await git("commit", "--all", "--quiet", "--allow-empty", "--message", "a change");
    const sha = (await git("rev-parse", "HEAD")).trim();
    const pull = await github.open(sha, from);
    return { sha, ...pull };
  };
  /** Previews a change in a pull request of its own, and goes back. */
  const previewOf = async (
    change: () => void,
    { args = [], variables = {} }: { readonly args?: string[]; readonly variables?: Record<string, string> } = {},
  ) => {
    const { sha, number, environment } = await propose(change);
    const given = Object.entries({ TMPDIR: temporary, ...environment, ...variables });
    const command = ["node", "scripts/smeshnet.cjs", "preview", "--json", "--post", ...args];
    const ended = await sandbox.run("env", [...given.map(([name, value]) => `${name}=${value}`), ...command], checkout);
    await git("reset", "--hard", "--quiet", "as-deployed");
    ok(ended.stdout.startsWith("{"), ended.stderr);
    const report = JSON.parse(ended.stdout) as PreviewReport;
    strictEqual(report.commit, sha);
    const [comment = "", ...others] = await github.comments(number);
    deepStrictEqual(others, []);
    return { ...ended, report, comment, verdict: await github.verdictOf(sha) };
  };
  const stackIn = ({ stacks }: PreviewReport, what: string) => stacks.find((one) => one.what === what) as StackPreview;
  const changesIn = (report: PreviewReport, what: string, resource: string) => {
    const { outcome } = stackIn(report, what);
    const found = outcome.kind === "previewed" ? outcome.resources.find(({ name }) => name === resource) : undefined;
    return found?.changes.map(({ path, before, after }) => `${path}: ${before} -> ${after}`);
  };

  before(async () => {
    checkout = await sandbox.startApart();
    edit(YAML, "layerDuration: 300", "layerDuration: 2");
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "as deployed");
    await git("tag", "as-deployed");
    sandbox.pushQuietly("v1.2.3+1");
    sandbox.pushQuietly("v1.2.3", "Release v1.2.3\n\nWithout-Simmer: the first testnet");
    await sandbox.must("node", ["scripts/smeshnet.cjs", "deploy", "v1.2.3+1"], checkout);
  });
  after(async () => {
    await sandbox.close();
    rmSync(temporary, { recursive: true, force: true });
  });

  it("shows the first promotion of a channel whose stack does not exist", async () => {
    const { exitCode, stderr, report, comment } = await previewOf(() => undefined, { args: ["v1.2.3"] });
    deepStrictEqual([exitCode, /^error\[PreviewDangerous\]/m.test(stderr)], [1, true]);
    match(comment, /`testnet`: It moves to `v1\.2\.3\+1`, which has no simmer certificate \(nobody watched it\)\./);
    deepStrictEqual(report.moves, [{ channel: "testnet", release: "v1.2.3", tag: "v1.2.3+1" }]);
    deepStrictEqual(report.channels, [{ name: "testnet", toRetire: [] }]);
    deepStrictEqual(report.networks, [{ tag: "v1.2.3+1", stage: "complete", channels: [] }]);
    ok(changed(stackIn(report, "testnet")).includes("create gateway.test.net.spacemesh.io"));
    await sandbox.must("node", ["scripts/smeshnet.cjs", "promote", "v1.2.3"], checkout);
  });

  it("says the same bytes at any hour, and leaves nothing behind, when only a comment changes", async () => {
    const logs = () =>
      readdirSync(join(places(sandbox.home).pulumiHome, "logs")).filter((name) => /1_2_3_1/.test(name));
    const before = { logs: logs(), stacks: await sandbox.pulumi(["stack", "ls", "--json"], checkout) };
    const clock = join(sandbox.home, "clock.cjs");
    writeFileSync(clock, "const now = Date.now; Date.now = () => now() + Number(process.env.HOURS) * 3_600_000;");
    const comment = () => edit("stacks/version.ts", "const tagText", "// A comment.\n  const tagText");
    const runs = [];
    for (const hours of ["0", "7", "30"]) {
      runs.push(await previewOf(comment, { variables: { NODE_OPTIONS: `-r ${clock}`, HOURS: hours } }));
    }
    const [first] = runs;
    ok(first);
    deepStrictEqual([first.exitCode, first.verdict], [0, "success"]);
    match(first.comment, /^### Preview: Nothing changes$/m);
    deepStrictEqual(counts(first.report), [
      ["edge", 0],
      ["testnet", 0],
      ["v1.2.3+1", 0],
    ]);
    deepStrictEqual(first.report.channels, [
      { name: "testnet", current: { release: "v1.2.3", tag: "v1.2.3+1" }, toRetire: [] },
    ]);
    const bytes = runs.map(({ report: { commit: _, ...rest } }) => JSON.stringify(rest)); // each commit has its time
    deepStrictEqual(new Set(bytes).size, 1);
    deepStrictEqual({ logs: logs(), stacks: await sandbox.pulumi(["stack", "ls", "--json"], checkout) }, before);
    deepStrictEqual([readdirSync(temporary), await git("status", "--porcelain")], [[], ""]);
  });

  it("shows a component's new version", async () => {
    const { report, comment } = await previewOf(() =>
      edit(YAML, "explorerBackend: v0.0.21", "explorerBackend: v0.0.22"),
    );
    deepStrictEqual(changesIn(report, "v1.2.3+1", "network"), [
      "environment.NETWORK_SPEC.versions.explorer: v0.0.21 -> v0.0.22",
    ]);
    ok(changed(stackIn(report, "v1.2.3+1")).includes("replace explorer-api"));
    match(comment, /`v1\.2\.3\+1`: Its next deployment is refused: `testnet points to v1\.2\.3\+1/);
    match(comment, /keeps `v1\.2\.3\+1`; its next deployment is refused/);
    deepStrictEqual(counts(report).slice(0, 2), [
      ["edge", 0],
      ["testnet", 0],
    ]);
  });

  it("shows a new channel, which has no stack yet", async () => {
    const { verdict, report, comment } = await previewOf(() =>
      edit(YAML, "channels: [testnet]", "channels: [testnet, stagenet]"),
    );
    deepStrictEqual(changed(stackIn(report, "edge")), ["create channel-stagenet", "update worker"]);
    deepStrictEqual([verdict, stackIn(report, "stagenet").outcome.kind], ["failure", "absent"]);
    match(
      comment,
      /^- adds channel `stagenet` to the edge\n- keeps `v1\.2\.3\+1` and adds channel `stagenet` to its gateway$/m,
    );
  });

  it("shows another duration of layers and another number of miners", async () => {
    const { report } = await previewOf(() => {
      edit(YAML, "layerDuration: 2", "layerDuration: 4");
      edit(YAML, "miners: 10", "miners: 12");
    });
    deepStrictEqual(changesIn(report, "v1.2.3+1", "network"), [
      "environment.NETWORK_SPEC.layerDuration: 2 -> 4",
      "environment.NETWORK_SPEC.miners: 10 -> 12",
    ]);
  });

  it("shows another time to live of names, also of the channel's", async () => {
    const { report, comment } = await previewOf(() => edit(YAML, "dnsTtl: 60", "dnsTtl: 300"));
    match(comment, /`testnet`: 5 DNS names change \(`ttl`\)/);
    deepStrictEqual(changesIn(report, "testnet", "gateway.test.net.spacemesh.io"), ["ttl: 60 -> 300"]);
    deepStrictEqual(changesIn(report, "v1.2.3+1", "api-v1-2-3-1.net.spacemesh.io"), ["ttl: 60 -> 300"]);
  });

  it("fails with the reason for a stack whose program is broken, and previews the others", async () => {
    const { exitCode, stderr, report, comment, verdict } = await previewOf(() =>
      edit("components/version/dns.ts", "    super(", '    throw new Error("a mistake");\n    super('),
    );
    deepStrictEqual([exitCode, verdict], [1, "failure"]);
    match(comment, /The preview failed: `Unhandled exception: Error: a mistake`/);
    match(stderr, /^error\[PreviewFailed\]: .*v1\.2\.3\+1/m);
    deepStrictEqual(stackIn(report, "v1.2.3+1").outcome, {
      kind: "failed",
      reason: "Unhandled exception: Error: a mistake",
    });
    deepStrictEqual(counts(report).slice(0, 2), [
      ["edge", 0],
      ["testnet", 0],
    ]);
  });

  it("says what it could not see without secrets, and still runs the programs", async () => {
    const home = join(sandbox.home, "nobody");
    mkdirSync(home);
    const { PATH = "", PULUMI_HOME = "" } = sandbox.env;
    const plugins = join(home, "pulumi");
    mkdirSync(plugins);
    await sandbox.must("ln", ["-s", join(PULUMI_HOME, "plugins"), plugins]);
    const summary = join(home, "summary.md");
    const plain = { PATH, HOME: home, PULUMI_HOME: plugins };
    const fork = async (variables: Readonly<Record<string, string>>, ...args: string[]) => {
      const given = Object.entries({ ...plain, ...variables }).map(([name, value]) => `${name}=${value}`);
      return sandbox.run(
        "env",
        ["-i", ...given, "node", "scripts/smeshnet.cjs", "preview", "--json", ...args],
        checkout,
      );
    };

    const { number, environment } = await propose(
      () => edit(YAML, "layerDuration: 2", "layerDuration: 300"),
      "somebody/fork",
    );
    const token = { GITHUB_API_URL: sandbox.env.GITHUB_API_URL ?? "", GITHUB_TOKEN: sandbox.world.githubTokens.fork };
    const { exitCode, stdout, stderr } = await fork(
      { ...environment, ...token, GITHUB_STEP_SUMMARY: summary },
      "--post",
    );
    deepStrictEqual([exitCode, /^error\[PreviewUnseen\]/m.test(stderr)], [1, true], stderr + stdout);
    const report = JSON.parse(stdout) as PreviewReport;
    deepStrictEqual(counts(report), [
      ["edge", "unseen"],
      ["testnet", "unseen"],
    ]);
    deepStrictEqual(report.unseen, ["the stacks: PULUMI_BACKEND_URL is not set", "which networks there are"]);
    deepStrictEqual(await github.comments(number), []); // a fork's token may not write
    match(readFileSync(summary, "utf8"), /^### Preview: Not everything could be seen.*PULUMI_BACKEND_URL is not set/s);

    edit("stacks/edge.ts", "const protect = true", 'throw new Error("a mistake");\n  const protect = true');
    const broken = await fork({}, "--agreed");
    await git("reset", "--hard", "--quiet", "as-deployed");
    strictEqual(broken.exitCode, 1);
    deepStrictEqual(counts(JSON.parse(broken.stdout) as PreviewReport)[0], ["edge", "failed"]);
  });

  it("ends a pull request in its comment, by the steps of the workflow's file", async () => {
    const { sha, number } = await propose(() => edit(YAML, "dnsTtl: 60", "dnsTtl: 300"));
    let said = "";
    const stage = stageOf(sandbox, (text) => {
      said += text;
    });
    const played = async () => {
      said = "";
      const file = join(checkout, ".github/workflows/preview.yml");
      const here = { repository: OURS, serverUrl: "https://github.com", token: sandbox.world.githubTokens.own };
      const repositories = { [OURS]: { folder: checkout, sha } };
      const results = await play(file, pullRequestOf(number, { repository: OURS, sha }), {
        ...stage,
        ...here,
        repositories,
      });
      return results.map(({ job, result }) => `${job}: ${result}`);
    };
    deepStrictEqual(await played(), ["preview: failure"], said);
    match(said, /^error\[PreviewDangerous\]/m);
    const [comment = ""] = await github.comments(number);
    match(comment, new RegExp(`commit ${sha}.*label dangers-agreed is missing`, "s"));

    await github.label(number, "dangers-agreed");
    deepStrictEqual(await played(), ["preview: success"], said);
    const after = await github.comments(number);
    deepStrictEqual([after.length, /Dangers, agreed to/.test(after[0] ?? "")], [1, true]);
    await git("reset", "--hard", "--quiet", "as-deployed");
  });

  it("asks GitHub only what GitHub's own description allows", async () => deepStrictEqual(await github.mistakes(), []));
});
