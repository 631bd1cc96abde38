import { strictEqual } from "node:assert";
import { complaint } from "../../../../infra/base/clients/git";

describe("git's complaint", () => {
  const cases: [string, string[], string][] = [
    [
      "is what the remote said",
      ["remote: devnet is protected", "To file:///repo", " ! [remote rejected] c0ffee -> devnet (hook declined)"],
      "devnet is protected",
    ],
    [
      "is the first line, not the advice below it",
      ["fatal: '/nowhere' does not appear to be a git repository", "fatal: Could not read", "", "Please make sure"],
      "'/nowhere' does not appear to be a git repository",
    ],
    [
      "is not a warning",
      ["warning: redirecting to https://host/", "fatal: Authentication failed"],
      "Authentication failed",
    ],
    ["may be missing", [""], "git does not say why"],
  ];
  for (const [behaviour, stderr, expected] of cases) {
    it(behaviour, () => strictEqual(complaint(stderr.join("\n")), expected));
  }
});
