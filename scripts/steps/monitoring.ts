import { actionOf, optionalVariable, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { handPassword, handSecrets } from "../../infra/deploy/monitoring/secrets";

/**
 * `monitoring secrets TAG`: puts the webhook, and the password of the receiver of metrics, into the network's cluster.
 * `monitoring password TAG`: makes the password of Grafana there.
 */
export const step: Step = async (words, run) => {
  const action = actionOf(words[0], "secrets", "password");
  const [, tag = ""] = wordsOf(words, `monitoring ${action} TAG`);
  parseBuildTag(tag);
  const place = { kubeconfig: variable("KUBECONFIG_TEXT"), namespace: variable("NAMESPACE") };
  if (action === "password") return answer(await handPassword(place, run));
  const values = {
    webhook: optionalVariable("DISCORD_WEBHOOK"),
    remoteUser: optionalVariable("REMOTE_WRITE_USER"),
    remotePassword: optionalVariable("REMOTE_WRITE_PASSWORD"),
  };
  answer(await handSecrets({ ...place, values }, run));
};
