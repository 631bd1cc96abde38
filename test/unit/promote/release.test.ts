import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { buildTag, parseReleaseTag } from "../../../infra/base/model/build-tag";
import { reasonAs, reasonIn, releaseAmong } from "../../../infra/promote/release";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const TAG_OBJECT = "7".repeat(40);
const URL = "file:///node.git";

/** Refs of tags by their names, as git ls-remote lists them. */
const tags = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries).map(([name, object]) => [`refs/tags/${name}`, object]));

/** An annotated tag on a commit: the tag's own object, and the commit behind it. */
const annotated = (name: string, commit: string) => ({ [name]: TAG_OBJECT, [`${name}^{}`]: commit });

const look = (refs: ReadonlyMap<string, string>) => releaseAmong(refs, URL, parseReleaseTag("v1.2.3"));
const builds = (refs: ReadonlyMap<string, string>) => look(refs).builds.map(buildTag);

function refused(refs: ReadonlyMap<string, string>, line: RegExp, exitCode: number): void {
  throws(
    () => look(refs),
    (error: Error) => {
      ok(error instanceof UserError, error.stack);
      match(error.message, line);
      strictEqual(error.exitCode, exitCode);
      return true;
    },
  );
}

describe("the builds of a release tag", () => {
  it("are those whose tags stand on its commit, newest first", () => {
    const refs = tags({ ...annotated("v1.2.3", A), "v1.2.3+1": A, "v1.2.3+2": B, "v1.2.3+9": A, "v1.2.3+10": A });
    const { release, commit } = look(refs);
    deepStrictEqual([release, commit, builds(refs)], ["v1.2.3", A, ["v1.2.3+10", "v1.2.3+9", "v1.2.3+1"]]);
  });

  it("may be annotated tags, of which the commit counts and not the tag's object", () => {
    deepStrictEqual(
      builds(tags({ ...annotated("v1.2.3", A), ...annotated("v1.2.3+1", A), ...annotated("v1.2.3+2", B) })),
      ["v1.2.3+1"],
    );
  });

  it("are of this version only, and written as builds are", () => {
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
    refused(tags({ ...annotated("v1.2.3", A), ...others }), /\(there is none at all\)/, 2);
  });

  it("are not looked for without the tag, and a build or another version is none", () => {
    const missing =
      /^file:\/\/\/node\.git has no tag v1\.2\.3: git tag -a v1\.2\.3 COMMIT && git push origin v1\.2\.3$/;
    refused(new Map(), missing, 1);
    refused(tags({ "v1.2.3+1": A, ...annotated("v1.2.30", A) }), missing, 1);
    refused(new Map([["refs/heads/v1.2.3", A]]), missing, 1);
  });

  it("are refused for a lightweight tag, with the commands that mend it", () => {
    refused(
      tags({ "v1.2.3": A, "v1.2.3+1": A }),
      /^v1\.2\.3 is a lightweight tag, .*: git tag -a --force v1\.2\.3 v1\.2\.3 && git push --force origin v1\.2\.3$/,
      2,
    );
  });

  it("are refused when none stands on the commit, with where those there are stand", () => {
    refused(
      tags({ ...annotated("v1.2.3", A) }),
      /^no build tag v1\.2\.3\+N stands on aaaaaaaaaaaa, the commit of v1\.2\.3 \(there is none at all\): tag the commit of/,
      2,
    );
    refused(
      tags({ ...annotated("v1.2.3", A), "v1.2.3+1": B, ...annotated("v1.2.3+2", B) }),
      /\(v1\.2\.3\+2 stands on bbbbbbbbbbbb, v1\.2\.3\+1 stands on bbbbbbbbbbbb\)/,
      2,
    );
  });
});

describe("the reason in a tag's message", () => {
  it("is what its trailer says", () => {
    strictEqual(
      reasonIn("Release 1.2.3\n\nWithout-Simmer: fixes the fork of epoch 12\n"),
      "fixes the fork of epoch 12",
    );
    strictEqual(reasonIn("without-simmer:   in a hurry  \r\nSigned-off-by: A"), "in a hurry");
  });

  it("is missing when there is no such line, or nothing in it", () => {
    for (const message of [
      "",
      "Release 1.2.3\n",
      "We go Without-Simmer: see below",
      "Without-Simmer:\n",
      "Without-Simmer:   \nnext",
    ]) {
      strictEqual(reasonIn(message), undefined, message);
    }
  });
});

describe("a reason", () => {
  it("is one line of text that can be announced", () => {
    strictEqual(reasonAs("--reason", "  fixes <b>épochs</b> & forks "), "fixes <b>épochs</b> & forks");
    strictEqual(reasonAs("--reason", "x".repeat(1000)).length, 1000);
    for (const text of ["", " \n", "a\nb", "a\u001b[31mb", "a\u0000b", "x".repeat(1001)]) {
      throws(
        () => reasonAs("--reason", text),
        (error: Error) => {
          ok(error instanceof UserError, error.stack);
          match(error.message, /^--reason is ".*: wanted one line of text, 1 to 1000 characters$/);
          strictEqual(error.exitCode, 2);
          return true;
        },
      );
    }
  });
});
