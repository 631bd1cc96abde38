import { defineCommand, flag } from "../infra/base/cli/command";
import { DEPLOYING, DISCORD } from "../infra/base/cli/environment";
import { channelFlags, releaseArgument } from "../infra/base/cli/flags";
import { releaseTag } from "../infra/base/model/build-tag";
import { reasonAs } from "../infra/base/model/promotion";

export const command = defineCommand({
  about: [
    "Moves a channel to a release. It takes the newest build whose tag stands on the commit of the annotated release tag, " +
      "and whose network is complete and answers now. Then it updates the channel's stack: DNS, info page, branch and an " +
      "announcement on Discord. Nothing restarts.",
    "Afterwards the replaced network is retired, at once or after the hours of the setting retireAfter. The command is " +
      "safe to run again; the announcement goes out once.",
    "A promotion leads forward. A release that is older than the channel's is refused, and so is a release that the " +
      "channel left: `smeshnet demote` goes back. After a demotion, `--against N` with the present generation promotes " +
      "the same release again.",
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
    const [{ candidate }, { forward }, { moveChannelTo }] = await Promise.all([
      import("../infra/promote/candidate.js"),
      import("../infra/promote/forward.js"),
      import("./move-channel.js"),
    ]);
    await moveChannelTo(
      flags,
      run,
      ({ channel, settings, store }) =>
        (known) =>
          forward(known, { channel, release: releaseTag(release) }, flags.against, () =>
            candidate({ release, channel, reason }, settings, store, run),
          ),
    );
  },
});
