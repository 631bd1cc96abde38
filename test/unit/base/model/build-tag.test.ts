import { deepStrictEqual, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  fromStackName,
  hostLabel,
  InvalidBuildTag,
  imageTag,
  parseBuildTag,
  releaseTag,
  stackName,
} from "../../../../infra/base/model/build-tag";

const number = fc.nat({ max: 99_999 });
const tags: fc.Arbitrary<BuildTag> = fc.record(
  {
    major: number,
    minor: number,
    patch: number,
    build: fc.integer({ min: 1, max: 99_999 }),
  },
  { noNullPrototype: true },
);

describe("build tag", () => {
  it("has one form for each use", () => {
    const tag = parseBuildTag("v1.2.3+1");
    strictEqual(stackName(tag), "1_2_3_1");
    strictEqual(hostLabel(tag), "v1-2-3-1");
    strictEqual(imageTag(tag), "v1.2.3-b1");
    strictEqual(releaseTag(tag), "v1.2.3");
  });

  it("comes back from its own text and from the stack's name", () => {
    fc.assert(
      fc.property(tags, (tag) => {
        deepStrictEqual(parseBuildTag(buildTag(tag)), tag);
        deepStrictEqual(fromStackName(stackName(tag)), tag);
      }),
    );
  });

  it("takes no text that it would not write itself", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."v0123456789.+_-rc "), maxLength: 16 });
    fc.assert(
      fc.property(nearly, (text) => {
        try {
          strictEqual(buildTag(parseBuildTag(text)), text);
        } catch (error) {
          if (!(error instanceof InvalidBuildTag)) throw error;
        }
        const tag = fromStackName(text);
        if (tag) strictEqual(stackName(tag), text);
      }),
    );
  });

  const wrong = [
    ...["", "1.2.3+1", "v1.2.3", "v1.2.3+0", "v1.2.3+01", "v01.2.3+1", "v1.2+1", "v1.2.3.4+1", "v1.2.3-rc.1+1"],
    ...["v1.2.3+1 ", "v1.2.3+1+2", "V1.2.3+1", "v1.2.3+x", "v1.2.3+1\n", "v9007199254740993.0.0+1"],
  ];
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)} and says how to write it`, () => {
      throws(() => parseBuildTag(text), /is not a build tag: write it as v1\.2\.3\+1/);
    });
  }

  it("refuses a tag whose label is too long for the name of a cluster", () => {
    throws(() => parseBuildTag("v1000000000000.1000000000000.1000000000000+1"), /longer than the 40 characters/);
    strictEqual(fromStackName("1000000000000_1000000000000_1000000000000_1"), undefined);
  });

  it("is ordered by version, then by build number as a number", () => {
    const texts = ["v1.10.0+1", "v1.9.0+2", "v1.9.0+10", "v0.9.9+99"];
    const sorted = texts.map(parseBuildTag).sort(compareBuildTags).map(buildTag);
    deepStrictEqual(sorted, ["v0.9.9+99", "v1.9.0+2", "v1.9.0+10", "v1.10.0+1"]);
  });
});
