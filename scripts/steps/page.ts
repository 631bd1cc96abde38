import { actionOf, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { request } from "../../infra/base/clients/dns";
import { waitFor } from "../../infra/base/lib/wait";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { edgeUrls } from "../../infra/base/model/edge";
import { baseUrl, hostName, nameServers, pageUrl, seconds, sha256 } from "../../infra/base/model/formats";
import { samePage } from "../../infra/base/observe/as-written";

main({
  help: `
Usage: page served TAG

Waits until the info page of a network is served as it was written: at its own name through the gateway, and by the edge.

Environment:
  PAGE_SHA256     SHA-256 of the page, in hexadecimal
  PAGE_URL        where the gateway serves it
  DISCOVERY_URL   base of the edge, ending in a slash
  DNS_SERVERS, DNS_ZONE   as for dns
  READY_TIMEOUT   longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, text], signal }) {
    actionOf(action, "served");
    const tag = parseBuildTag(text as string);
    const wanted = variableAs("PAGE_SHA256", sha256);
    const urls = [variableAs("PAGE_URL", pageUrl), edgeUrls(variableAs("DISCOVERY_URL", baseUrl), tag).page];
    const names = { servers: variableAs("DNS_SERVERS", nameServers), zone: variableAs("DNS_ZONE", hostName) };
    const limit = variableAs("READY_TIMEOUT", seconds);
    await Promise.all(
      urls.map((url) =>
        waitFor(async () => samePage(await request(url, names), wanted), {
          what: `the info page at ${url}`,
          limit,
          signal,
          say,
        }),
      ),
    );
    say(`the info page is served at ${urls.join(" and ")}`);
    answer({ urls, sha256: wanted });
  },
});
