import { actionOf, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { baseUrl, pageUrl, seconds, sha256 } from "../../infra/base/model/formats";
import { pageServed } from "../../infra/deploy/info-page/served";
import { nameServersOfStep } from "./names";

/** `page served TAG`: waits until gateway and edge serve the network's info page as it was written. */
export const step: Step = async (words, run) => {
  const [action, text = ""] = wordsOf(words, "page served TAG");
  actionOf(action, "served");
  const options = {
    tag: parseBuildTag(text),
    sha256: variableAs("PAGE_SHA256", sha256),
    pageUrl: variableAs("PAGE_URL", pageUrl),
    discoveryUrl: variableAs("DISCOVERY_URL", baseUrl),
    names: nameServersOfStep(),
    limit: variableAs("READY_TIMEOUT", seconds),
  };
  answer(await pageServed(options, run));
};
