import { deepStrictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Failures } from "../../../../infra/base/engine/failures";
import { errorText, fixText, UserError } from "../../../../infra/base/lib/errors";
import { masked } from "../../../../infra/base/lib/masked";

const urn = (type: string, name: string): string => `urn:pulumi:1_2_3_1::smeshnet::${type}::${name}`;

const POET = urn("smeshnet:components:Poet", "poet-1");
const COMMAND = urn("smeshnet:components:Poet$command:local:Command", "poet-1");
const EXPLORER = urn("smeshnet:components:Explorer", "explorer");
const DEPLOYMENT = urn("smeshnet:components:Explorer$kubernetes:apps/v1:Deployment", "explorer-api");
const SERVED = urn("smeshnet:components:InfoPage$command:local:Command", "page-served");
const STACK = urn("pulumi:pulumi:Stack", "smeshnet-1_2_3_1");
const PROVIDER = urn("smeshnet:components:Network$pulumi:providers:kubernetes", "network-cluster");

const begins = (of: string, parent: string, op = "create") => ({
  resourcePreEvent: { metadata: { op, urn: of, new: { parent } } },
});
const ends = (of: string) => ({ resOutputsEvent: { metadata: { op: "create", urn: of } } });
const fails = (of: string) => ({ resOpFailedEvent: { metadata: { op: "create", urn: of } } });
const says = (message: string, of: string, about = {}) => ({
  diagnosticEvent: { message, severity: "error", urn: of, ...about },
});

function failuresOf(...events: object[]): Failures {
  const failures = new Failures((text) => masked(text, ["marked-token"]));
  for (const event of events) failures.take(event as EngineEvent);
  return failures;
}

const SILENT = new UserError(
  "WaitTimedOut",
  "poet-1 does not answer. Last seen: nothing.",
  "Check its log. Run it again.",
);
const OUTPUT = `exit status 1: running "exec node":\nwaiting\n${errorText(SILENT)}\n${fixText(SILENT)}`;

describe("Failures", () => {
  it("knows the step, the code, what the step saw and its fix, in one line each", () => {
    deepStrictEqual(failuresOf(begins(COMMAND, POET), says(OUTPUT, COMMAND), fails(COMMAND)).all, [
      {
        step: "poet-1",
        code: "WaitTimedOut",
        saw: "poet-1 does not answer. Last seen: nothing.",
        fix: "Check its log. Run it again.",
      },
    ]);
  });

  it("takes the whole line for what the step saw when the step tells no fix apart", () => {
    const text = `exit status 1\n${errorText(SILENT)}\nfix[Other]: Do this.`;
    deepStrictEqual(
      failuresOf(says(text, COMMAND)).all.map(({ saw, fix }) => [saw, fix]),
      [[SILENT.message, undefined]],
    );
  });

  it("names the component as the step, and the resource as its part", () => {
    const text = "1 error occurred:\n\t* Deployment explorer-api:   not ready\n";
    const events = [begins(DEPLOYMENT, EXPLORER), says(text, DEPLOYMENT), begins(SERVED, "page"), says(OUTPUT, SERVED)];
    deepStrictEqual(
      failuresOf(...events).all.map(({ step, part, saw }) => [step, part, saw]),
      [
        ["explorer", "Deployment explorer-api", "1 error occurred: * Deployment explorer-api: not ready"],
        ["page-served", undefined, SILENT.what],
      ],
    );
  });

  it("keeps the order in which steps failed, and the first error of each", () => {
    const events = [
      says(OUTPUT, COMMAND),
      says("explorer failed", DEPLOYMENT),
      says("a second error", DEPLOYMENT),
      says("update failed", STACK),
      says("update failed", ""),
    ];
    deepStrictEqual(
      failuresOf(...events).all.map(({ saw }) => saw),
      [SILENT.what, "explorer failed"],
    );
  });

  it("takes an error without a step for the program's, and a provider's for that of its step", () => {
    const wrong = new UserError("SettingsInvalid", "ttl is wrong.", "Set it.");
    const events = [
      says(errorText(wrong), STACK),
      begins(PROVIDER, urn("smeshnet:components:Network", "network")),
      says("kubeconfig is not valid", PROVIDER),
    ];
    deepStrictEqual(failuresOf(...events).all, [
      { step: "program", code: "SettingsInvalid", saw: "ttl is wrong. Set it." },
      { step: "network", part: "kubernetes network-cluster", saw: "kubeconfig is not valid" },
    ]);
  });

  it("takes a violation of a mandatory policy for a failure", () => {
    const policy = (enforcementLevel: string) => ({
      policyEvent: { message: "The rule.\nThe name is not ours. Change it.", resourceUrn: COMMAND, enforcementLevel },
    });
    deepStrictEqual(failuresOf(policy("advisory")).all, []);
    deepStrictEqual(failuresOf(policy("mandatory")).all, [
      { step: "poet-1", code: "PolicyViolated", saw: "The name is not ours. Change it." },
    ]);
  });

  it("knows which steps have begun and not ended, for an engine that was killed", () => {
    const events = [begins(COMMAND, POET), begins(DEPLOYMENT, EXPLORER), begins(SERVED, "page", "same"), ends(COMMAND)];
    deepStrictEqual(failuresOf(...events).begun, ["explorer"]);
    deepStrictEqual(failuresOf(...events, fails(DEPLOYMENT)).begun, []);
  });

  it("skips warnings, progress and empty texts", () => {
    const quiet = [
      says("a", COMMAND, { severity: "warning" }),
      says("a", COMMAND, { ephemeral: true }),
      says(" ", COMMAND),
    ];
    deepStrictEqual(failuresOf(...quiet).all, []);
  });

  it("masks secrets before it shortens a text, and shows no character that steers a terminal", () => {
    const long = `${"x".repeat(1495)} marked-token`;
    const [first, second] = failuresOf(says(long, DEPLOYMENT), says("a\u001b[31mb\u202ec", COMMAND)).all;
    deepStrictEqual(first?.saw.slice(1495), " [sec...");
    deepStrictEqual(second?.saw, "a [31mb c");
  });
});
