import { actionOf, argumentAs, jsonVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { hostPort, label, seconds } from "../../infra/base/model/formats";
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
  answer(await poetReady(options, run));
};
