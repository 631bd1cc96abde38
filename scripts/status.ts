import { defineCommand, toggle } from "../infra/base/cli/command";
import { SETTINGS } from "../infra/base/cli/environment";
import { buildTagArgument } from "../infra/base/cli/flags";
import { answer, print } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { buildTag } from "../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Checks a network by its public names only, as its users reach it: DNS, info page, network list, gRPC API, explorer, " +
      "dashboard and poets. The command fails if any of them does not answer.",
  ],
  arguments: { tag: buildTagArgument },
  flags: { json: toggle("Print the checks as JSON.") },
  environment: SETTINGS,
  examples: [
    ["smeshnet status v1.2.3+1", "Check every public service of the network."],
    ["smeshnet status v1.2.3+1 --json", "Print the checks for a script."],
  ],
  async run({ tag }, { json }) {
    const [{ settingsOfProject }, { publicView }] = await Promise.all([
      import("../infra/base/engine/project.js"),
      import("../infra/base/observe/public-view.js"),
    ]);
    const checks = await publicView(tag, await settingsOfProject(process.env));
    const width = Math.max(...checks.map(({ what }) => what.length));
    if (json) answer(checks);
    else print(...checks.map(({ what, ok, saw }) => `${ok ? "ok  " : "FAIL"} ${what.padEnd(width)}  ${saw}`));
    const silent = checks.filter(({ ok }) => !ok).map(({ what }) => what);
    if (silent.length === 0) return;
    throw new UserError(
      "NetworkSilent",
      `${buildTag(tag)} does not answer for: ${silent.join(", ")}.`,
      `Fix the causes above and run \`smeshnet status ${buildTag(tag)}\` again.`,
    );
  },
});
