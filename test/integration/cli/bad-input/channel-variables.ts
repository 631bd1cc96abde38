import { CHANNEL_ENDPOINTS, CHANNELS, given, TAG, type WrongCall } from "./valid";
import { line, NAMES_FIX, NOT_SET, SERVERS, WAIT } from "./variables";

const CHANNELS_FIX = ': give it the channels, \\[\\{"name": "testnet", "gateway": HOST\\}\\], as JSON$';

/** The same of what channels need. */
export const CHANNEL_VARIABLES: readonly WrongCall[] = [
  given("channel moved testnet", "TARGET", undefined, "not set", NOT_SET("TARGET")),
  given(
    "channel moved testnet",
    "TARGET",
    "http://api-v1-2-3-1.net.spacemesh.io/",
    "as a URL",
    /^error: TARGET is "http:.*": wanted a name in the zone, e\.g\. api-v1-2-3-1\./,
  ),
  given("channel moved testnet", "GENESIS_ID", "", "empty", NOT_SET("GENESIS_ID")),
  given("channel moved testnet", "ENDPOINTS", "testnet", "as no JSON", line("ENDPOINTS is not JSON", NAMES_FIX)),
  given(
    "channel moved testnet",
    "ENDPOINTS",
    { ...CHANNEL_ENDPOINTS, page: undefined },
    "without a page",
    line("ENDPOINTS\\.page is not set, wanted a URL", NAMES_FIX),
  ),
  given(
    "channel moved testnet",
    "PAGE_SHA256",
    "0".repeat(63),
    "too short",
    /^error: PAGE_SHA256 is "0+": wanted a SHA-256 as 64 hexadecimal digits$/,
  ),
  given("channel moved testnet", "DNS_SERVERS", "ns.spacemesh.io", "as a name", SERVERS),
  given("channel moved testnet", "READY_TIMEOUT", "1 min", "in words", WAIT),
  given(`guard ${TAG}`, "CHANNELS", undefined, "not set", NOT_SET("CHANNELS")),
  given(`guard ${TAG}`, "CHANNELS", "testnet", "as a name", line("CHANNELS is not JSON", CHANNELS_FIX)),
  given(`guard ${TAG}`, "CHANNELS", { name: "testnet" }, "as one", line("CHANNELS is .*, wanted a list", CHANNELS_FIX)),
  given(
    `guard ${TAG}`,
    "CHANNELS",
    ["testnet"],
    "as names",
    line('CHANNELS\\.0 is "testnet", wanted an object', CHANNELS_FIX),
  ),
  given(
    `guard ${TAG}`,
    "CHANNELS",
    [{ name: "testnet" }],
    "without the host that moves",
    line("CHANNELS\\.0\\.gateway is not set, wanted a host", CHANNELS_FIX),
  ),
  given(
    `guard ${TAG}`,
    "CHANNELS",
    [...CHANNELS, { name: "../edge", gateway: "gateway.test.net.spacemesh.io" }],
    "with a name that leads elsewhere",
    line('CHANNELS\\.1\\.name is "\\.\\./edge", wanted the name of a channel, e\\.g\\. testnet', CHANNELS_FIX),
  ),
  given(
    `guard ${TAG}`,
    "CHANNELS",
    [{ name: "testnet", gateway: "gateway.test.net&name=x" }],
    "with a host that is none",
    line('CHANNELS\\.0\\.gateway is "gateway.*", wanted a host', CHANNELS_FIX),
  ),
  given(`guard ${TAG}`, "ZONE_ID", undefined, "not set", NOT_SET("ZONE_ID")),
  given("promote v1.2.3", "DISCORD_WEBHOOK", undefined, "not set", NOT_SET("DISCORD_WEBHOOK")),
  given(
    "promote v1.2.3",
    "DISCORD_WEBHOOK",
    "https://discord.com/channels/1/s3cret",
    "of another kind",
    /^error: DISCORD_WEBHOOK \(not shown\) is not that of a webhook(?!.*s3cret): give it the URL of the Discord webhook, /,
  ),
  given("demote --reason stalls", "DISCORD_WEBHOOK", "", "empty", NOT_SET("DISCORD_WEBHOOK")),
];
