import { jsonVariable, variable } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { channelListSchema } from "../../infra/base/model/channel";
import { openStore } from "../../infra/base/store/open";
import { requireRetirable } from "../../infra/retire/guard";

main({
  help: `
Usage: guard TAG

Says whether the network of a build tag may be retired now: no channel points to it or is on its way there, no DNS cache
can still lead a channel's users to it, and the archive store can be written. It is the first thing a destroy does, before
anything has changed, and it refuses when a channel's stack or Cloudflare cannot be asked.

Environment:
  CHANNELS   the channels as JSON, [{"name": "testnet", "gateway": "gateway.test.net.spacemesh.io"}]
  ZONE_ID    the id of the zone at Cloudflare that holds the channels' records
  ARCHIVE    URL of the archive store
  CLOUDFLARE_API_TOKEN   as for deploy`,
  positionals: [1, 1],
  async run({ positionals: [text], signal }) {
    const tag = parseBuildTag(text as string);
    const channels = jsonVariable("CHANNELS", channelListSchema);
    const store = openStore(variable("ARCHIVE"));
    await requireRetirable({ tag, channels, zoneId: variable("ZONE_ID"), store, signal });
    say(`${text} may be retired: no channel points to it, and the archive store can be written`);
    answer({ retirable: true });
  },
});
