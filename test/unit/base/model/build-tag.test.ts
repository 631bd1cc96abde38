import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  fromStackName,
  hostLabel,
  InvalidBuildTag,
  imageTag,
  isBuildTag,
  isReleaseTag,
  parseBuildTag,
  parseReleaseTag,
  releaseTag,
  stackName,
} from "../../../../infra/base/model/build-tag";
import { refuses } from "../../../support/errors";

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

function isReadable(text: string): boolean {
  try {
    return buildTag(parseBuildTag(text)) === text;
  } catch {
    return false;
  }
}

describe("a build tag", () => {
  it("has a format for each use: stacks, hosts, images and releases", () => {
    const tag = parseBuildTag("v1.2.3+1");
    strictEqual(stackName(tag), "1_2_3_1");
    strictEqual(hostLabel(tag), "v1-2-3-1");
    strictEqual(imageTag(tag), "v1.2.3-b1");
    strictEqual(releaseTag(tag), "v1.2.3");
  });

  it("is read back from its text and from its stack name", () => {
    fc.assert(
      fc.property(tags, (tag) => {
        deepStrictEqual(parseBuildTag(buildTag(tag)), tag);
        deepStrictEqual(fromStackName(stackName(tag)), tag);
      }),
    );
  });

  it("is only read from text that it would write itself", () => {
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
        strictEqual(isBuildTag(text), isReadable(text));
      }),
    );
  });

  const wrong = [
    ...["", "1.2.3+1", "v1.2.3", "v1.2.3+0", "v1.2.3+01", "v01.2.3+1", "v1.2+1", "v1.2.3.4+1", "v1.2.3-rc.1+1"],
    ...["v1.2.3+1 ", "v1.2.3+1+2", "V1.2.3+1", "v1.2.3+x", "v1.2.3+1\n", "v9007199254740993.0.0+1"],
  ];
  for (const text of wrong) {
    it(`is not read from ${JSON.stringify(text)}; the error shows the format`, () => {
      const names = [JSON.stringify(text), "v1.2.3+1"];
      refuses(() => parseBuildTag(text), "BuildTagInvalid", { exitCode: 2, names });
      strictEqual(isBuildTag(text), false);
    });
  }

  it("is refused when its cluster name is longer than 40 characters", () => {
    const tag = "v1000000000000.1000000000000.1000000000000+1";
    const names = ["v1000000000000-1000000000000-1000000000000-1", "40"];
    refuses(() => parseBuildTag(tag), "BuildTagInvalid", { exitCode: 2, names });
    strictEqual(isBuildTag(tag), false);
    strictEqual(fromStackName("1000000000000_1000000000000_1000000000000_1"), undefined);
  });

  it("is ordered by version, then by build number, both as numbers", () => {
    const texts = ["v1.10.0+1", "v1.9.0+2", "v1.9.0+10", "v0.9.9+99"];
    const sorted = texts.map(parseBuildTag).sort(compareBuildTags).map(buildTag);
    deepStrictEqual(sorted, ["v0.9.9+99", "v1.9.0+2", "v1.9.0+10", "v1.10.0+1"]);
  });
});

describe("a release tag", () => {
  it("is a version without a build number", () => {
    deepStrictEqual(parseReleaseTag("v1.2.3"), { major: 1, minor: 2, patch: 3 });
    strictEqual(isReleaseTag("v1.2.3"), true);
  });

  for (const text of ["", "1.2.3", "v1.2", "v1.2.3+1", "v1.2.3-rc.1", "v01.2.3"]) {
    it(`is not read from ${JSON.stringify(text)}; the error shows the format`, () => {
      const names = [JSON.stringify(text), "v1.2.3"];
      refuses(() => parseReleaseTag(text), "ReleaseTagInvalid", { exitCode: 2, names });
      strictEqual(isReleaseTag(text), false);
    });
  }
});
