import { ANNOUNCEMENT, called, given, type WrongCall } from "./valid";

const ANNOUNCEMENT_FIX = ": give it the announcement \\(infra/announcement/input\\.ts\\) as JSON$";
const WEBHOOK =
  /^error: DISCORD_WEBHOOK \(not shown\) is not that of a webhook: give it the URL of the Discord webhook, https:\/\/discord\.com\/api\/webhooks\/ID\/TOKEN$/;
const line = (start: string, end: string) => new RegExp(`^error: ${start}${end}`);

/** Calls of the verb announce: its command line is wrong, or one variable. */
export const ANNOUNCE: readonly WrongCall[] = [
  called(["announce"], "no channel", /^error: wrong number of arguments; Usage: announce CHANNEL \[--dry-run\] or /),
  called(
    ["announce", "Test Net"],
    "no name of a channel",
    /^error: CHANNEL is "Test Net": wanted the name of a channel, e\.g\. testnet$/,
  ),
  called(
    ["announce", "testnet", "1"],
    "a generation and no word on it",
    /^error: GENERATION goes with --sent MESSAGE_ID or --not-sent: write/,
  ),
  called(["announce", "testnet", "--sent", "5"], "a word on no generation", /^error: GENERATION goes with --sent/),
  called(["announce", "testnet", "--not-sent"], "a word on no generation, either", /^error: GENERATION goes with/),
  called(
    ["announce", "testnet", "1", "--sent", "5", "--not-sent"],
    "two words",
    /^error: --dry-run, --sent and --not-sent exclude each other: give one of them$/,
  ),
  called(
    ["announce", "testnet", "0", "--not-sent"],
    "generation 0",
    /^error: GENERATION is "0": wanted the number of the channel's update, from 1$/,
  ),
  called(
    ["announce", "testnet", "1", "--sent", "latest"],
    "a message in words",
    /^error: --sent is "latest": wanted the message's id, a number that Discord shows as Copy Message ID$/,
  ),
  called(
    ["announce", "testnet", "1", "--not-sent"],
    "a word on what was not begun",
    /^error: nothing was announced yet for generation 1 of testnet: there is nothing to settle$/,
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    undefined,
    "not set",
    /^error: ANNOUNCEMENT is not set: --help tells what to set it to$/,
  ),
  given(
    "announce testnet --dry-run",
    "ANNOUNCEMENT",
    "{",
    "cut off",
    line("ANNOUNCEMENT is not JSON", ANNOUNCEMENT_FIX),
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, channel: "devnet" },
    "of another channel",
    /^error: ANNOUNCEMENT is that of "devnet", not of testnet: give it that of testnet$/,
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, generation: 0 },
    "of generation 0",
    line("ANNOUNCEMENT\\.generation is 0, wanted a whole number from 1", ANNOUNCEMENT_FIX),
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, kind: "release" },
    "of another kind",
    line('ANNOUNCEMENT\\.kind is "release", wanted promotion or demotion', ANNOUNCEMENT_FIX),
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, release: "v1.2.4" },
    "of a release that is not the tag's",
    line(
      'ANNOUNCEMENT\\.release is "v1\\.2\\.4", wanted the release of the tag, e\\.g\\. v1\\.2\\.3',
      ANNOUNCEMENT_FIX,
    ),
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, tag: "v1.2.3" },
    "of a release instead of a build",
    line('ANNOUNCEMENT\\.tag is "v1\\.2\\.3", wanted a build tag, e\\.g\\. v1\\.2\\.3\\+1', ANNOUNCEMENT_FIX),
  ),
  given(
    "announce testnet",
    "ANNOUNCEMENT",
    { ...ANNOUNCEMENT, page: "javascript:alert(1)" },
    "with a page that is none",
    line('ANNOUNCEMENT\\.page is "javascript:alert\\(1\\)", wanted a URL, http or https', ANNOUNCEMENT_FIX),
  ),
  given(
    "announce testnet",
    "DISCORD_WEBHOOK",
    undefined,
    "not set",
    /^error: DISCORD_WEBHOOK is not set: --help tells what to set it to$/,
  ),
  given("announce testnet", "DISCORD_WEBHOOK", "hunter2", "as no URL", WEBHOOK),
  given("announce testnet", "DISCORD_WEBHOOK", "http://discord.com/api/webhooks/1/hunter2", "in the clear", WEBHOOK),
  given("announce testnet 1 --sent 5", "DISCORD_WEBHOOK", "https://discord.com/api/webhooks/1", "cut off", WEBHOOK),
  given(
    "announce testnet",
    "ARCHIVE",
    "http://bucket",
    "of a kind that is none",
    /^error: "http:\/\/bucket" is not a store: write file:\/\/\/absolute\/folder, s3:/,
  ),
];
