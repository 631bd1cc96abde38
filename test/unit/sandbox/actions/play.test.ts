// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub
import { deepStrictEqual, match, rejects } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { pushOf } from "../../../../sandbox/actions/events";
import { play } from "../../../../sandbox/actions/play";

const SHA = "c0ffee".padEnd(40, "0");

/** A job with steps that only print or fail. */
const job = (steps: readonly object[], more: object = {}) => ({
  "runs-on": "ubuntu-24.04",
  "timeout-minutes": 5,
  permissions: {},
  ...more,
  steps: steps.map((step, i) => ({ name: `step ${i + 1}`, ...step })),
});

describe("play", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-actions-"));
  after(() => rmSync(folder, { recursive: true }));

  const file = (path: string, content: object): string => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, stringify(content));
    return full;
  };
  /** Plays a workflow for a pushed tag. Returns the jobs' results, and what the steps printed. */
  const played = async (jobs: object, called: object = {}) => {
    const words: string[] = [];
    const workflow = file("caller.yml", { name: "caller", on: { push: { tags: ["v*"] } }, jobs });
    file(".github/workflows/called.yml", { name: "called", jobs: { inner: job([{ run: "echo inner" }]) }, ...called });
    const results = await play(workflow, pushOf("v1"), {
      repository: "a/node",
      serverUrl: "https://github.com",
      vars: { NAME: "value" },
      secrets: { TOKEN: "secret" },
      token: "token",
      repositories: { "a/ours": { folder, sha: SHA } },
      machine: { PATH: process.env.PATH },
      home: join(folder, "jobs"),
      say: (line) => words.push(`${line}\n`),
      print: (text) => words.push(text),
    });
    return { results: results.map(({ job, result }) => `${job}: ${result}`), words: words.join("") };
  };

  it("runs the steps in order, with variables, outputs and the PATH that steps hand on", async () => {
    const steps = [
      {
        id: "first",
        run: 'echo "word=$NAME" >> "$GITHUB_OUTPUT"\necho LATER=1 >> "$GITHUB_ENV"',
        env: { NAME: "${{ vars.NAME }}" },
      },
      { run: 'echo "$WORD $LATER $GITHUB_REF"', env: { WORD: "${{ steps.first.outputs.word }}" } },
    ];
    const { results, words } = await played({ a: job(steps) });
    deepStrictEqual(results, ["a: success"]);
    match(words, /value 1 refs\/tags\/v1\n/);
  });

  it("stops at the first command that fails, also in a pipe, and skips the jobs that need it", async () => {
    const { results, words } = await played({
      a: job([
        { run: "false | cat\necho not reached" },
        { run: "echo nor this" },
        { if: "failure()", run: "echo cleans up" },
      ]),
      b: job([{ run: "echo b" }], { needs: "a" }),
      c: job([{ run: "echo c" }]),
    });
    deepStrictEqual(results, ["a: failure", "b: skipped", "c: success"]);
    match(words, /step 1 failed: exit code 1\.\n(- step 3\n)cleans up\n/);
  });

  it("hands a called workflow what the call names, and nothing else", async () => {
    const call = {
      uses: "a/ours/.github/workflows/called.yml@v1",
      with: { tag: "${{ github.ref_name }}" },
      secrets: { GIVEN: "${{ secrets.TOKEN }}" },
    };
    const on = {
      workflow_call: { inputs: { tag: { type: "string", required: true } }, secrets: { GIVEN: {}, OTHER: {} } },
    };
    const env = {
      TAG: "${{ inputs.tag }}",
      GIVEN: "${{ secrets.GIVEN }}",
      OTHER: "${{ secrets.OTHER }}",
      SHA: "${{ job.workflow_sha }}",
    };
    const inner = job([{ run: 'echo "$TAG|$GIVEN|$OTHER|$SHA"', env }]);
    const { results, words } = await played({ a: call }, { on, jobs: { inner } });
    deepStrictEqual(results, ["a / inner: success"]);
    match(words, new RegExp(`v1\\|secret\\|\\|${SHA}`));
    const asks = job([{ run: "true", env: { TOKEN: "${{ secrets.TOKEN }}" } }]);
    await rejects(played({ a: call }, { on, jobs: { inner: asks } }), /secrets\.TOKEN is unknown/);
  });

  it("runs a composite action, which sees its inputs and no secrets", async () => {
    const action = (value: string) => ({
      name: "greet",
      description: "greets",
      inputs: { name: { description: "whom", default: "nobody" } },
      runs: {
        using: "composite",
        steps: [{ name: "say", shell: "bash", run: 'echo "hello $NAME"', env: { NAME: value } }],
      },
    });
    const steps = [
      { uses: "actions/checkout@1", with: { repository: "a/ours", path: "ours", "persist-credentials": false } },
      { uses: "./ours/greet", with: { name: "you" } },
    ];
    file("greet/action.yml", action("${{ inputs.name }}"));
    match((await played({ a: job(steps, { permissions: { contents: "read" } }) })).words, /hello you/);
    file("greet/action.yml", action("${{ secrets.TOKEN }}"));
    const { results, words } = await played({ a: job(steps, { permissions: { contents: "read" } }) });
    deepStrictEqual(results, ["a: failure"]);
    match(words, /Unrecognized named-value: 'secrets'/);
  });

  const callOf = (more: object) => ({ a: { uses: "a/ours/.github/workflows/called.yml@v1", ...more } });
  const on = { workflow_call: { inputs: { tag: { type: "string", required: true } } } };
  for (const [what, jobs, called, why] of [
    [
      "a secret that the called workflow does not take",
      callOf({ secrets: { TOKEN: "x" }, with: { tag: "x" } }),
      { on },
      /takes no secret TOKEN/,
    ],
    ["an input that the called workflow does not have", callOf({ with: { tga: "x" } }), { on }, /has no input tga/],
    ["a missing input", callOf({}), { on }, /needs the input tag/],
    ["an input of another type", callOf({ with: { tag: 5 } }), { on }, /takes a string as tag, not 5/],
    [
      "a called job that asks for more than its caller has",
      callOf({ permissions: {}, with: { tag: "x" } }),
      { on, jobs: { inner: job([{ run: "true" }], { permissions: { contents: "read" } }) } },
      /asks for contents: read, and its caller has none/,
    ],
    [
      "a workflow of an unknown repository",
      { a: { uses: "b/c/.github/workflows/x.yml@v1" } },
      {},
      /There is no repository b\/c/,
    ],
    [
      "a key that the sandbox does not play",
      { a: job([{ run: "true", "continue-on-error": true }]) },
      {},
      /cannot be played here/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => rejects(played(jobs, called), why));
  }

  for (const [what, step, why] of [
    ["an action that it does not know", { uses: "a/b@1" }, /does not know the action a\/b/],
    [
      "a checkout that the job may not make",
      { uses: "actions/checkout@1", with: { "persist-credentials": false } },
      /has no permission contents: read/,
    ],
    ["a checkout that keeps its token", { uses: "actions/checkout@1" }, /persist-credentials/],
    [
      "an input that an action does not have",
      { uses: "actions/cache@1", with: { path: "a", key: "b", keys: "c" } },
      /keys/,
    ],
  ] as const) {
    it(`fails a step that uses ${what}`, async () => {
      const { results, words } = await played({ a: job([step]) });
      deepStrictEqual(results, ["a: failure"]);
      match(words, why);
    });
  }
});
