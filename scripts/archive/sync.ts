import { defineCommand, toggle } from "../../infra/base/cli/command";
import { READING, STORE } from "../../infra/base/cli/environment";
import { buildTags } from "../../infra/base/cli/flags";
import { answer } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";
import { buildTag } from "../../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Ships the new log lines of running networks into the archive store, so that a network that dies takes only minutes of " +
      "its logs with it. Without a tag it ships those of every network. A watcher does the same every ten minutes.",
    "The archive of a network joins what was shipped and what its cluster still has. The command is safe to run twice, to " +
      "interrupt, and to run beside another one.",
  ],
  arguments: { tags: buildTags },
  flags: { json: toggle("Print what was shipped as JSON.") },
  environment: [...STORE, ...READING],
  examples: [
    ["smeshnet archive sync", "Ship the logs of all networks, from a job every ten minutes."],
    ["smeshnet archive sync v1.2.3+1", "Ship the logs of one network."],
  ],
  async run({ tags }, { json }, run) {
    const [{ openStoreOfProject }, { runningNetworks }, { shipLogs }] = await Promise.all([
      import("../store.js"),
      import("../../infra/simmer/networks.js"),
      import("../simmer/shipping.js"),
    ]);
    const world = await openStoreOfProject();
    const running = (await runningNetworks(run)).filter(({ isLeaving }) => !isLeaving);
    const wanted = tags.map(buildTag);
    const missing = wanted.find((tag) => !running.some((network) => buildTag(network.tag) === tag));
    if (missing !== undefined)
      throw new UserError(
        "NetworkNotReady",
        `${missing} is not deployed, so there are no logs to ship.`,
        `Run \`smeshnet deploy ${missing}\`.`,
      );
    const failures: UserError[] = [];
    const shipped: Record<string, object> = {};
    for (const network of running) {
      const tag = buildTag(network.tag);
      if (wanted.length > 0 && !wanted.includes(tag)) continue;
      try {
        const { runs, segments, bytes } = await shipLogs(network, world, run);
        shipped[tag] = { runs, segments, bytes };
        run.say(`${tag}: shipped ${bytes} bytes of ${runs} logs`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        run.say(`${tag}: ${error.what}`);
        failures.push(error); // the logs of the other networks are shipped all the same
      }
    }
    if (json) answer(shipped);
    if (failures[0]) throw failures[0];
  },
});
