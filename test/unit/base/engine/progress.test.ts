import { deepStrictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Progress } from "../../../../infra/base/engine/progress";
import { errorText, fixText, UserError } from "../../../../infra/base/lib/errors";

const urn = (type: string, name: string): string => `urn:pulumi:1_2_3_1::smeshnet::${type}::${name}`;

const COMPONENT = urn("smeshnet:components:Poet", "poet-1");
const COMMAND = urn("smeshnet:components:Poet$command:local:Command", "poet-1");
const STACK = urn("pulumi:pulumi:Stack", "smeshnet-1_2_3_1");
const PROVIDER = urn("smeshnet:components:Network$pulumi:providers:kubernetes", "network-cluster");

/** The parts of the engine's events that progress uses. */
const begins = (op: string, of: string) => ({ resourcePreEvent: { metadata: { op, urn: of } } });
const ends = (op: string, of: string) => ({ resOutputsEvent: { metadata: { op, urn: of } } });
const fails = (op: string, of: string) => ({ resOpFailedEvent: { metadata: { op, urn: of } } });
const says = (message: string, about: Record<string, unknown>) => ({ diagnosticEvent: { message, ...about } });

/** The lines for some events, each of which takes 1.5 s. */
function linesOf(...events: object[]): string[] {
  const lines: string[] = [];
  let time = 0;
  const clock = { now: () => time, sleep: async () => undefined };
  const progress = new Progress({ say: (line) => lines.push(line), clock });
  for (const event of events) {
    progress.take(event as EngineEvent);
    time += 1500;
  }
  return lines;
}

describe("Progress", () => {
  it("reports when a component begins and how long its resources take", () => {
    const events = [
      begins("create", COMPONENT),
      begins("create", COMMAND),
      ends("create", COMMAND),
      ends("create", COMPONENT),
    ];
    deepStrictEqual(linesOf(...events), ["poet-1: creating", "  poet-1 done (1.5 s)"]);
  });

  it("announces a component with its first resource when the component itself is unchanged or is removed", () => {
    const within = (op: string, state: "new" | "old") => ({
      resourcePreEvent: { metadata: { op, urn: COMMAND, [state]: { parent: COMPONENT } } },
    });
    deepStrictEqual(linesOf(within("create", "new"), ends("create", COMMAND)), [
      "poet-1: creating",
      "  poet-1 done (1.5 s)",
    ]);
    deepStrictEqual(linesOf(within("delete", "old"), ends("delete", COMMAND), begins("delete", COMPONENT)), [
      "poet-1: removing",
      "  poet-1 done (1.5 s)",
    ]);
  });

  const doing: [string, string][] = [
    ["create", "creating"],
    ["update", "updating"],
    ["delete", "removing"],
    ["delete-replaced", "removing"],
    ["create-replacement", "creating"],
  ];
  for (const [op, word] of doing) {
    it(`shows ${op} as "${word}"`, () => deepStrictEqual(linesOf(begins(op, COMPONENT)), [`poet-1: ${word}`]));
  }

  it("reports what failed and after how long", () => {
    deepStrictEqual(linesOf(begins("create", COMMAND), fails("create", COMMAND)), ["  poet-1 FAILED (1.5 s)"]);
    deepStrictEqual(linesOf(begins("create", COMPONENT), fails("create", COMPONENT)), [
      "poet-1: creating",
      "  poet-1 FAILED (1.5 s)",
    ]);
  });

  it("shows a violation of a policy as one line, and counts it as an error", () => {
    const violation = (resourceUrn: string, enforcementLevel: string) => ({
      policyEvent: {
        message: "<{%fg 13%}>Names are ours.\nThe name is not. Change it.<{%reset%}>\n",
        resourceUrn,
        enforcementLevel,
      },
    });
    deepStrictEqual(
      linesOf(violation(COMMAND, "mandatory"), violation(STACK, "mandatory"), violation(COMMAND, "advisory")),
      [
        "error[PolicyViolated]: poet-1: The name is not. Change it.",
        "error[PolicyViolated]: The name is not. Change it.",
        "warning: poet-1: The name is not. Change it.",
      ],
    );
  });

  it("skips unchanged resources and the engine's own", () => {
    const unchanged = [begins("same", COMMAND), ends("same", COMMAND), begins("read", COMMAND), ends("read", COMMAND)];
    const machinery = [STACK, PROVIDER].flatMap((own) => [begins("create", own), ends("create", own)]);
    deepStrictEqual(linesOf(...unchanged, ...machinery), []);
  });

  it("passes on the output of a running step, without colours", () => {
    const said = says("<{%reset%}>poet-1 answers<{%reset%}>\n", { severity: "info", urn: COMMAND, ephemeral: true });
    deepStrictEqual(linesOf(said), ["  poet-1 | poet-1 answers"]);
  });

  it("reports why a step failed in one line, once, with the code of its error", () => {
    const words = errorText(new UserError("PoetSilent", "poet-1 does not answer.", "Check its log."));
    const ephemeral = says(`${words}\n`, { severity: "info#err", urn: COMMAND, ephemeral: true });
    const failed = `exit status 1: running "exec node":\nwaiting\n${words}`;
    deepStrictEqual(linesOf(ephemeral, says(failed, { severity: "error", urn: COMMAND })), [
      "error[PoetSilent]: poet-1: poet-1 does not answer. Check its log.",
    ]);
  });

  it("does not show the line by which a step tells its fix apart", () => {
    const words = fixText(new UserError("PoetSilent", "poet-1 does not answer.", "Check its log."));
    deepStrictEqual(linesOf(says(`${words}\n`, { severity: "info#err", urn: COMMAND, ephemeral: true })), []);
  });

  it("reports the last of several errors in the output of a failed step", () => {
    const failed = "exit status 1\nerror[First]: One.\nerror[Second]: Two.\n  a detail";
    deepStrictEqual(linesOf(says(failed, { severity: "error", urn: COMMAND })), ["error[Second]: poet-1: Two."]);
  });

  it("names the resource of an error, if it has one", () => {
    deepStrictEqual(
      linesOf(
        says("exit status 1", { severity: "error", urn: COMMAND }),
        says("update failed", { severity: "error" }),
        says("a plugin is old", { severity: "info#err" }),
      ),
      ["error: poet-1: exit status 1", "error: update failed", "  pulumi | a plugin is old"],
    );
  });

  it("skips debug messages and empty ones", () => {
    const silent = [
      says("registering", { severity: "debug", ephemeral: true }),
      says("<{%reset%}>\n", { severity: "info" }),
    ];
    deepStrictEqual(linesOf(...silent), []);
  });
});
