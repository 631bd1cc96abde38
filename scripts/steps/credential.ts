import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { execCredential } from "../../infra/base/clients/kubernetes/own-credential";

/**
 * `credential CONTEXT`: prints the credential of a context of the caller's own kubeconfig, as clients of Kubernetes ask
 * for it (client.authentication.k8s.io). So the kubeconfig in the state of a stack holds no secret.
 */
export const step: Step = async (words, run) => {
  const [context = ""] = wordsOf(words, "credential CONTEXT");
  answer(await execCredential(context, process.env, run.signal));
};
