import { defineCommand, flag } from "../infra/base/cli/command";
import { DEPLOYING, DISCORD } from "../infra/base/cli/environment";
import { channelFlags, releaseArgument } from "../infra/base/cli/flags";
import { UserError } from "../infra/base/lib/errors";
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
    "What a promotion or demotion recorded can be finished by the same command, or given up with --abandon: the channel goes " +
      "back to where it last arrived, without an announcement, and another promotion can begin. The reason stays on record.",
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
    abandon: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "Give up the unfinished promotion or demotion to this release, for the reason TEXT. With --preview show what it would do.",
    ),
  },
  environment: [...DEPLOYING, ...DISCORD],
  examples: [
    ["smeshnet promote v1.2.3 --preview", "Show the plan and change nothing."],
    ['smeshnet promote v1.2.3 --reason "Fixes the sync stall of v1.2.2"', "Promote without a simmer certificate."],
    ["smeshnet promote v1.2.3 --against 4", "Promote only if the channel is still at generation 4."],
    [
      'smeshnet promote v1.2.3 --abandon "its network died before the names moved"',
      "Give up a promotion that cannot be finished.",
    ],
  ],
  async run({ release }, { reason, abandon, ...flags }, run) {
    if (abandon !== undefined) {
      if (reason !== undefined || flags.against !== undefined)
        throw new UserError(
          "UsageInvalid",
          "--abandon ends a promotion, so --reason and --against do not go with it.",
          `Run \`smeshnet promote ${releaseTag(release)} --abandon TEXT\`.`,
          2,
        );
      const { abandonPromotion } = await import("./abandon-promotion.js");
      return abandonPromotion({ release: releaseTag(release), reason: abandon, ...flags }, run);
    }
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
            candidate({ release, channel, reason, known }, settings, store, run),
          ),
    );
  },
});
