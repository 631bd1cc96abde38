import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import { nameServersOf, request } from "../infra/clients/public-name";
import { samePage } from "../infra/looks";
import { edgeUrls } from "../infra/networks-entry";
import { UserError } from "../infra/user-error";
import { waitFor } from "../infra/wait";

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
    if (action !== "served") throw new UserError(`"${action}" is not an action: write served`, 2);
    const tag = parseBuildTag(text as string);
    const wanted = variable("PAGE_SHA256");
    const urls = [variable("PAGE_URL"), edgeUrls(variable("DISCOVERY_URL"), tag).page];
    const names = nameServersOf(process.env);
    const limit = Number(variable("READY_TIMEOUT"));
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
