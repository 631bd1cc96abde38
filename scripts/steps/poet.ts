import { actionOf, argumentAs, jsonVariable, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { serviceProxy } from "../../infra/base/clients/kubernetes/service-proxy";
import { poetInfo } from "../../infra/base/clients/poet";
import { hostPort, label, seconds } from "../../infra/base/model/formats";
import { serviceAt } from "../../infra/base/model/inside";
import { PoetPhases } from "../../infra/base/model/network-spec";
import { poetReady } from "../../infra/deploy/poet";

/** `poet wait NAME`: waits until a poet answers with an open round, or with the configured phases. */
export const step: Step = async (words, run) => {
  const [action, text] = wordsOf(words, "poet wait NAME");
  actionOf(action, "wait");
  const options = {
    name: argumentAs("NAME", text, label.describe("the name of a poet, e.g. poet-1")),
    address: variableAs("POET_ADDRESS", hostPort),
    phases: jsonVariable("POET_PHASES", PoetPhases),
    limit: variableAs("READY_TIMEOUT", seconds),
  };
  const proxy = serviceAt(options.address) && serviceProxy(() => variable("KUBECONFIG_TEXT"), run.signal);
  answer(await poetReady(options, run, (address) => poetInfo(address, proxy)));
};
