import { credentials } from "../../infra/base/cli/credentials";
import { jsonVariable, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { cloudflareApi } from "../../infra/base/clients/cloudflare";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { ChannelList } from "../../infra/base/model/channel";
import { openStore } from "../../infra/base/store/open";
import { requireRetirable } from "../../infra/retire/guard";

/** `guard TAG`: checks whether a network can be retired, before a destroy changes anything. */
export const step: Step = async (words, run) => {
  const [text = ""] = wordsOf(words, "guard TAG");
  const tag = parseBuildTag(text);
  const channels = jsonVariable("CHANNELS", ChannelList);
  const access = credentials();
  const store = openStore(variable("ARCHIVE"), access);
  const zoneId = variable("ZONE_ID");
  await requireRetirable({ tag, channels, zoneId, cloudflare: cloudflareApi(access, run), store }, run);
  run.say(`${text} can be retired: no channel points to it, and the store can be written`);
  answer({ retirable: true });
};
