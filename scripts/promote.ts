import { CHANNEL_FLAGS } from "../infra/base/cli/flags";
import { main } from "../infra/base/cli/verb";
import { settingsOfProject } from "../infra/base/engine/project";
import { parseReleaseTag } from "../infra/base/model/build-tag";
import { channelNamed } from "../infra/base/model/channel";
import { candidate } from "../infra/promote/candidate";
import { reasonAs } from "../infra/promote/release";
import { runChannel } from "../infra/promote/run";

main({
  help: `
Usage: promote RELEASE [--channel NAME] [--reason TEXT] [--against N] [--preview] [--json] [--events FILE]

Moves a channel (testnet) to a release: finds the newest build whose tag stands on the commit of the annotated tag
(v1.2.3) and whose network is complete and answers now; then updates the channel's stack: DNS, info page, branch and an
announcement on Discord. Restarts nothing. Afterwards the network that was replaced is retired, at once or, by the
setting retireAfter, hours later. Safe to run twice and after an interruption; the announcement goes out once.

  --channel NAME   which channel, when there are several
  --reason TEXT    why it is promoted without a simmer certificate; everybody will read it. A line "Without-Simmer: TEXT"
                   in the tag's message does the same
  --against N      the generation that this was planned against (see --preview): refused when the channel has gone on
  --preview        says what would be done, and changes nothing
  --json           prints the promotion (with --preview: the plan) on standard output
  --events FILE    as for deploy

Environment: as for deploy, and DISCORD_WEBHOOK, the URL of the webhook (a secret).`,
  flags: CHANNEL_FLAGS,
  positionals: [1, 1],
  async run({ positionals: [text], flags, signal }) {
    const release = parseReleaseTag(text as string);
    const settings = await settingsOfProject();
    const channel = channelNamed(flags.channel as string | undefined, settings.channels);
    const reason = flags.reason === undefined ? undefined : reasonAs("--reason", flags.reason as string);
    const target = () => candidate({ release, channel, reason }, settings, signal);
    await runChannel({ channel, settings, flags, signal, target });
  },
});
