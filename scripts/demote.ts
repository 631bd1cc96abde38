import { defineCommand, flag } from "../infra/base/cli/command";
import { DEPLOYING, DISCORD } from "../infra/base/cli/environment";
import { channelFlags } from "../infra/base/cli/flags";
import { UserError } from "../infra/base/lib/errors";
import { reasonAs } from "../infra/base/model/promotion";

export const command = defineCommand({
  about: [
    "Moves a channel back to the network that it pointed to before, if that network still runs: DNS, info page, branch " +
      "and an announcement. If the last promotion did not finish, the channel returns to the network of the last one " +
      "that did.",
    "The network you leave keeps running so that you can investigate. Running demote twice does not undo it; use promote " +
      "to move forward again. The release that you left needs `promote --against N`, with the present generation.",
  ],
  arguments: {},
  flags: {
    ...channelFlags,
    reason: flag("TEXT", (text, name) => reasonAs(name, text), "Why the channel goes back; required, shown publicly."),
  },
  environment: [...DEPLOYING, ...DISCORD],
  examples: [
    ['smeshnet demote --reason "v1.2.3 stalls at layer 4000" --preview', "Show the plan and change nothing."],
    ['smeshnet demote --reason "v1.2.3 stalls at layer 4000"', "Go back to the previous network."],
  ],
  async run(_, { reason, ...flags }, run) {
    if (reason === undefined) {
      throw new UserError(
        "ReasonMissing",
        "A demotion needs a reason.",
        "Add `--reason TEXT`; the reason is shown publicly.",
        2,
      );
    }
    const [{ demotionOf }, { moveChannelTo }] = await Promise.all([
      import("../infra/promote/demotion.js"),
      import("./move-channel.js"),
    ]);
    await moveChannelTo(
      flags,
      run,
      ({ channel, settings }) =>
        async (known) =>
          demotionOf(await known, { channel, reason, settings }, run),
    );
  },
});
