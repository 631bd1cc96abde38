import { as, defineCommand, flag, optionalArgument, toggle } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { buildTagArgument } from "../../infra/base/cli/flags";
import { answer, printed, printText } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";
import { buildTag } from "../../infra/base/model/build-tag";
import { whole } from "../../infra/base/model/formats";

const number = whole(1, Number.MAX_SAFE_INTEGER).describe("the number of an archive, 1 for the first");

export const command = defineCommand({
  about: [
    "Shows what the newest archive of a network holds. With OBJECT it prints that object, unpacked: events.json, the logs " +
      "of a pod (miner-1-abc) or of one container (miner-1-abc/miner), earlier runs first. Control characters in them are shown as what they are.",
  ],
  arguments: {
    tag: buildTagArgument,
    object: optionalArgument("OBJECT", (text) => text, "Object, pod, or POD/CONTAINER to print."),
  },
  flags: {
    number: flag("N", as(number), "Number of the archive, when the network has several. The newest counts otherwise."),
    json: toggle("Print the archive's manifest as JSON."),
    raw: toggle(
      "Print the bytes as they were archived, for a file or another program. A terminal obeys what is in them.",
    ),
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet archive show v1.2.3+1", "Show what the newest archive holds."],
    ["smeshnet archive show v1.2.3+1 miner-1-abc", "Print the logs of a pod."],
    ["smeshnet archive show v1.2.3+1 miner-1-abc --raw > miner-1.log", "Save them byte for byte."],
    ["smeshnet archive show v1.2.3+1 events.json --number 1", "Print the Kubernetes events of the first archive."],
  ],
  async run({ tag, object }, { number, json, raw }) {
    const [
      { folderOfManifest, manifestsOf },
      { readManifest },
      { archiveWords, rangeOf },
      { range, readBack },
      { openProjectToRead },
    ] = await Promise.all([
      import("../../infra/archive/manifest.js"),
      import("../../infra/archive/verify.js"),
      import("../../infra/archive/show.js"),
      import("../../infra/archive/read-back.js"),
      import("../store.js"),
    ]);
    const { store } = await openProjectToRead();
    const text = buildTag(tag);
    const keys = await manifestsOf(store, text);
    const key = number ? keys.find((one) => Number(one.split("/").at(-2)) === number) : keys.at(-1);
    if (!key)
      throw new UserError(
        "ArchiveMissing",
        `${text} has no archive${number ? ` ${number}` : ""}.`,
        `Run \`smeshnet archive list ${text}\` for its archives.`,
      );
    const manifest = await readManifest(store, key);
    if (object === undefined) return json ? answer(manifest) : printText(archiveWords(key, manifest));
    const { whole, from, to } = rangeOf(key, manifest, object);
    const wrong = await printed(raw, (out) => readBack(store, folderOfManifest(key), whole, range(from, to, out)));
    if (wrong)
      throw new UserError(
        "ArchiveDamaged",
        `The printed text differs from what was archived: ${wrong}.`,
        "Restore the original object from a backup.",
      );
  },
});
