import { actionOf, jsonVariable, requireSameTag, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { baseUrl, seconds } from "../../infra/base/model/formats";
import { ListedEntry } from "../../infra/base/model/network-list";
import { networkListed } from "../../infra/deploy/discovery";
import { nameServersOfStep } from "./names";

/** `discovery listed TAG`: waits until the public network list shows the network's entry as it was written. */
export const step: Step = async (words, run) => {
  const [action, text = ""] = wordsOf(words, "discovery listed TAG");
  actionOf(action, "listed");
  const tag = parseBuildTag(text);
  const { entry } = jsonVariable("ENTRY", ListedEntry);
  requireSameTag("ENTRY", entry.netName, text);
  const discoveryUrl = variableAs("DISCOVERY_URL", baseUrl);
  const names = nameServersOfStep();
  const limit = variableAs("READY_TIMEOUT", seconds);
  answer(await networkListed({ tag, entry, discoveryUrl, names, limit }, run));
};
