import { defineCommand, toggle } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { optionalBuildTag } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { buildTag } from "../../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Shows how far a network's simmer is: its verdict now, the days counted, the share of each verdict, the last trouble, " +
      "and what is missing for the certificate. Everything comes from the log in the archive store, so retired networks " +
      "are shown too.",
  ],
  arguments: { tag: optionalBuildTag },
  flags: { json: toggle("Print the state as JSON; a list without a tag.") },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet simmer status v1.2.3+1", "Show the simmer of one network."],
    ["smeshnet simmer status --json", "Print the simmer of every network that was ever watched."],
  ],
  async run({ tag }, { json }, run) {
    const [{ openProjectToRead }, { lastLogOf, logsOf }, { renderStatus, statusOf }] = await Promise.all([
      import("../store.js"),
      import("../../infra/simmer/logs.js"),
      import("../../infra/simmer/status.js"),
    ]);
    const { store } = await openProjectToRead();
    const logs = tag ? [await lastLogOf(store, buildTag(tag))] : await logsOf(store);
    const all = await Promise.all(logs.map(statusOf));
    const now = new Date(run.clock.now()).toISOString();
    if (json) answer(tag ? all[0] : all);
    else if (all.length === 0) print("no network was ever watched; run `smeshnet simmer watch`");
    else for (const status of all) print(...renderStatus(status, now));
  },
});
