import { defineCommand, toggle } from "../infra/base/cli/command";
import { READING } from "../infra/base/cli/environment";
import { buildTagArgument } from "../infra/base/cli/flags";
import { answer, print } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { buildTag, stackName } from "../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Checks a network by its public names only, as its users reach it: DNS, info page, network list, gRPC API, explorer, " +
      "dashboard and poets. The command fails if any of them does not answer, if nodes have no peers or stand, or if explorer " +
      "or dashboard show another network than the nodes, or one that stands.",
    "With TLS, `WARN` tells that the gateway's certificate has less than 21 of its 90 days left.",
    "When its last deployment failed, the first lines say at which step, what it saw, and what comes next.",
    "Where the state and the node repository can be read, it also checks that the tag still points to the deployed " +
      "commit.",
  ],
  arguments: { tag: buildTagArgument },
  flags: { json: toggle("Print the checks as JSON.") },
  environment: READING,
  examples: [
    ["smeshnet status v1.2.3+1", "Check every public service of the network, and its tag."],
    ["smeshnet status v1.2.3+1 --json", "Print the checks for a script."],
  ],
  async run({ tag }, { json }, run) {
    const [{ settingsOfProject }, { exportedStack }, { publicView }, failed, source, { together }] = await Promise.all([
      import("../infra/base/engine/project.js"),
      import("../infra/base/engine/state.js"),
      import("../infra/base/observe/public-view.js"),
      import("../infra/review/failure.js"),
      import("../infra/review/source.js"),
      import("../infra/base/lib/together.js"),
    ]);
    const settings = await settingsOfProject(process.env);
    const state = exportedStack(stackName(tag), run);
    const [services, found, failure] = await together(
      publicView(tag, settings, source.deployedAs(state)),
      source.sourceOf(tag, settings, run, state),
      failed.failureOf(tag, settings, run),
    );
    const { check, moved } = found ? source.tagCheck(found) : {};
    const checks = [...(failure ? [failed.failureCheck(failure)] : []), ...(check ? [check] : []), ...services];
    const width = Math.max(...checks.map(({ what }) => what.length));
    if (json) answer(checks);
    else
      print(
        ...checks.map(
          ({ what, ok, saw, isWarning }) =>
            `${isWarning ? "WARN" : ok ? "ok  " : "FAIL"} ${what.padEnd(width)}  ${saw}`,
        ),
      );
    const silent = services.filter(({ ok }) => !ok).map(({ what }) => what);
    if (failure) throw new failed.DeploymentUnfinished(failure);
    if (silent.length === 0 && moved) throw moved;
    if (silent.length === 0) return;
    throw new UserError(
      "NetworkSilent",
      `${buildTag(tag)} does not answer as it should for: ${silent.join(", ")}.`,
      `Fix the causes above and run \`smeshnet status ${buildTag(tag)}\` again.`,
    );
  },
});
