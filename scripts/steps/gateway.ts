import { actionOf, jsonVariable, requireSameTag, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import type { Run } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { Endpoints } from "../../infra/base/model/endpoints";
import { seconds } from "../../infra/base/model/formats";
import { NetworkFacts } from "../../infra/base/model/network-facts";

/**
 * `gateway alive TAG`: waits until every public service answers through the network's gateway. `gateway tls TAG`: hands
 * the TLS certificate of the store to the network's cluster, before the gateway starts there.
 */
export const step: Step = async (words, run) => {
  const action = actionOf(words[0], "alive", "tls");
  const [, tag = ""] = wordsOf(words, `gateway ${action} TAG`);
  parseBuildTag(tag);
  await (action === "tls" ? handOutTls(run) : awaitAlive(tag, run));
};

async function awaitAlive(tag: string, run: Run): Promise<void> {
  const { gatewayAlive } = await import("../../infra/deploy/gateway/alive.js");
  const limit = variableAs("READY_TIMEOUT", seconds);
  const endpoints = jsonVariable("ENDPOINTS", Endpoints);
  const facts = jsonVariable("NETWORK_FACTS", NetworkFacts);
  requireSameTag("NETWORK_FACTS", facts.tag, tag);
  answer(await gatewayAlive({ kubeconfig: variable("KUBECONFIG_TEXT"), endpoints, facts, limit }, run));
}

/** Prints what the stack may keep: which certificate it was, and nothing of it. */
async function handOutTls(run: Run): Promise<void> {
  const [{ tlsStoreOf }, { requiredCertificate }, { handOut }] = await Promise.all([
    import("../tls/store.js"),
    import("../../infra/tls/required.js"),
    import("../../infra/tls/hand-out.js"),
  ]);
  const kubeconfig = variable("KUBECONFIG_TEXT");
  const kept = tlsStoreOf({ archive: variable("ARCHIVE") });
  const certificate = await requiredCertificate(kept, [], run);
  const handed = await handOut(certificate, kubeconfig, kept.store, run.signal);
  const { generation, notAfter } = certificate;
  run.say(
    handed === "newer"
      ? `the gateway has a newer TLS certificate than ${generation}`
      : `the gateway has TLS certificate ${generation}, valid until ${notAfter}`,
  );
  answer({ generation, notAfter });
}
