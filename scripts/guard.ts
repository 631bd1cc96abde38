import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable, variableAs } from "../infra/cli";
import { channelNames } from "../infra/forms";
import { requireRetirable } from "../infra/retirement";
import { openStore } from "../infra/store";

main({
  help: `
Usage: guard TAG

Says whether the network of a build tag may be retired now: no channel points to it, and the archive store can be
written. It is the first thing a destroy does, before anything has changed.

Environment:
  CHANNELS   names of the channels, separated by commas; empty when there are none
  ARCHIVE    URL of the archive store`,
  positionals: [1, 1],
  async run({ positionals: [text], signal }) {
    const tag = parseBuildTag(text as string);
    const channels = variableAs("CHANNELS", channelNames);
    const store = openStore(variable("ARCHIVE"));
    await requireRetirable(tag, channels, store, signal);
    say(`${text} may be retired: no channel points to it, and the archive store can be written`);
    answer({ retirable: true });
  },
});
