import { parseBuildTag } from "../infra/build-tag";
import { actionOf, answer, jsonVariable, main, requireSameTag, say, variable, variableAs } from "../infra/cli";
import { gatewayAt } from "../infra/clients/public-name";
import { endpoints as endpointsForm, networkFacts } from "../infra/documents";
import { allAnswer } from "../infra/entrance";
import { seconds } from "../infra/forms";
import { gatewayAddress } from "../infra/gateway-address";

main({
  help: `
Usage: gateway alive TAG

Waits for the public address of a network's gateway, and until gRPC, JSON, explorer, dashboard and poets answer there at
their public names, from outside the cluster. Prints {"address", "genesisId"}.

Environment:
  KUBECONFIG_TEXT   the way into the cluster (a secret)
  NETWORK_FACTS     the network as JSON (infra/network-facts.ts)
  ENDPOINTS         its public names as JSON (infra/endpoints.ts)
  READY_TIMEOUT     longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, tag], signal }) {
    actionOf(action, "alive");
    parseBuildTag(tag as string);
    const limit = variableAs("READY_TIMEOUT", seconds);
    const endpoints = jsonVariable("ENDPOINTS", endpointsForm);
    const facts = jsonVariable("NETWORK_FACTS", networkFacts);
    requireSameTag("NETWORK_FACTS", facts.tag, tag as string);
    const published = await gatewayAddress(variable("KUBECONFIG_TEXT"), "gateway", limit, signal, say);
    const address = await gatewayAt(published);
    const genesisId = await allAnswer({ endpoints, facts, address }, limit, signal, say);
    say(`the gateway at ${published} answers for gRPC, JSON, explorer, dashboard and poets`);
    answer({ address: published, genesisId });
  },
});
