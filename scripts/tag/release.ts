import { defineCommand, flag, optionalArgument } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { file } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { parseReleaseTag, releaseTag } from "../../infra/base/model/build-tag";
import { reasonAs } from "../../infra/base/model/promotion";
import { tagFlags, taggerOf } from "./person";

export const command = defineCommand({
  about: [
    "Tags the commit of a version's newest build as its release, in a checkout of the node repository, and pushes only " +
      "this tag. Without a version it takes that of the checked-out commit.",
    "The build needs its simmer certificate, or a reason: the tag keeps it as `Without-Simmer: TEXT`. Where state and " +
      "store cannot be read, the command says that it sees no certificate. The promotion checks it again.",
    "The tag is annotated, and signed if git signs tags. All rules of `smeshnet tag check` are checked before. On a " +
      "terminal the command asks. Elsewhere it needs `--yes` or `--dry-run`. If a run is killed, the same command " +
      "finishes it.",
  ],
  arguments: { release: optionalArgument("RELEASE", parseReleaseTag, "Release tag, e.g. v1.2.3.") },
  flags: {
    message: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "First line of the tag's message; `Release v1.2.3` unless given.",
    ),
    reason: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "Why the release goes without a simmer certificate; shown publicly.",
    ),
    ...tagFlags,
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet tag release", "Release the version of the checked-out commit, on a terminal."],
    ["smeshnet tag release v1.2.3 --yes", "Release a version, in a script."],
    ['smeshnet tag release v1.2.3 --reason "Fixes the sync stall of v1.2.2"', "Release it without a certificate."],
  ],
  async run({ release }, { message, reason, branch, dryRun, yes, json }, run) {
    const tagger = taggerOf({ yes, json, dryRun }, run);
    const [{ tagRelease }, { endLines }, { recordsOf }, { signingOfProject }] = await Promise.all([
      import("../../infra/prepare/tags/release.js"),
      import("../../infra/prepare/tags/text.js"),
      import("./records.js"),
      import("./signing.js"),
    ]);
    const signing = await signingOfProject(run);
    const records = (tag: string, commit: string, builds: readonly string[]) => recordsOf(tag, commit, builds, run);
    const version = release && releaseTag(release);
    const request = { folder: file(".", "folder"), branch, release: version, message, reason, isDry: dryRun, signing };
    const done = await tagRelease({ ...request, records }, tagger, run);
    if (json) answer({ schema: 1, ...done });
    else print(...endLines(done));
  },
});
