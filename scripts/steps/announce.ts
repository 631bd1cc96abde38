import { credentials } from "../../infra/base/cli/credentials";
import { argumentAs, jsonVariable, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { webhook } from "../../infra/base/cli/webhook";
import { shown, UserError } from "../../infra/base/lib/errors";
import { AnnouncementInput } from "../../infra/base/model/announcement";
import { channelName } from "../../infra/base/model/formats";
import { openStore } from "../../infra/base/store/open";
import { announce, doubtLine } from "../../infra/promote/announcement/announce";

/** `announce CHANNEL`: announces a channel's promotion on Discord, once per generation. */
export const step: Step = async (words, run) => {
  const [text] = wordsOf(words, "announce CHANNEL");
  const channel = argumentAs("CHANNEL", text, channelName);
  const input = jsonVariable("ANNOUNCEMENT", AnnouncementInput);
  if (input.channel !== channel)
    throw new UserError(
      "VariableOfOtherChannel",
      `ANNOUNCEMENT describes ${shown(input.channel)}, but this command is for ${channel}.`,
      `Pass the announcement of ${channel}.`,
      2,
    );
  const poster = webhook();
  const store = openStore(variable("ARCHIVE"), credentials());
  const result = await announce({ store, input, webhook: poster }, run);
  if (result.state === "doubt") run.say(doubtLine(channel, input.generation, result.since));
  else run.say(`${channel}: announced ${input.release}, message ${result.messageId}`);
  answer(result);
};
