import { actionOf, argumentAs, jsonVariable, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { Endpoints } from "../../infra/base/model/endpoints";
import { channelName, dnsName, seconds, sha256 } from "../../infra/base/model/formats";
import { channelMoved } from "../../infra/promote/proof";
import { nameServersOfStep } from "./names";

/** `channel moved NAME`: waits until a channel's names, calls and page lead to a network. */
export const step: Step = async (words, run) => {
  const [action, name] = wordsOf(words, "channel moved NAME");
  actionOf(action, "moved");
  const moved = await channelMoved(
    {
      channel: argumentAs("NAME", name, channelName),
      endpoints: jsonVariable("ENDPOINTS", Endpoints),
      target: variableAs("TARGET", dnsName),
      genesisId: variable("GENESIS_ID"),
      sha256: variableAs("PAGE_SHA256", sha256),
      names: nameServersOfStep(),
      limit: variableAs("READY_TIMEOUT", seconds),
    },
    run,
  );
  answer(moved);
};
