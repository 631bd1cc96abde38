import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { InvalidSettings, readSettings, variableOf, withEnvironment } from "../../../../infra/base/model/settings";
import { refuses } from "../../../support/errors";
import { mockEngine } from "../../../support/program";
import { SETTINGS_OF_AN_OPERATOR } from "../../../support/settings";
import { LACKING, WRONG_SETTINGS, WRONG_STACKS, WRONG_TAGS } from "../../../support/wrong-settings";

/** The program of this project, as the engine calls it. */
async function program(): Promise<object> {
  const entry = (await import("../../../../stacks/index.js")) as unknown as { default: () => Promise<object> };
  return entry.default();
}

/** A value as Pulumi passes it. */
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Valid settings as Pulumi passes them, with some of them changed; undefined removes one. */
function config(changes: Record<string, unknown>): Record<string, string> {
  const all = Object.entries({ ...SETTINGS_OF_AN_OPERATOR, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [`smeshnet:${key}`, text(value)]));
}

/** The error of the program under these settings. The program must not have created anything. */
async function refusal(stack: string, settings: Record<string, string>): Promise<string> {
  const resources = await mockEngine(stack, {}, settings);
  let said = "";
  await rejects(program(), (error: Error) => {
    ok(error instanceof RunError, error.stack); // the engine shows these without a stack trace
    said = error.message;
    return true;
  });
  deepStrictEqual(resources, []);
  return said;
}

/** Checks that an error is one line that holds all these names. */
function oneLineWith(message: string, names: readonly string[]): void {
  strictEqual(message.split("\n").length, 1, message);
  for (const name of names) ok(message.includes(name), `${name} is not in: ${message}`);
}

describe("parseBuildTag", () => {
  for (const [given, names] of WRONG_TAGS) {
    it(`refuses ${text({ given }).slice(9, 60)} and names the expected form`, () => {
      refuses(() => parseBuildTag(given), "BuildTagInvalid", { exitCode: 2, names });
    });
  }
});

describe("the program of an unknown stack", () => {
  for (const name of WRONG_STACKS) {
    it(`refuses ${name} and names the known stacks`, async () => {
      oneLineWith(await refusal(name, config({})), [`"${name}"`, "edge", "1_2_3_1", "v1.2.3+1", "testnet"]);
    });
  }
});

describe("a missing setting", () => {
  for (const [key, names] of LACKING) {
    it(`is named with the expected value: ${key}`, async () => {
      const said = await refusal("1_2_3_1", config({ [key]: undefined }));
      oneLineWith(said, [`smeshnet:${key} is not set`, "Pulumi.yaml", variableOf(key), ...names]);
    });
  }
});

describe("a wrong setting", () => {
  for (const [key, value, names] of WRONG_SETTINGS) {
    const name = `${key} = ${text(value).slice(0, 40)}`;

    it(`is refused by the program when Pulumi.yaml has it: ${name}`, async () => {
      oneLineWith(await refusal("1_2_3_1", config({ [key]: value })), [`smeshnet:${key}`, "Pulumi.yaml", ...names]);
    });

    if (text(value) === "") continue; // an empty variable counts as unset
    it(`is refused by every reader when ${variableOf(key)} has it: ${name}`, () => {
      const source = withEnvironment((other) => SETTINGS_OF_AN_OPERATOR[other], { [variableOf(key)]: text(value) });
      const all = [`smeshnet:${key}`, "Pulumi.yaml", ...names];
      refuses(() => readSettings(source), "SettingsInvalid", { exitCode: 2, names: all });
    });
  }

  it("is told with the variable that sets it, unless nothing may set it", () => {
    const fixOf = (key: string, value: unknown) => {
      try {
        readSettings((other) => ({ ...SETTINGS_OF_AN_OPERATOR, [key]: value })[other]);
      } catch (error) {
        if (error instanceof InvalidSettings) return error.fix;
      }
      return undefined;
    };
    strictEqual(fixOf("port", 99999), "Set it in Pulumi.yaml or SMESHNET_PORT.");
    strictEqual(fixOf("layersPerEpoch", 0), "Set it in Pulumi.yaml or SMESHNET_LAYERS_PER_EPOCH.");
    const versions = { ...(SETTINGS_OF_AN_OPERATOR.versions as object), foo: "v1.2.3" };
    strictEqual(fixOf("versions", versions), "Remove it from Pulumi.yaml.");
  });

  it("has a line of its own among several, with its fix", async () => {
    const said = await refusal("edge", config({ port: 0, miners: "many", archive: "s3://key@bucket" }));
    const [, ...mistakes] = said.split("\n");
    deepStrictEqual(
      mistakes.map((line) => line.trim().replace(/ is .* or /, " ")),
      ["smeshnet:port SMESHNET_PORT.", "smeshnet:miners SMESHNET_MINERS.", "smeshnet:archive SMESHNET_ARCHIVE."],
    );
  });
});
