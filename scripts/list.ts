import { defineCommand, toggle } from "../infra/base/cli/command";
import { READING } from "../infra/base/cli/environment";
import { answer, print } from "../infra/base/cli/process";

export const command = defineCommand({
  about: [
    "Lists every network of the Pulumi backend, newest first, and every channel: state, age and address. The age of a " +
      "network counts from the start of its deployment, the age of a channel from its last move.",
    "States are `complete`, `incomplete`, `smoke test not passed`, `being retired` and `not deployed`.",
  ],
  arguments: {},
  flags: { json: toggle("Print networks and channels as JSON.") },
  environment: READING,
  examples: [
    ["smeshnet list", "Show all networks and channels."],
    ["smeshnet list --json", "Print them for a script."],
  ],
  async run(_, { json }, run) {
    const [{ settingsOfProject }, { overview, renderOverview }] = await Promise.all([
      import("../infra/base/engine/project.js"),
      import("../infra/review/overview.js"),
    ]);
    const all = await overview(await settingsOfProject(process.env), run);
    if (json) answer(all);
    else print(...renderOverview(all, run.clock.now()));
  },
});
