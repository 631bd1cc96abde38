import {
  invalid,
  invalidArgument,
  notAStore,
  notAWebhook,
  notJson,
  notSet,
  refusal,
  stepUsage,
  usage,
} from "./refusals";
import { ANNOUNCEMENT, called, given, type Refusal, type WrongCall } from "./valid";

const DOCUMENT = "infra/base/model/announcement.ts";
const bothOrNeither: Refusal = refusal(
  "UsageInvalid",
  "GENERATION",
  "--sent MESSAGE_ID",
  "--not-sent",
  "`smeshnet announce",
);
const withInput = (change: object, what: string, refusal: Refusal): WrongCall =>
  given("step announce testnet", "ANNOUNCEMENT", { ...ANNOUNCEMENT, ...change }, what, refusal);

/** Wrong words or variables of the command announce, and of the step of the same name. */
export const ANNOUNCE: readonly WrongCall[] = [
  called("announce", "a missing channel", usage("announce", "'CHANNEL'")),
  called("announce testnet --dry-run", "--dry-run", usage("announce", "'--dry-run'")),
  called(
    ["announce", "Test Net"],
    "a channel name with a space",
    invalidArgument("CHANNEL", "Test Net", "the name of a channel, e.g. testnet"),
  ),
  called("announce testnet 1", "a generation without --sent or --not-sent", bothOrNeither),
  called("announce testnet --sent 5", "--sent without a generation", bothOrNeither),
  called("announce testnet --not-sent", "--not-sent without a generation", bothOrNeither),
  called("announce testnet 1 --sent 5 --not-sent", "--sent together with --not-sent", bothOrNeither),
  called(
    "announce testnet 0 --not-sent",
    "generation 0",
    invalidArgument("GENERATION", "0", "the generation of the channel", "from 1"),
  ),
  called(
    "announce testnet 1 --sent latest",
    "a message id in words",
    invalidArgument("--sent", "latest", "the message's id", "Copy Message ID"),
  ),
  called(
    "announce testnet 1 --not-sent",
    "a generation that was never announced",
    refusal("NothingAnnounced", "generation 1 of testnet"),
  ),
  given(
    "announce testnet 1 --sent 5",
    "DISCORD_WEBHOOK",
    "https://discord.com/api/webhooks/1",
    "a webhook without its token",
    notAWebhook("webhooks/1"),
  ),
  called("step announce", "a missing channel", stepUsage("announce CHANNEL")),
  called("step announce testnet --dry-run", "a flag", stepUsage("announce CHANNEL")),
  called(
    ["step", "announce", "Test Net"],
    "a channel name with a space",
    invalidArgument("CHANNEL", "Test Net", "the name of a channel, e.g. testnet"),
  ),
  given("step announce testnet", "ANNOUNCEMENT", undefined, "an unset ANNOUNCEMENT", notSet("ANNOUNCEMENT")),
  given("step announce testnet", "ANNOUNCEMENT", "{", "a truncated ANNOUNCEMENT", notJson("ANNOUNCEMENT", DOCUMENT)),
  withInput({ channel: "devnet" }, "the announcement of another channel", {
    code: "VariableOfOtherChannel",
    names: ["ANNOUNCEMENT", '"devnet"', "testnet"],
  }),
  withInput(
    { generation: 0 },
    "the announcement of generation 0",
    invalid("ANNOUNCEMENT.generation", "0", "a whole number from 1", DOCUMENT),
  ),
  withInput(
    { kind: "release" },
    "an announcement of an unknown kind",
    invalid("ANNOUNCEMENT.kind", '"release"', "promotion or demotion", DOCUMENT),
  ),
  withInput(
    { release: "v1.2.4" },
    "an announcement whose release does not match its tag",
    invalid("ANNOUNCEMENT.release", '"v1.2.4"', "the release of the tag, e.g. v1.2.3", DOCUMENT),
  ),
  withInput(
    { tag: "v1.2.3" },
    "an announcement of a release instead of a build",
    invalid("ANNOUNCEMENT.tag", '"v1.2.3"', "a build tag, e.g. v1.2.3+1", DOCUMENT),
  ),
  withInput(
    { page: "javascript:alert(1)" },
    "an announcement whose page is a script",
    invalid("ANNOUNCEMENT.page", '"javascript:alert(1)"', "a URL, http or https", DOCUMENT),
  ),
  given("step announce testnet", "DISCORD_WEBHOOK", undefined, "an unset webhook", notSet("DISCORD_WEBHOOK")),
  given("step announce testnet", "DISCORD_WEBHOOK", "hunter2", "a webhook that is no URL", notAWebhook("hunter2")),
  given(
    "step announce testnet",
    "DISCORD_WEBHOOK",
    "http://discord.com/api/webhooks/1/hunter2",
    "a webhook without TLS",
    notAWebhook("hunter2"),
  ),
  given("step announce testnet", "ARCHIVE", "http://bucket", "a web server as store", notAStore("http://bucket")),
];
