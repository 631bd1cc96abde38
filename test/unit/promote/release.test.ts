import { deepStrictEqual, strictEqual } from "node:assert";
import { buildTag, parseReleaseTag } from "../../../infra/base/model/build-tag";
import { reasonIn, releaseAmong } from "../../../infra/promote/release";
import { refuses } from "../../support/errors";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const TAG_OBJECT = "7".repeat(40);
const URL = "file:///node.git";

/** Refs of tags by their names, as git ls-remote lists them. */
const tags = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries).map(([name, object]) => [`refs/tags/${name}`, object]));

/** An annotated tag: its own object, and the commit that it points to. */
const annotated = (name: string, commit: string) => ({ [name]: TAG_OBJECT, [`${name}^{}`]: commit });

const look = (refs: ReadonlyMap<string, string>) => releaseAmong(refs, URL, parseReleaseTag("v1.2.3"));
const builds = (refs: ReadonlyMap<string, string>) => look(refs).builds.map(buildTag);

const refused = (refs: ReadonlyMap<string, string>, code: string, exitCode: 1 | 2, ...names: string[]) =>
  refuses(() => look(refs), code, { exitCode, names });

describe("releaseAmong", () => {
  it("finds the builds whose tags point to the release's commit, newest first", () => {
    const refs = tags({ ...annotated("v1.2.3", A), "v1.2.3+1": A, "v1.2.3+2": B, "v1.2.3+9": A, "v1.2.3+10": A });
    const { release, commit } = look(refs);
    deepStrictEqual([release, commit, builds(refs)], ["v1.2.3", A, ["v1.2.3+10", "v1.2.3+9", "v1.2.3+1"]]);
  });

  it("compares the commit of an annotated build tag, not the tag's own object", () => {
    deepStrictEqual(
      builds(tags({ ...annotated("v1.2.3", A), ...annotated("v1.2.3+1", A), ...annotated("v1.2.3+2", B) })),
      ["v1.2.3+1"],
    );
  });

  it("ignores tags of other versions, and tags that are not build tags", () => {
    const others = {
      "v1.2.30+1": A,
      "v1.2.30": A,
      "v1.2.3-rc1": A,
      "v1.2.3+rc": A,
      "v1.2.3+1.5": A,
      "v1.2.3+01": A,
      "v1.2.3+0": A,
    };
    deepStrictEqual(builds(tags({ ...annotated("v1.2.3", A), ...others, "v1.2.3+7": A })), ["v1.2.3+7"]);
    refused(tags({ ...annotated("v1.2.3", A), ...others }), "BuildTagMissing", 2, "no build tags");
  });

  it("refuses a missing release tag, with the commands that create it", () => {
    const others = [
      new Map(),
      tags({ "v1.2.3+1": A, ...annotated("v1.2.30", A) }),
      new Map([["refs/heads/v1.2.3", A]]),
    ];
    for (const refs of others)
      refused(refs, "TagMissing", 1, URL, "`git tag -a v1.2.3 COMMIT && git push origin v1.2.3`");
  });

  it("refuses a lightweight tag, with the commands that replace it", () => {
    refused(
      tags({ "v1.2.3": A, "v1.2.3+1": A }),
      "TagLightweight",
      2,
      "`git tag -a --force v1.2.3 v1.2.3 && git push --force origin v1.2.3`",
    );
  });

  it("refuses a commit without a build tag, and names the commits of the release's build tags", () => {
    refused(tags({ ...annotated("v1.2.3", A) }), "BuildTagMissing", 2, "v1.2.3+N", "aaaaaaaaaaaa", "no build tags");
    refused(
      tags({ ...annotated("v1.2.3", A), "v1.2.3+1": B, ...annotated("v1.2.3+2", B) }),
      "BuildTagMissing",
      2,
      "v1.2.3+2 points to bbbbbbbbbbbb, v1.2.3+1 points to bbbbbbbbbbbb",
    );
  });
});

describe("reasonIn", () => {
  it("reads the trailer Without-Simmer of a tag's message", () => {
    strictEqual(
      reasonIn("Release 1.2.3\n\nWithout-Simmer: fixes the fork of epoch 12\n"),
      "fixes the fork of epoch 12",
    );
    strictEqual(reasonIn("without-simmer:   in a hurry  \r\nSigned-off-by: A"), "in a hurry");
  });

  it("finds nothing without such a line, or with an empty one", () => {
    for (const message of [
      "",
      "Release 1.2.3\n",
      "We go Without-Simmer: see below",
      "Without-Simmer:\n",
      "Without-Simmer:   \nnext",
      "Release\n\nWe never write\nWithout-Simmer: words\nin the middle.\n\nMore text.\n",
    ]) {
      strictEqual(reasonIn(message), undefined, message);
    }
  });

  it("refuses two reasons, rather than take the first", () =>
    refuses(() => reasonIn("Release\n\nWithout-Simmer: first\nWithout-Simmer: second\n"), "ReasonTwice", {
      names: ["2 lines", "--reason TEXT"],
      exitCode: 2,
    }));

  it("refuses a reason that is not UTF-8, rather than show other letters", () => {
    const message = Buffer.from("Release\n\nWithout-Simmer: trop de d\xe9lai\n", "latin1").toString("utf8");
    refuses(() => reasonIn(message), "ReasonNotText", { names: ["trop de d"], exitCode: 2 });
  });
});
