import { deepStrictEqual, ok, rejects } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import { mockEngine } from "./program";
import { SETTINGS_OF_AN_OPERATOR } from "./settings";

/** The program of this project, as the engine calls it. */
async function program(): Promise<object> {
  const entry = (await import("../../infra/index.js")) as unknown as { default: () => Promise<object> };
  return entry.default();
}

/** Valid settings as Pulumi hands them over, with some of them changed; undefined is not set. */
function config(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const all = Object.entries({ ...SETTINGS_OF_AN_OPERATOR, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [`smeshnet:${key}`, text(value)]));
}

describe("entry of the program", () => {
  it("refuses a stack it has no program for, with the names it knows", async () => {
    const resources = await mockEngine("staging", {}, config());
    await rejects(program(), (error: Error) => {
      ok(error instanceof RunError);
      ok(error.message.includes('no program for stack "staging": name it edge, like 1_2_3_1'), error.message);
      return true;
    });
    deepStrictEqual(resources, []);
  });

  it("shows every mistake in the settings at once, without a stack trace, before it makes anything", async () => {
    const resources = await mockEngine("1_2_3_1", {}, config({ zoneId: undefined, miners: "many", port: "0" }));
    await rejects(program(), (error: Error) => {
      ok(error instanceof RunError);
      for (const part of ["3 settings are wrong", "zoneId is not set", 'miners is "many"', 'port is "0"']) {
        ok(error.message.includes(part), `${part} in ${error.message}`);
      }
      return true;
    });
    deepStrictEqual(resources, []);
  });
});
