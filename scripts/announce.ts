import { argument, as, defineCommand, flag, optionalArgument, toggle } from "../infra/base/cli/command";
import { DISCORD, READING, STORE } from "../infra/base/cli/environment";
import { answer } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { generationNumber, messageNumber } from "../infra/base/model/announcement";
import { channelName } from "../infra/base/model/formats";

export const command = defineCommand({
  about: [
    "Without a generation the command prints the announcement of the channel's current release as Discord's API takes it. " +
      "Nothing is sent or recorded.",
    "With a generation it resolves an uncertain announcement. An announcement is uncertain when a run was killed while " +
      "sending, or Discord's answer was lost. Check the Discord channel, then confirm with --sent or --not-sent. Promotion " +
      "itself sends announcements, once per generation.",
  ],
  arguments: {
    channel: argument("CHANNEL", as(channelName), "Channel, e.g. testnet.", { completes: "channels" }),
    generation: optionalArgument("GENERATION", as(generationNumber), "Generation whose announcement is uncertain."),
  },
  flags: {
    sent: flag(
      "MESSAGE_ID",
      as(messageNumber),
      "Confirm that the Discord message exists. With DISCORD_WEBHOOK set, the command checks that it does.",
    ),
    notSent: toggle("Confirm that the message does not exist; the next promotion run sends it."),
  },
  environment: [...DISCORD, ...STORE, ...READING],
  examples: [
    ["smeshnet announce testnet", "Print the announcement of the testnet's current release."],
    [
      "smeshnet announce testnet 3 --sent 1182639470123456789",
      "Confirm that the announcement of generation 3 was sent.",
    ],
    ["smeshnet announce testnet 3 --not-sent", "Confirm that it was not sent; then run the promotion again."],
  ],
  async run({ channel, generation }, { sent, notSent }, run) {
    const answers = Number(sent !== undefined) + Number(notSent);
    if (answers > (generation === undefined ? 0 : 1) || (generation !== undefined && answers === 0))
      throw new UserError(
        "UsageInvalid",
        "GENERATION and exactly one of --sent MESSAGE_ID and --not-sent belong together.",
        `Run \`smeshnet announce ${channel} GENERATION --sent MESSAGE_ID\` or \`--not-sent\`.`,
        2,
      );
    const { openStoreOfProject } = await import("./store.js");
    const { settings, store } = await openStoreOfProject();
    if (generation === undefined) {
      const { currentAnnouncement } = await import("../infra/promote/announcement/current.js");
      return answer(await currentAnnouncement(channel, settings, run));
    }
    const [{ settle }, { openWebhook }] = await Promise.all([
      import("../infra/promote/announcement/settle.js"),
      import("../infra/base/clients/discord.js"),
    ]);
    const url = process.env.DISCORD_WEBHOOK;
    const webhook = url && sent ? openWebhook(url) : undefined;
    answer(await settle({ store, channel, generation, messageId: sent, webhook }, run));
  },
});
