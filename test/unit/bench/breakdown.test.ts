import { deepStrictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { breakdown, type TimedEvent } from "../../../bench/breakdown";

/** A resource's step between two seconds. The run begins at second 0. */
function step(type: string, name: string, from: number, to: number, op = "create"): TimedEvent[] {
  const metadata = { op, type, urn: `urn:pulumi:1_2_3_1::smeshnet::${type}::${name}` };
  const event = (fields: object) => fields as EngineEvent;
  return [
    { at: from * 1000, event: event({ resourcePreEvent: { metadata } }) },
    { at: to * 1000, event: event({ resOutputsEvent: { metadata } }) },
  ];
}

const prelude: TimedEvent = { at: 1000, event: { preludeEvent: { config: {} } } as EngineEvent };

describe("breakdown", () => {
  const command = "command:local:Command";

  it("separates the starts of engine and program from the time of providers and of our commands", () => {
    const events = [
      prelude,
      ...step("pulumi:pulumi:Stack", "s", 2, 9),
      ...step(command, "smoke", 3, 7),
      ...step("kubernetes:apps/v1:Deployment", "explorer-api", 4, 6),
    ];
    deepStrictEqual(breakdown(events, 0, 9000), {
      total: 9,
      engineStart: 1,
      programStart: 2,
      providers: 2,
      steps: 4,
      objects: 2,
      each: [
        { name: "smoke", seconds: 4 },
        { name: "explorer-api", seconds: 2 },
      ],
    });
  });

  it("counts no time for unchanged resources", () => {
    const { steps, each } = breakdown([prelude, ...step(command, "smoke", 3, 7, "same")], 0, 9000);
    deepStrictEqual([steps, each], [0, []]);
  });
});
