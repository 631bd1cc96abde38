import { actionOf, jsonVariable, requireSameTag, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { request } from "../../infra/base/clients/dns";
import { waitFor } from "../../infra/base/lib/wait";
import { buildTag, parseBuildTag } from "../../infra/base/model/build-tag";
import { edgeUrls } from "../../infra/base/model/edge";
import { baseUrl, hostName, nameServers, seconds } from "../../infra/base/model/formats";
import { listedEntrySchema } from "../../infra/base/model/network-list";
import { entryInList } from "../../infra/base/observe/as-written";

main({
  help: `
Usage: discovery listed TAG

Waits until the public list of networks shows the entry of a build tag as it was written. The store behind the list
takes up to a minute to show a change everywhere.

Environment:
  DISCOVERY_URL   base of the discovery service, ending in a slash
  ENTRY           the record as JSON, {"tag", "entry"}
  DNS_SERVERS, DNS_ZONE   as for dns
  READY_TIMEOUT   longest wait, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, text], signal }) {
    actionOf(action, "listed");
    const tag = parseBuildTag(text as string);
    const { entry } = jsonVariable("ENTRY", listedEntrySchema);
    requireSameTag("ENTRY", entry.netName, buildTag(tag));
    const { list: url } = edgeUrls(variableAs("DISCOVERY_URL", baseUrl), tag);
    const names = { servers: variableAs("DNS_SERVERS", nameServers), zone: variableAs("DNS_ZONE", hostName) };
    const limit = variableAs("READY_TIMEOUT", seconds);
    const position = await waitFor(async () => entryInList(await request(url, names), url, entry), {
      what: `${text} in ${url}`,
      limit,
      signal,
      say,
    });
    say(`${url} lists ${text} at position ${position}`);
    answer({ url, position });
  },
});
