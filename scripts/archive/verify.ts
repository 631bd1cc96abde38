import { defineCommand } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { buildTagArgument } from "../../infra/base/cli/flags";
import { print } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";
import { buildTag } from "../../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Reads all archives of a network back, and compares sizes and SHA-256 digests with what was written. The command fails " +
      "if a single byte differs.",
  ],
  arguments: { tag: buildTagArgument },
  flags: {},
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet archive verify v1.2.3+1", "Verify all archives of a network."],
    ["SMESHNET_ARCHIVE=s3://copy/archive smeshnet archive verify v1.2.3+1", "Verify a copy in another store."],
  ],
  async run({ tag }, _, { say }) {
    const [{ manifestsOf }, { verifyArchive }, { openProjectToRead }] = await Promise.all([
      import("../../infra/archive/manifest.js"),
      import("../../infra/archive/verify.js"),
      import("../store.js"),
    ]);
    let findings = 0;
    const { store } = await openProjectToRead((line) => {
      findings += 1; // perhaps the manifest of an archive, damaged
      say(line);
    });
    const text = buildTag(tag);
    const keys = await manifestsOf(store, text);
    if (keys.length === 0 && findings === 0)
      throw new UserError(
        "ArchiveMissing",
        `${text} has no archive.`,
        "Run `smeshnet archive list` for those that exist.",
      );
    for (const key of keys) {
      const { objects, wrong } = await verifyArchive(store, key);
      print(`${key}: ${wrong.length === 0 ? `${objects} objects verified` : wrong.join("; ")}`);
      findings += wrong.length;
    }
    if (findings === 0) return;
    throw new UserError(
      "ArchiveDamaged",
      `${findings} objects of the archives of ${text} differ from what was written.`,
      "Restore the original objects from a backup.",
    );
  },
});
