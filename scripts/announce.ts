import { argumentAs, jsonVariable, variable } from "../infra/base/cli/inputs";
import { answer, main, say } from "../infra/base/cli/verb";
import { openWebhook } from "../infra/base/clients/discord";
import { settingsOfProject } from "../infra/base/engine/project";
import { shown, UserError } from "../infra/base/lib/errors";
import { announcementInputSchema, generationNumber, messageNumber } from "../infra/base/model/announcement";
import { label } from "../infra/base/model/formats";
import type { Store } from "../infra/base/store/contract";
import { openStore } from "../infra/base/store/open";
import { announce, doubtLine } from "../infra/promote/announcement/announce";
import { announcementPayload } from "../infra/promote/announcement/message";
import { settle } from "../infra/promote/announcement/settle";

main({
  help: `
Usage: announce CHANNEL [--dry-run]
       announce CHANNEL GENERATION --sent MESSAGE_ID
       announce CHANNEL GENERATION --not-sent

Announces what a channel points to on Discord, exactly once for each generation of the channel, and prints {"state",
"messageId"}. The intent is recorded in the archive store before, the message's id after. What is in doubt, since a run
was killed or Discord's answer was lost, is not sent again: a person looks at Discord and says which it is.

  --dry-run           prints the message; nothing is written or sent
  --sent MESSAGE_ID   it is in the channel; looked at in Discord when DISCORD_WEBHOOK is set
  --not-sent          it is not in the channel: the next run sends it

Environment:
  ANNOUNCEMENT      what is announced, as JSON (infra/base/model/announcement.ts)
  ARCHIVE           URL of the store, file:///absolute/folder; the setting "archive" without it
  DISCORD_WEBHOOK   URL of the webhook, a secret`,
  positionals: [1, 2],
  flags: {
    "dry-run": { type: "boolean" },
    sent: { type: "string" },
    "not-sent": { type: "boolean" },
  },
  async run({ positionals, flags, signal }) {
    const channel = argumentAs("CHANNEL", positionals[0], label.describe("the name of a channel, e.g. testnet"));
    const { sent, "not-sent": notSent, "dry-run": dryRun } = flags;
    const settling = sent !== undefined || notSent === true;
    if ([sent, notSent, dryRun].filter((flag) => flag !== undefined).length > 1)
      throw new UserError("--dry-run, --sent and --not-sent exclude each other: give one of them", 2);
    if (settling !== (positionals[1] !== undefined))
      throw new UserError(
        "GENERATION goes with --sent MESSAGE_ID or --not-sent: write announce CHANNEL GENERATION --sent MESSAGE_ID",
        2,
      );
    if (settling) return settleByHand(channel, positionals[1], sent);
    const input = inputOf(channel);
    if (dryRun) return answer(announcementPayload(input));
    const webhook = openWebhook(variable("DISCORD_WEBHOOK"));
    const result = await announce({ store: await storeOfProject(), input, webhook, say, signal });
    if (result.state === "doubt") say(doubtLine(channel, input.generation, result.since));
    else say(`${input.release} is announced for ${channel}: message ${result.messageId}`);
    answer(result);
  },
});

/** Records the word of a person who has looked at Discord. */
async function settleByHand(channel: string, given: string | undefined, sent: unknown): Promise<void> {
  const generation = argumentAs("GENERATION", given, generationNumber);
  const messageId = sent === undefined ? undefined : argumentAs("--sent", String(sent), messageNumber);
  const url = process.env.DISCORD_WEBHOOK;
  const webhook = url && messageId ? openWebhook(url) : undefined;
  answer(await settle({ store: await storeOfProject(), channel, generation, messageId, webhook, say }));
}

function inputOf(channel: string) {
  const input = jsonVariable("ANNOUNCEMENT", announcementInputSchema);
  if (input.channel === channel) return input;
  throw new UserError(
    `ANNOUNCEMENT is that of ${shown(input.channel)}, not of ${channel}: give it that of ${channel}`,
    2,
  );
}

async function storeOfProject(): Promise<Store> {
  return openStore(process.env.ARCHIVE ?? (await settingsOfProject()).archive);
}
