import { argument, defineCommand, toggle } from "../infra/base/cli/command";
import { CI_RUN, DEPLOYING, EDGE, MONITORING, secretsIn } from "../infra/base/cli/environment";
import { eventsFlag } from "../infra/base/cli/flags";
import { answer } from "../infra/base/cli/process";
import { type BuildTag, parseBuildTag } from "../infra/base/model/build-tag";

const target = (text: string): BuildTag | "edge" => (text === "edge" ? text : parseBuildTag(text));

export const command = defineCommand({
  about: [
    "Deploys the network of a build tag, which must be pushed to the node repository. With `edge` it deploys the public " +
      "list of networks and their pages; do that once, first.",
    "The command is `pulumi up` on the stack, with progress in words. It creates the stack if necessary. It is safe to " +
      "run again: complete parts stay, and what a killed run left behind is cleaned up first.",
    "When a step fails, the command ends with the step, what it saw, where the log is, and what comes next: the same " +
      "command again, or the next build. The network's page at the edge shows the same until a deployment succeeds.",
    "A deployment begins only if the tag is signed by one of the setting allowedSigners (when it names some), if the " +
      "build was not retired before, and if fewer networks run than the setting networks allows.",
  ],
  arguments: {
    target: argument("TAG|edge", target, "Build tag of the network, e.g. v1.2.3+1, or `edge`.", {
      completes: "networks",
    }),
  },
  flags: {
    again: toggle(
      "Deploy a build that was retired. Without it such a build is refused, as when an old job runs again.",
    ),
    json: toggle("Print the public outputs of the stack as JSON; if it fails, the failure."),
    events: eventsFlag,
  },
  environment: [...DEPLOYING, ...EDGE, ...MONITORING, ...CI_RUN],
  examples: [
    ["smeshnet deploy edge", "Deploy the public list of networks. Required once, before the first network."],
    ["smeshnet deploy v1.2.3+1", "Deploy the first build of version 1.2.3."],
    ["smeshnet deploy v1.2.3+1 --json --events events.log", "Keep the outputs and the engine's events for a script."],
  ],
  async run({ target }, { again, json, events }, run) {
    const [
      { deployStack },
      { DeploymentFailed, runUrl },
      { publicOutputs },
      { openProject, repair },
      { driverOf },
      { credentials },
      { tlsStoreOf },
    ] = await Promise.all([
      import("../infra/deploy/run.js"),
      import("../infra/deploy/failure.js"),
      import("../infra/base/engine/open.js"),
      import("./project.js"),
      import("../infra/deploy/network/drivers.js"),
      import("../infra/base/cli/credentials.js"),
      import("./tls/store.js"),
    ]);
    const { settings, cloudflare } = await openProject(run);
    const { store, secretTexts } = tlsStoreOf(settings); // refuses a missing key before anything is touched
    const driver = driverOf(settings.driver, { store, credentials: credentials() });
    await repair(run);
    const log = runUrl(process.env);
    const secrets = secretsIn(DEPLOYING, process.env);
    try {
      const stack = await deployStack(
        target,
        { settings, cloudflare, store, secretTexts, driver, again, events, log, secrets },
        run,
      );
      if (json) answer(await publicOutputs(stack));
    } catch (error) {
      if (json && error instanceof DeploymentFailed) answer({ failure: error.failure });
      throw error;
    }
  },
});
