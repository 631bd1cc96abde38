import { lookup } from "node:dns/promises";
import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import type { Endpoints } from "../infra/endpoints";
import { allAnswer } from "../infra/entrance";
import { gatewayAddress } from "../infra/gateway-address";
import type { NetworkFacts } from "../infra/network-facts";
import { UserError } from "../infra/user-error";

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
    if (action !== "alive") throw new UserError(`"${action}" is not an action: write alive`, 2);
    parseBuildTag(tag as string);
    const limit = Number(variable("READY_TIMEOUT"));
    const endpoints = JSON.parse(variable("ENDPOINTS")) as Endpoints;
    const facts = JSON.parse(variable("NETWORK_FACTS")) as NetworkFacts;
    const published = await gatewayAddress(variable("KUBECONFIG_TEXT"), "gateway", limit, signal, say);
    const { address } = await lookup(published, { family: 4 }); // some clouds publish a host
    const genesisId = await allAnswer({ endpoints, facts, address }, limit, signal, say);
    say(`the gateway at ${published} answers for gRPC, JSON, explorer, dashboard and poets`);
    answer({ address: published, genesisId });
  },
});
