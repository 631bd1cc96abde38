import { defineCommand, toggle } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { optionalBuildTag } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { buildTag } from "../../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Lists the archives of a network, or of all networks, oldest first. A damaged archive is marked.",
    "An archive holds the pods' logs, Kubernetes events, a last sample of every node, the stack's outputs, its settings " +
      "and its smoke report.",
  ],
  arguments: { tag: optionalBuildTag },
  flags: { json: toggle("Print the keys of the archives' manifests as JSON.") },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet archive list", "List the archives of all networks."],
    ["smeshnet archive list v1.2.3+1", "List the archives of one network."],
  ],
  async run({ tag }, { json }) {
    const [{ manifestsOf }, { tryManifest }, { archiveLine }, { openProjectToRead }] = await Promise.all([
      import("../../infra/archive/manifest.js"),
      import("../../infra/archive/verify.js"),
      import("../../infra/archive/show.js"),
      import("../store.js"),
    ]);
    const { store } = await openProjectToRead();
    const keys = await manifestsOf(store, tag && buildTag(tag));
    if (json) return answer(keys);
    for (const key of keys) print(archiveLine(key, await tryManifest(store, key)));
  },
});
