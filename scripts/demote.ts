import { CHANNEL_FLAGS } from "../infra/base/cli/flags";
import { main } from "../infra/base/cli/verb";
import { settingsOfProject } from "../infra/base/engine/project";
import { UserError } from "../infra/base/lib/errors";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { channelNamed } from "../infra/base/model/channel";
import { demotionTarget } from "../infra/promote/plan";
import { requireAnswering, requireComplete } from "../infra/promote/readiness";
import { reasonAs } from "../infra/promote/release";
import { runChannel } from "../infra/promote/run";

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
