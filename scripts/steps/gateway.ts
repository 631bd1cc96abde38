import { actionOf, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { endpointsSchema } from "../../infra/base/model/endpoints";
import { seconds } from "../../infra/base/model/formats";
import { networkFactsSchema } from "../../infra/base/model/network-facts";
import { allAnswer } from "../../infra/base/observe/services";
import { gatewayAddress, gatewayAt } from "../../infra/deploy/gateway/address";

main({
  help: `
Usage: gateway alive TAG

Waits for the public address of a network's gateway, and until gRPC, JSON, explorer, dashboard and poets answer there at
their public names, from outside the cluster. Prints {"address", "genesisId"}.

Environment:
  KUBECONFIG_TEXT   the way into the cluster (a secret)
  NETWORK_FACTS     the network as JSON (infra/base/model/network-facts.ts)
  ENDPOINTS         its public names as JSON (infra/base/model/endpoints.ts)
  READY_TIMEOUT     longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, tag], signal }) {
    actionOf(action, "alive");
    parseBuildTag(tag as string);
    const limit = variableAs("READY_TIMEOUT", seconds);
    const endpoints = jsonVariable("ENDPOINTS", endpointsSchema);
    const facts = jsonVariable("NETWORK_FACTS", networkFactsSchema);
    requireSameTag("NETWORK_FACTS", facts.tag, tag as string);
    const published = await gatewayAddress(variable("KUBECONFIG_TEXT"), "gateway", limit, signal, say);
    const address = await gatewayAt(published);
    const genesisId = await allAnswer({ endpoints, facts, address }, limit, signal, say);
    say(`the gateway at ${published} answers for gRPC, JSON, explorer, dashboard and poets`);
    answer({ address: published, genesisId });
  },
});
