import { deepStrictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Progress } from "../../../../infra/base/engine/progress";

const urn = (type: string, name: string): string => `urn:pulumi:1_2_3_1::smeshnet::${type}::${name}`;

const COMPONENT = urn("smeshnet:components:Poet", "poet-1");
const COMMAND = urn("smeshnet:components:Poet$command:local:Command", "poet-1");
const STACK = urn("pulumi:pulumi:Stack", "smeshnet-1_2_3_1");
const PROVIDER = urn("smeshnet:components:Network$pulumi:providers:kubernetes", "network-cluster");

/** The engine's events of a step, as far as progress is made of them. */
const begins = (op: string, of: string) => ({ resourcePreEvent: { metadata: { op, urn: of } } });
const ends = (op: string, of: string) => ({ resOutputsEvent: { metadata: { op, urn: of } } });
const fails = (op: string, of: string) => ({ resOpFailedEvent: { metadata: { op, urn: of } } });
const says = (message: string, about: Record<string, unknown>) => ({ diagnosticEvent: { message, ...about } });

/** What progress makes of some events, each of which takes a second and a half. */
function linesOf(...events: object[]): string[] {
  const lines: string[] = [];
  let time = 0;
  const progress = new Progress(
    (line) => lines.push(line),
    () => time,
  );
  for (const event of events) {
    progress.take(event as EngineEvent);
    time += 1500;
  }
  return lines;
}

describe("progress", () => {
  it("tells when a step of the cycle begins, and how long its resources take", () => {
    const events = [
      begins("create", COMPONENT),
      begins("create", COMMAND),
      ends("create", COMMAND),
      ends("create", COMPONENT),
    ];
    deepStrictEqual(linesOf(...events), ["poet-1: making", "  poet-1 done (1.5 s)"]);
  });

  it("tells a step with the first of its resources, where an earlier run has made the component or all goes", () => {
    const within = (op: string, state: "new" | "old") => ({
      resourcePreEvent: { metadata: { op, urn: COMMAND, [state]: { parent: COMPONENT } } },
    });
    deepStrictEqual(linesOf(within("create", "new"), ends("create", COMMAND)), [
      "poet-1: making",
      "  poet-1 done (1.5 s)",
    ]);
    deepStrictEqual(linesOf(within("delete", "old"), ends("delete", COMMAND), begins("delete", COMPONENT)), [
      "poet-1: removing",
      "  poet-1 done (1.5 s)",
    ]);
  });

  const doing: [string, string][] = [
    ["create", "making"],
    ["update", "changing"],
    ["delete", "removing"],
    ["delete-replaced", "removing"],
    ["create-replacement", "making"],
  ];
  for (const [op, word] of doing) {
    it(`calls ${op} ${word}`, () => deepStrictEqual(linesOf(begins(op, COMPONENT)), [`poet-1: ${word}`]));
  }

  it("says of a failure what failed and after which time", () => {
    deepStrictEqual(linesOf(begins("create", COMMAND), fails("create", COMMAND)), ["  poet-1 FAILED (1.5 s)"]);
    deepStrictEqual(linesOf(begins("create", COMPONENT), fails("create", COMPONENT)), [
      "poet-1: making",
      "  poet-1 FAILED (1.5 s)",
    ]);
  });

  it("is silent about what does not change, and about the engine's own resources", () => {
    const unchanged = [begins("same", COMMAND), ends("same", COMMAND), begins("read", COMMAND), ends("read", COMMAND)];
    const machinery = [STACK, PROVIDER].flatMap((own) => [begins("create", own), ends("create", own)]);
    deepStrictEqual(linesOf(...unchanged, ...machinery), []);
  });

  it("passes on what verbs say while they run, without colours", () => {
    const said = says("<{%reset%}>poet-1 answers<{%reset%}>\n", { severity: "info", urn: COMMAND, ephemeral: true });
    deepStrictEqual(linesOf(said), ["  poet-1 | poet-1 answers"]);
  });

  it("says why a verb has failed in one line, once", () => {
    const words = "error: poet-1 does not answer: look at it";
    const ephemeral = says(words, { severity: "info#err", urn: COMMAND, ephemeral: true });
    const failed = `exit status 1: running "exec node":\nwaiting\n${words}`;
    deepStrictEqual(linesOf(ephemeral, says(failed, { severity: "error", urn: COMMAND })), [
      "error: poet-1: poet-1 does not answer: look at it",
    ]);
  });

  it("tells mistakes and warnings with their resource, and those of the engine without one", () => {
    deepStrictEqual(
      linesOf(
        says("exit status 1", { severity: "error", urn: COMMAND }),
        says("update failed", { severity: "error" }),
        says("a plugin is old", { severity: "info#err" }),
      ),
      ["error: poet-1: exit status 1", "error: update failed", "  pulumi | a plugin is old"],
    );
  });

  it("is silent about debug messages and empty ones", () => {
    const silent = [
      says("registering", { severity: "debug", ephemeral: true }),
      says("<{%reset%}>\n", { severity: "info" }),
    ];
    deepStrictEqual(linesOf(...silent), []);
  });
});
