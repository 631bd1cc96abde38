import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { parse } from "../../../infra/base/cli/parse";
import { Settings, variableOf } from "../../../infra/base/model/settings";
import { hasSteps } from "../../../sandbox/actions/workflow";
import { COMMANDS } from "../../../scripts/commands";
import { catalogue } from "../../../scripts/setup/catalogue.mjs";
import { SETTINGS_OF_AN_OPERATOR } from "../../support/settings";
import { CALLER, commandOf, JOBS, OURS, SETUP, STEPS, WORKFLOWS, workflowOf } from "../../support/workflows";

const FILES = [...WORKFLOWS.map(({ file }) => file), SETUP];
const textOf = (file: string): string => readFileSync(file, "utf8");

/** Variables of a step that no command of ours reads: of Pulumi, of git, and those that its own line names. */
const OTHERS = [
  "GITHUB_TOKEN",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_KEY_0",
  "GIT_CONFIG_VALUE_0",
  "GIT_TOKEN",
  "PULUMI_ACCESS_TOKEN",
];

/** Values for the variables in a command line. */
const EXAMPLES: Readonly<Record<string, string>> = {
  CHANNEL: "testnet",
  WHY: "it is old",
};

describe("every workflow", () => {
  it("pins each action of others by its commit, with the version in words, and all to the same commit", () => {
    const pins = new Map<string, Set<string>>();
    const lines = FILES.flatMap((file) => textOf(file).split("\n")).filter((line) => /^\s*(- )?uses:/.test(line));
    ok(lines.length > 20);
    for (const line of lines.map((one) => one.trim()).filter((one) => !/uses: \.\//.test(one))) {
      if (line.includes(`uses: ${OURS}/`)) continue; // the caller's reader fills in a commit
      match(line, /^(- )?uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      const [, name = "", pin = ""] = /uses: (\S+)@(.*)$/.exec(line) ?? [];
      pins.set(name, (pins.get(name) ?? new Set()).add(pin));
    }
    for (const [name, found] of pins) strictEqual(found.size, 1, name);
  });

  it("puts no expression into a script", () => {
    for (const { name, run } of STEPS) doesNotMatch(run ?? "", /\$\{\{/, name);
  });

  it("quotes each variable in a script", () => {
    for (const { name, run = "" } of STEPS.filter((step) => commandOf(step)))
      deepStrictEqual(run.match(/\$\w+/g)?.length ?? 0, run.match(/"\$\w+"/g)?.length ?? 0, name);
  });

  it("grants nothing at its top, and each job only what the job names", () => {
    for (const { file, workflow } of WORKFLOWS) deepStrictEqual(workflow.permissions, {}, file);
    for (const { name, job } of JOBS) ok(job.permissions, name);
    const writes = JOBS.flatMap(({ name, job }) =>
      Object.entries(job.permissions ?? {}).flatMap(([what, level]) =>
        level === "write" && what !== "id-token" ? [`${name}: ${what}`] : [],
      ),
    );
    deepStrictEqual(writes.sort(), [
      "cycle / deploy: contents",
      "cycle / release: contents",
      "deploy / deploy: contents",
      "preview / preview: checks",
      "preview / preview: pull-requests",
      "release / promote: contents",
      "smeshnet / smeshnet: contents",
    ]);
  });

  it("starts by no event that gives the secrets to code of others", () => {
    for (const file of FILES)
      doesNotMatch(textOf(file), /pull_request_target|workflow_run|issue_comment|secrets: inherit/);
  });

  it("ends each job after a time, and lets no runner of our own run a pull request", () => {
    for (const { name, job, workflow } of JOBS) {
      if (!hasSteps(job)) continue;
      ok(job["timeout-minutes"] > 0 && job["timeout-minutes"] <= 4320, name);
      if (workflow.on.pull_request !== undefined) strictEqual(job["runs-on"], "ubuntu-24.04", name);
    }
  });

  it("lets jobs of one stack wait for each other, cancels none of them, and loses none that waits", () => {
    const engine = JOBS.filter(({ job }) => hasSteps(job) && job.steps.some((step) => commandOf(step)));
    ok(engine.length >= 8);
    const groups = engine.map(({ name, job }) => {
      const concurrency = hasSteps(job) ? job.concurrency : undefined;
      ok(concurrency, name);
      const { group, "cancel-in-progress": cancels, queue } = concurrency;
      if (name === "preview / preview") deepStrictEqual([cancels, queue], [true, undefined]);
      else deepStrictEqual([cancels, queue], [false, "max"], name);
      return `${name}: ${group}`;
    });
    const tag = `\${{ inputs.tag }}`;
    for (const name of ["deploy / deploy", "retire / retire", "certify / certify"])
      ok(groups.includes(`${name}: smeshnet-${tag}`), name);
    ok(groups.includes(`release / promote: smeshnet-\${{ inputs.channel }}`));
  });

  it("asks for approval before a channel moves", () => {
    const { promote } = workflowOf("release").jobs;
    ok(promote && hasSteps(promote));
    strictEqual(promote.environment, `\${{ inputs.channel }}`);
    strictEqual(workflowOf("cycle").on.workflow_call?.inputs.channel?.default, "testnet");
  });
});

describe("the commands in the workflows", () => {
  for (const step of STEPS) {
    const words = commandOf(step);
    if (!words) continue;
    const name = Object.keys(COMMANDS).find((one) => words.join(" ").startsWith(one));

    it(`are as a person runs them: ${words.join(" ")}`, async () => {
      ok(name, "there is no such command");
      const { command } = await COMMANDS[name as keyof typeof COMMANDS].load();
      const tag = name === "promote" ? "v1.2.3" : "v1.2.3+1";
      const filled = words
        .slice(name.split(" ").length)
        .map((word) =>
          word.replace(/^"\$(\w+)"$/, (_, variable: string) => ({ ...EXAMPLES, TAG: tag })[variable] ?? ""),
        );
      ok(parse(name, command, filled) !== "help");
    });

    it(`get no variable that they do not read: ${words.join(" ")}`, async () => {
      ok(name, "there is no such command");
      const { command } = await COMMANDS[name as keyof typeof COMMANDS].load();
      const own = (step.run?.match(/\$\w+/g) ?? []).map((variable) => variable.slice(1));
      const known = new Set([...OTHERS, ...own, ...command.environment.map((variable) => variable.name)]);
      deepStrictEqual(
        Object.keys(step.env ?? {}).filter((variable) => !known.has(variable)),
        [],
      );
      const secrets = command.environment.filter(
        ({ help }) => help.includes("(secret)") && !/temporary|for the edge alone/.test(help),
      );
      for (const { name: secret } of secrets) ok(secret in (step.env ?? {}), `${secret} is missing`);
    });
  }

  it("get every setting that has no default", () => {
    const config = textOf("Pulumi.yaml");
    const required = Object.keys(SETTINGS_OF_AN_OPERATOR).filter((key) => !config.includes(`smeshnet:${key}:`));
    ok(required.length > 4);
    const settings = Object.keys(Settings.shape).map(variableOf);
    for (const name of ["deploy", "release", "retire", "watch", "certify", "preview"]) {
      const given = Object.keys(workflowOf(name).env ?? {});
      for (const key of required) ok(given.includes(variableOf(key)), `${name}: ${key}`);
      for (const variable of given.filter((one) => one.startsWith("SMESHNET_")))
        ok(settings.includes(variable), variable);
    }
  });
});

describe("the workflows together", () => {
  it("hand on exactly the secrets that the called workflow takes", () => {
    for (const { name, job } of JOBS) {
      if (hasSteps(job) || name === "smeshnet / smeshnet") continue;
      const [, called = ""] = /workflows\/(\w+)\.yml/.exec(job.uses) ?? [];
      const takes = Object.keys(workflowOf(called).on.workflow_call?.secrets ?? {});
      deepStrictEqual(Object.keys(job.secrets).sort(), takes.sort(), name);
      for (const [secret, value] of Object.entries(job.secrets)) strictEqual(value, `\${{ secrets.${secret} }}`);
    }
  });

  it("need a caller of nineteen lines", () => {
    const lines = textOf(CALLER).trimEnd().split("\n");
    ok(lines.length <= 19, `${lines.length} lines`);
  });

  it("install the Pulumi of this project", () => {
    const [, version] = /pulumi-version: (.*)/.exec(textOf(SETUP)) ?? [];
    strictEqual(version, catalogue("x64").find(({ name }) => name === "pulumi")?.version);
  });
});
