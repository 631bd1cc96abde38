import { parseBuildTag } from "../infra/build-tag";
import { channelNamed } from "../infra/channels";
import { main } from "../infra/cli";
import { settingsOfProject } from "../infra/project-settings";
import { requireAnswering, requireComplete } from "../infra/promotion/candidate";
import { CHANNEL_FLAGS, runChannel } from "../infra/promotion/channel-verb";
import { demotionTarget } from "../infra/promotion/decide";
import { reasonAs } from "../infra/promotion/release";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: demote --reason TEXT [--channel NAME] [--against N] [--preview] [--json] [--events FILE]

Moves a channel (testnet) back to the network that it pointed to before its last promotion, if that still runs: DNS, info
page, branch and an announcement. After a promotion that was not completed it goes back to where the channel has been. The
network that is left stays as it is, for those who look into it. Safe to run twice and after an interruption: a second
demotion is no way forward again, promote is.

  --reason TEXT    why; everybody will read it
  the others       as for promote

Environment: as for promote.`,
  flags: CHANNEL_FLAGS,
  positionals: [0, 0],
  async run({ flags, signal }) {
    if (flags.reason === undefined) {
      throw new UserError("say with --reason TEXT why the channel goes back; everybody will read it", 2);
    }
    const reason = reasonAs("--reason", flags.reason as string);
    const settings = await settingsOfProject();
    const channel = channelNamed(flags.channel as string | undefined, settings.channels);
    await runChannel({
      channel,
      settings,
      flags,
      signal,
      async target(known) {
        const target = demotionTarget(known, channel, reason);
        const tag = parseBuildTag(target.tag);
        await requireComplete(tag, signal).catch((error: Error) => {
          throw new UserError(`${channel} cannot go back: ${target.tag} does not run any more (${error.message})`);
        });
        await requireAnswering(tag, settings);
        return target;
      },
    });
  },
});
