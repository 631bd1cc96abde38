import { strictEqual } from "node:assert";
import { complaint, requireTag, succeeded } from "../../../../infra/base/clients/git";
import { refuses } from "../../../support/errors";

describe("complaint", () => {
  const cases: [string, string[], string][] = [
    [
      "is the remote's reason",
      ["remote: devnet is protected", "To file:///repo", " ! [remote rejected] c0ffee -> devnet (hook declined)"],
      "devnet is protected",
    ],
    [
      "is the first line without the advice below it",
      ["fatal: '/nowhere' does not appear to be a git repository", "fatal: Could not read", "", "Please make sure"],
      "'/nowhere' does not appear to be a git repository",
    ],
    [
      "skips warnings",
      ["warning: redirecting to https://host/", "fatal: Authentication failed"],
      "Authentication failed",
    ],
    ["reports that git gave no reason", [""], "git gave no reason"],
  ];
  for (const [behaviour, stderr, expected] of cases) {
    it(behaviour, () => strictEqual(complaint(stderr.join("\n")), expected));
  }
});

describe("succeeded", () => {
  const finished = (exitCode: number) => ({ exitCode, stdout: "", stderr: "fatal: no access" });

  it("accepts a command that succeeded", () => succeeded("The repository cannot be read", finished(0)));

  it("names the problem and git's reason", () =>
    refuses(() => succeeded("The repository cannot be read", finished(128)), "GitFailed", {
      names: ["The repository cannot be read", "no access"],
    }));
});

describe("requireTag", () => {
  it("returns the commit", () => strictEqual(requireTag("c0ffee", "file:///repo", "v1.2.3+1"), "c0ffee"));

  it("names the repository, the tag and the command that pushes it", () =>
    refuses(() => requireTag(undefined, "file:///repo", "v1.2.3+1"), "TagMissing", {
      names: ["file:///repo", "v1.2.3+1", "`git push origin v1.2.3+1`"],
    }));
});
