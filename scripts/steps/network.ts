import { credentials } from "../../infra/base/cli/credentials";
import { actionOf, jsonVariable, requireSameTag, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { NetworkSpec } from "../../infra/base/model/network-spec";
import { openStore } from "../../infra/base/store/open";
import { driverOfStep } from "./driver";

/**
 * `network up|down|inspect TAG`: creates, removes or inspects a network with its driver. `up` prints its facts and the
 * kubeconfig (a secret), `inspect` prints what exists and what `up` would do about it.
 */
export const step: Step = async (words, run) => {
  const [given, tag = ""] = wordsOf(words, "network up|down|inspect TAG");
  const action = actionOf(given, "up", "down", "inspect");
  parseBuildTag(tag);
  const spec = jsonVariable("NETWORK_SPEC", NetworkSpec);
  requireSameTag("NETWORK_SPEC", spec.tag, tag);
  const access = credentials();
  const driver = driverOfStep(openStore(variable("ARCHIVE"), access), access);
  if (action === "up") answer(await driver.up(spec, run));
  else if (action === "down") await driver.down(spec, run);
  else answer(await driver.inspect(spec, run));
};
