import { actionOf, argumentAs, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { commitName, layerCount } from "../../infra/base/model/formats";
import { NetworkFacts } from "../../infra/base/model/network-facts";
import { PoetPhases } from "../../infra/base/model/network-spec";
import { Versions } from "../../infra/base/model/versions";
import { byClients, proxyInto } from "../../infra/base/observe/nodes";
import { requirePassed } from "../../infra/deploy/smoke/report";
import { smokeTest } from "../../infra/deploy/smoke/run";

/** `smoke TAG --limit-layers N`: runs the smoke test on a network that the stack has just created. */
export const step: Step = async (words, run) => {
  const [tag = "", flag, limit] = wordsOf(words, "smoke TAG --limit-layers N");
  parseBuildTag(tag);
  actionOf(flag, "--limit-layers");
  const facts = jsonVariable("NETWORK_FACTS", NetworkFacts);
  requireSameTag("NETWORK_FACTS", facts.tag, tag);
  const options = {
    facts,
    versions: jsonVariable("VERSIONS", Versions),
    commit: variableAs("COMMIT", commitName),
    poetPhases: jsonVariable("POET_PHASES", PoetPhases),
    limitLayers: argumentAs("--limit-layers", limit, layerCount),
  };
  const proxy = proxyInto(facts, () => variable("KUBECONFIG_TEXT"), run.signal);
  const report = await smokeTest(options, run, byClients(proxy));
  answer(report);
  requirePassed(report, `smeshnet deploy ${tag}`);
};
