import { newId } from "../../infra/archive/life";
import { credentials } from "../../infra/base/cli/credentials";
import { actionOf, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { cloudflareApi } from "../../infra/base/clients/cloudflare";
import type { Run } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { baseUrl } from "../../infra/base/model/formats";
import { NetworkSpec } from "../../infra/base/model/network-spec";
import { openStore } from "../../infra/base/store/open";
import { closeHistory } from "../../infra/retire/history";
import { opened, retirementReason, retirementVerdict } from "../../infra/retire/reason";
import { driverOfStep } from "./driver";

/**
 * `history open TAG`: notes when a network's life began, and its id. `history close TAG`: proves that nothing is left of it, and
 * writes its line of the history.
 */
export const step: Step = async (words, run) => {
  const [action, text = ""] = wordsOf(words, "history open|close TAG");
  parseBuildTag(text);
  if (actionOf(action, "open", "close") === "close") return close(text, run);
  // What the same step printed when it was created: an update of its settings begins no new life.
  const { openedAt, life } = process.env.PULUMI_COMMAND_STDOUT
    ? jsonVariable("PULUMI_COMMAND_STDOUT", opened)
    : { openedAt: new Date(run.clock.now()).toISOString(), life: newId() };
  answer({ openedAt, ...(life !== undefined && { life }) });
};

async function close(text: string, run: Run): Promise<void> {
  const { openedAt, life } = jsonVariable("PULUMI_COMMAND_STDOUT", opened);
  const spec = jsonVariable("NETWORK_SPEC", NetworkSpec);
  requireSameTag("NETWORK_SPEC", spec.tag, text);
  const storeUrl = variable("ARCHIVE");
  const access = credentials();
  const store = openStore(storeUrl, access);
  const cloudflare = cloudflareApi(access, run);
  const options = {
    tag: parseBuildTag(text),
    openedAt,
    life,
    driver: driverOfStep(store, access),
    spec,
    storeUrl,
    store,
    namespace: { accountId: variable("ACCOUNT_ID"), namespaceId: variable("NAMESPACE_ID") },
    zoneId: variable("ZONE_ID"),
    cloudflare,
    discoveryUrl: variableAs("DISCOVERY_URL", baseUrl),
    why: variableAs("RETIREMENT_REASON", retirementReason),
    verdict: variableAs("RETIREMENT_VERDICT", retirementVerdict),
  };
  cloudflare.requireToken("dns", "kv");
  answer(await closeHistory(options, run));
}
