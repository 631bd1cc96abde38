import { actionOf, optionalVariable, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { handSecrets } from "../../infra/deploy/monitoring/secrets";

/** `monitoring secrets TAG`: puts the webhook, and the password of the receiver of metrics, into the network's cluster. */
export const step: Step = async (words, run) => {
  const [action, tag = ""] = wordsOf(words, "monitoring secrets TAG");
  actionOf(action, "secrets");
  parseBuildTag(tag);
  const values = {
    webhook: optionalVariable("DISCORD_WEBHOOK"),
    remoteUser: optionalVariable("REMOTE_WRITE_USER"),
    remotePassword: optionalVariable("REMOTE_WRITE_PASSWORD"),
  };
  const place = { kubeconfig: variable("KUBECONFIG_TEXT"), namespace: variable("NAMESPACE") };
  answer(await handSecrets({ ...place, values }, run));
};
