import { defineCommand, flag } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { buildTagArgument } from "../../infra/base/cli/flags";
import { print } from "../../infra/base/cli/process";
import { buildTag, stackName } from "../../infra/base/model/build-tag";
import { reasonAs } from "../../infra/base/model/promotion";

export const command = defineCommand({
  about: [
    "Looks at explorer and dashboard as a visitor gets them, and writes what it saw into the log of the simmer, with your " +
      "note. The watcher does this once a day by itself. A visit on which one of them does not answer does not count, nor one " +
      "on which the public API answers for another genesis than the network's driver computed.",
  ],
  arguments: { tag: buildTagArgument },
  flags: { note: flag("TEXT", (text, name) => reasonAs(name, text), "What you saw; kept in the log.") },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ['smeshnet simmer visit v1.2.3+1 --note "rewards look right"', "Add your visit of today."],
    ["smeshnet simmer visit v1.2.3+1", "Add a visit without a note."],
  ],
  async run({ tag }, { note }, run) {
    const [{ openProjectToRead }, { lastLogOf }, { visit }, { visitorsView }, { deployedAs }, { exportedStack }] =
      await Promise.all([
        import("../store.js"),
        import("../../infra/simmer/logs.js"),
        import("../../infra/simmer/visit.js"),
        import("../../infra/base/observe/public-view.js"),
        import("../../infra/review/source.js"),
        import("../../infra/base/engine/state.js"),
      ]);
    const { settings, store } = await openProjectToRead();
    const log = await lastLogOf(store, buildTag(tag));
    const deployed = await deployedAs(exportedStack(stackName(tag), run));
    const seen = await visit(log, await log.terms(), () => visitorsView(tag, settings, deployed), note, run);
    for (const { what, saw } of seen) print(`ok   ${what.padEnd(10)} ${saw}`);
  },
});
