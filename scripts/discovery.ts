import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import { nameServersOf, request } from "../infra/clients/public-name";
import { entryInList } from "../infra/looks";
import { edgeUrls } from "../infra/networks-entry";
import { UserError } from "../infra/user-error";
import { waitFor } from "../infra/wait";

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
  async run({ positionals: [action, tag], signal }) {
    if (action !== "listed") throw new UserError(`"${action}" is not an action: write listed`, 2);
    const { entry } = JSON.parse(variable("ENTRY")) as { entry: { netName: string } };
    const { list: url } = edgeUrls(variable("DISCOVERY_URL"), parseBuildTag(tag as string));
    const names = nameServersOf(process.env);
    const position = await waitFor(async () => entryInList(await request(url, names), url, entry), {
      what: `${tag} in ${url}`,
      limit: Number(variable("READY_TIMEOUT")),
      signal,
      say,
    });
    say(`${url} lists ${tag} at position ${position}`);
    answer({ url, position });
  },
});
