import { actionOf, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { Endpoints } from "../../infra/base/model/endpoints";
import { seconds } from "../../infra/base/model/formats";
import { NetworkFacts } from "../../infra/base/model/network-facts";
import { gatewayAlive } from "../../infra/deploy/gateway/alive";

/** `gateway alive TAG`: waits until every public service answers through the network's gateway. */
export const step: Step = async (words, run) => {
  const [action, tag = ""] = wordsOf(words, "gateway alive TAG");
  actionOf(action, "alive");
  parseBuildTag(tag);
  const limit = variableAs("READY_TIMEOUT", seconds);
  const endpoints = jsonVariable("ENDPOINTS", Endpoints);
  const facts = jsonVariable("NETWORK_FACTS", NetworkFacts);
  requireSameTag("NETWORK_FACTS", facts.tag, tag);
  answer(await gatewayAlive({ kubeconfig: variable("KUBECONFIG_TEXT"), endpoints, facts, limit }, run));
};
