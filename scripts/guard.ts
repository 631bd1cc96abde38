import { parseBuildTag } from "../infra/build-tag";
import { answer, jsonVariable, main, say, variable } from "../infra/cli";
import { channelList } from "../infra/documents";
import { requireRetirable } from "../infra/retirement";
import { openStore } from "../infra/store";

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
    const channels = jsonVariable("CHANNELS", channelList);
    const store = openStore(variable("ARCHIVE"));
    await requireRetirable({ tag, channels, zoneId: variable("ZONE_ID"), store, signal });
    say(`${text} may be retired: no channel points to it, and the archive store can be written`);
    answer({ retirable: true });
  },
});
