import { deepStrictEqual, match, ok, rejects } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import { PROMOTION_VARIABLE } from "../../../infra/base/model/promotion";
import { networkOutputs, statesOf } from "../../support/channel-stack";
import { mockEngine, run } from "../../support/program";
import { promotion } from "../../support/promotions";
import { SETTINGS_OF_AN_OPERATOR } from "../../support/settings";

/** The program of this project, as the engine calls it. */
async function program(): Promise<object> {
  const entry = (await import("../../../stacks/index.js")) as unknown as { default: () => Promise<object> };
  return entry.default();
}

/** Valid settings as Pulumi hands them over, with some of them changed; undefined is not set. */
function config(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const all = Object.entries({ ...SETTINGS_OF_AN_OPERATOR, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [`smeshnet:${key}`, text(value)]));
}

describe("stacks/index", () => {
  it("refuses a stack without a program, and names the known ones", async () => {
    const resources = await mockEngine("staging", {}, config());
    await rejects(program(), (error: Error) => {
      ok(error instanceof RunError);
      match(error.message, /"staging" .*1_2_3_1 .*edge.*testnet/);
      return true;
    });
    deepStrictEqual(resources, []);
  });

  describe("for a configured channel", () => {
    const GIVEN = promotion(1, "v1.2.3", { channel: "stage" });
    const channels = '["testnet","stage"]';
    afterEach(() => {
      delete process.env[PROMOTION_VARIABLE];
    });

    /** Runs the program of the stack `stage`, which has no outputs yet. */
    async function stage(given?: unknown) {
      const states = statesOf({}, networkOutputs("v1.2.3+1"));
      const resources = await mockEngine(
        "stage",
        { ...states, stage: { stdout: '{"commit":"c0ffee"}' } },
        config({ channels }),
      );
      if (given !== undefined) process.env[PROMOTION_VARIABLE] = JSON.stringify(given);
      return { resources, outputs: run(program) };
    }

    it("runs the channel's program with the promotion in the environment", async () => {
      const { resources, outputs } = await stage(GIVEN);
      deepStrictEqual((await outputs).promotion, GIVEN);
      ok(resources.some(({ name }) => name === "gateway.stage.net.spacemesh.io"));
    });

    it("reports in one line, without a stack trace, that nothing was promoted yet", async () => {
      const { resources, outputs } = await stage();
      await rejects(outputs, (error: Error) => {
        ok(error instanceof RunError, error.stack);
        match(error.message, /^stage .*`smeshnet promote/);
        return true;
      });
      deepStrictEqual(
        resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
        [],
      );
    });

    const damaged: [what: string, given: unknown, line: RegExp][] = [
      [
        "without its generation",
        { ...GIVEN, generation: undefined },
        /^PROMOTION\.generation is missing, expected a whole/,
      ],
      [
        "of no build",
        { ...GIVEN, tag: "v1.2.3" },
        /^PROMOTION\.tag is "v1\.2\.3", expected a build tag, e\.g\. v1\.2\.3\+1\. /,
      ],
      ["of another channel", promotion(1, "v1.2.3"), /testnet.* stage/],
    ];
    for (const [what, given, line] of damaged) {
      it(`refuses a promotion ${what}`, async () => {
        const { outputs } = await stage(given);
        await rejects(outputs, (error: Error) => {
          ok(error instanceof RunError, error.stack);
          match(error.message, line);
          return true;
        });
      });
    }

    it("names all channels when a stack belongs to none of them", async () => {
      await mockEngine("mainnet", {}, config({ channels }));
      await rejects(program(), /"mainnet" .*testnet, stage\.$/);
      await mockEngine("mainnet", {}, config({ channels: "[]" }));
      await rejects(program(), /"mainnet" .*none is configured\.$/);
    });
  });

  it("shows every mistake in the settings at once, without a stack trace, before it creates anything", async () => {
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
