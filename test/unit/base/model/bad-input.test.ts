import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { RunError } from "@pulumi/pulumi";
import { InvalidBuildTag, parseBuildTag } from "../../../../infra/base/model/build-tag";
import { InvalidSettings, readSettings, variableOf, withEnvironment } from "../../../../infra/base/model/settings";
import { mockEngine } from "../../../support/program";
import { SETTINGS_OF_AN_OPERATOR } from "../../../support/settings";
import { LACKING, WRONG_SETTINGS, WRONG_STACKS, WRONG_TAGS } from "../../../support/wrong-settings";

/** The program of this project, as the engine calls it. */
async function program(): Promise<object> {
  const entry = (await import("../../../../stacks/index.js")) as unknown as { default: () => Promise<object> };
  return entry.default();
}

/** As Pulumi hands a value over. */
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Valid settings as Pulumi hands them over, with some of them changed; undefined is not set. */
function config(changes: Record<string, unknown>): Record<string, string> {
  const all = Object.entries({ ...SETTINGS_OF_AN_OPERATOR, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [`smeshnet:${key}`, text(value)]));
}

/** One line that begins with what is wrong and tells what to do. */
function oneLine(message: string, subject: string, fix: RegExp): void {
  deepStrictEqual(message.split("\n").length, 1, message);
  ok(message.startsWith(subject), `${subject} at the start of: ${message}`);
  match(message, fix);
}

/** What the program says when it is run with these; it must not have made anything. */
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

describe("a bad build tag", () => {
  for (const [given, fix] of WRONG_TAGS) {
    it(`${text({ given }).slice(9, 60)} is refused with the form that is wanted`, () => {
      throws(
        () => parseBuildTag(given),
        (error: Error) => {
          ok(error instanceof InvalidBuildTag, error.stack);
          oneLine(error.message, '"', fix);
          match(error.message, /is not a build tag: /);
          return true;
        },
      );
    });
  }
});

describe("a bad stack name", () => {
  for (const name of WRONG_STACKS) {
    it(`${name} is refused by the program with the names it knows`, async () => {
      const said = await refusal(name, config({}));
      oneLine(
        said,
        `no program for stack "${name}": `,
        /name it edge, like 1_2_3_1 \(build tag v1\.2\.3\+1\), or as a channel: testnet$/,
      );
    });
  }
});

describe("a setting that is not set", () => {
  for (const [key, fix] of LACKING) {
    it(`is named with its meaning: ${key}`, async () => {
      const said = await refusal("1_2_3_1", config({ [key]: undefined }));
      oneLine(said, `smeshnet:${key} is not set: wanted `, fix);
    });
  }
});

describe("a bad setting", () => {
  for (const [key, value, fix] of WRONG_SETTINGS) {
    const name = `${key} = ${text(value).slice(0, 40)}`;

    it(`in Pulumi.yaml is refused by the program: ${name}`, async () => {
      const said = await refusal("1_2_3_1", config({ [key]: value }));
      oneLine(said, `smeshnet:${key}`, fix);
      match(said, new RegExp(`\\(set it in Pulumi\\.yaml, or ${variableOf(key)}\\)$`));
    });

    it(`in ${variableOf(key)} is refused by every reader: ${name}`, () => {
      const source = withEnvironment((other) => SETTINGS_OF_AN_OPERATOR[other], { [variableOf(key)]: text(value) });
      throws(
        () => readSettings(source),
        (error: Error) => {
          ok(error instanceof InvalidSettings, error.stack);
          strictEqual(error.mistakes.length, 1);
          oneLine(error.message, `smeshnet:${key}`, fix);
          return true;
        },
      );
    });
  }

  it("is one line beside others, each with its fix", async () => {
    const said = await refusal("edge", config({ port: 0, miners: "many", archive: "s3://key@bucket" }));
    const [first, ...mistakes] = said.split("\n");
    strictEqual(first, "3 settings are wrong:");
    deepStrictEqual(
      mistakes.map((line) => line.replace(/ is .*/, "")),
      ["  smeshnet:port", "  smeshnet:miners", "  smeshnet:archive"],
    );
  });
});
