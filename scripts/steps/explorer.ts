import { actionOf, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { makePassword } from "../../infra/deploy/explorer/password";

/** `explorer password TAG`: makes the password of the explorer's database in the network's cluster, once. */
export const step: Step = async (words, run) => {
  const [action, tag = ""] = wordsOf(words, "explorer password TAG");
  actionOf(action, "password");
  parseBuildTag(tag);
  answer(await makePassword({ kubeconfig: variable("KUBECONFIG_TEXT"), namespace: variable("NAMESPACE") }, run));
};
