import { defineCommand, flag } from "../infra/base/cli/command";
import { DEPLOYING, DISCORD } from "../infra/base/cli/environment";
import { channelFlags, releaseArgument } from "../infra/base/cli/flags";
import { reasonAs } from "../infra/base/model/promotion";

export const command = defineCommand({
  about: [
    "Moves a channel to a release. It takes the newest build whose tag stands on the commit of the annotated release tag, " +
      "and whose network is complete and answers now. Then it updates the channel's stack: DNS, info page, branch and an " +
      "announcement on Discord. Nothing restarts.",
    "Afterwards the replaced network is retired, at once or after the hours of the setting retireAfter. The command is " +
      "safe to run again; the announcement goes out once.",
  ],
  arguments: { release: releaseArgument },
  flags: {
    ...channelFlags,
    reason: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "Why the release is promoted without a simmer certificate; shown publicly. " +
        "A line `Without-Simmer: TEXT` at the end of the tag's message does the same.",
    ),
  },
  environment: [...DEPLOYING, ...DISCORD],
  examples: [
    ["smeshnet promote v1.2.3 --preview", "Show the plan and change nothing."],
    ['smeshnet promote v1.2.3 --reason "Fixes the sync stall of v1.2.2"', "Promote without a simmer certificate."],
    ["smeshnet promote v1.2.3 --against 4", "Promote only if the channel is still at generation 4."],
  ],
  async run({ release }, { reason, ...flags }, run) {
    const [{ candidate }, { moveChannelTo }] = await Promise.all([
      import("../infra/promote/candidate.js"),
      import("./move-channel.js"),
    ]);
    await moveChannelTo(
      flags,
      run,
      ({ channel, settings, store }) =>
        () =>
          candidate({ release, channel, reason }, settings, store, run),
    );
  },
});
