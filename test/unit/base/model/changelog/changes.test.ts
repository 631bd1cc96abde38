import { strictEqual } from "node:assert";
import { changesOf } from "../../../../../infra/base/model/changelog/changes";

const CHANGELOG = `# Changelog

## [Unreleased]

- not yet

## [1.3.0] - 2026-02-01

### Added
- a thing of [1.3.0]

[1.3.0]: https://example.org/1.3.0

## v1.2.30

- of another

## 1.2.3-rc1

- a candidate

## 1.2.3 (2026-01-01)

### Fixed

- a fault

\`\`\`
## 1.1.0
[x]: https://example.org/
\`\`\`

- another

## Release v1.2.2

- of a release

## 1.2.1
## Release v1.1

- a release that leaves out the nought

## 1.2.0

- the last

[1.2.0]: https://example.org/1.2.0
`;

describe("changesOf", () => {
  for (const [release, changes] of [
    ["v1.3.0", "### Added\n- a thing of [1.3.0]"],
    [
      "v1.2.3",
      "### Fixed\n\n- a fault\n\n```\n## 1.1.0\n[x]: https://example.org/\n```\n\n- another", // a code block stays as it is
    ],
    ["v1.2.2", "- of a release"],
    ["v1.2.1", ""],
    ["v1.2.0", "- the last"],
    ["v1.1.0", "- a release that leaves out the nought"], // the other heading with this version is in a code block
    ["v1.1.1", undefined],
    ["v1.2.4", undefined],
    ["v2.3.0", undefined],
  ] as const) {
    it(`returns the section below the version's heading, if there is one: ${release}`, () => {
      strictEqual(changesOf(CHANGELOG, release), changes);
      strictEqual(changesOf(`\uFEFF${CHANGELOG.replaceAll("\n", "\r\n")}`, release), changes);
    });
  }
});
