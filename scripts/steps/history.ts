import { actionOf, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { type BuildTag, parseBuildTag } from "../../infra/base/model/build-tag";
import { edgeUrls, historyKey } from "../../infra/base/model/edge";
import { baseUrl } from "../../infra/base/model/formats";
import type { HistoryRecord } from "../../infra/base/model/history-record";
import { networkSpecSchema } from "../../infra/base/model/network-spec";
import { openStore } from "../../infra/base/store/open";
import { lastArchive, objectUrl, writeOnce } from "../../infra/retire/history";
import { nothingLeft } from "../../infra/retire/leftovers";
import { opened, retirementReason, retirementVerdict } from "../../infra/retire/reason";

main({
  help: `
Usage: history open|close TAG

Keeps for ever that there was a network: its life span, its verdict, why it was retired, and where its archive is. The
edge shows it at /, at /history.json and on the network's page.

  open    prints {"openedAt": ...}; what it has printed before, in PULUMI_COMMAND_STDOUT, stays
  close   proves that nothing is left of the network (cluster, DNS records, the edge's list, processes of this machine),
          then writes the record; one that is there is never changed

Environment of close:
  PULUMI_COMMAND_STDOUT   what "open" has printed, as the engine hands it over
  NETWORK_SPEC            the network as JSON (infra/base/model/network-spec.ts)
  ARCHIVE                 URL of the archive store
  ACCOUNT_ID, NAMESPACE_ID, ZONE_ID   of the edge's KV namespace and of the zone, at Cloudflare
  DISCOVERY_URL           base of the edge, e.g. https://discover.net.spacemesh.io/
  CLOUDFLARE_API_TOKEN    the token that deployments use (a secret)
  RETIREMENT_REASON       why it is retired, if anybody says
  RETIREMENT_VERDICT      healthy, slow, stalled, split or blind, if it was judged`,
  positionals: [2, 2],
  async run({ positionals: [given, text], signal }) {
    const action = actionOf(given, "open", "close");
    const tag = parseBuildTag(text as string);
    if (action === "open") answer({ openedAt: openedBefore() ?? new Date().toISOString() });
    else await close(tag, text as string, signal);
  },
});

/** What the same step has printed when it was made; an update of its settings begins no new life. */
function openedBefore(): string | undefined {
  return process.env.PULUMI_COMMAND_STDOUT ? jsonVariable("PULUMI_COMMAND_STDOUT", opened).openedAt : undefined;
}

async function close(tag: BuildTag, text: string, signal: AbortSignal): Promise<void> {
  const { openedAt } = jsonVariable("PULUMI_COMMAND_STDOUT", opened);
  const spec = jsonVariable("NETWORK_SPEC", networkSpecSchema);
  requireSameTag("NETWORK_SPEC", spec.tag, text);
  const place = variable("ARCHIVE");
  const store = openStore(place);
  const namespace = { accountId: variable("ACCOUNT_ID"), namespaceId: variable("NAMESPACE_ID") };
  const zoneId = variable("ZONE_ID");
  const { page } = edgeUrls(variableAs("DISCOVERY_URL", baseUrl), tag);
  const why = variableAs("RETIREMENT_REASON", retirementReason);
  const verdict = variableAs("RETIREMENT_VERDICT", retirementVerdict);
  variable("CLOUDFLARE_API_TOKEN");

  await nothingLeft({ tag, spec, zoneId, namespace, store, signal }, { say });
  say(`nothing is left of ${text}`);
  const archive = await lastArchive(store, text, openedAt);
  const record: HistoryRecord = {
    schema: 1,
    tag: text,
    openedAt,
    retiredAt: new Date().toISOString(),
    verdict,
    why,
    ...(archive ? { archive: objectUrl(place, archive.key) } : {}),
    ...(archive?.lastSeen ? { lastSeen: archive.lastSeen } : {}),
  };
  const key = historyKey(tag, openedAt);
  const kept = await writeOnce(namespace, key, JSON.stringify(record));
  say(`${text} is history: ${page}`);
  answer({ key, page, record: JSON.parse(kept) });
}
