import { invalid, notAWebhook, notJson, notSet } from "./refusals";
import { CHANNEL_ENDPOINTS, CHANNELS, given, type Refusal, TAG, type WrongCall } from "./valid";

const CHANNEL_LIST = '[{"name": "testnet", "gateway": HOST}]';
const ENDPOINTS_FILE = "infra/base/model/endpoints.ts";
const moved = (name: string, value: unknown, what: string, refusal: Refusal): WrongCall =>
  given("step channel moved testnet", name, value, what, refusal);
const guarded = (channels: unknown, what: string, refusal: Refusal): WrongCall =>
  given(`step guard ${TAG}`, "CHANNELS", channels, what, refusal);

/** One wrong variable of a step or command that deals with channels. */
export const CHANNEL_VARIABLES: readonly WrongCall[] = [
  moved("TARGET", undefined, "an unset TARGET", notSet("TARGET")),
  moved(
    "TARGET",
    "http://api-v1-2-3-1.net.spacemesh.io/",
    "a URL as TARGET",
    invalid("TARGET", '"http://api-v1-2-3-1.net.spacemesh.io/"', "a name in the zone, e.g. api-v1-2-3-1."),
  ),
  moved("GENESIS_ID", "", "an empty GENESIS_ID", notSet("GENESIS_ID")),
  moved("ENDPOINTS", "testnet", "a name as ENDPOINTS", notJson("ENDPOINTS", ENDPOINTS_FILE)),
  moved(
    "ENDPOINTS",
    { ...CHANNEL_ENDPOINTS, page: undefined },
    "ENDPOINTS without a page",
    invalid("ENDPOINTS.page", "a URL", ENDPOINTS_FILE),
  ),
  moved(
    "PAGE_SHA256",
    "0".repeat(63),
    "a digest of 63 digits",
    invalid("PAGE_SHA256", "0".repeat(63), "a SHA-256 as 64 hexadecimal digits"),
  ),
  moved(
    "DNS_SERVERS",
    "ns.spacemesh.io",
    "the name of a name server",
    invalid("DNS_SERVERS", '"ns.spacemesh.io"', "as address:port (203.0.113.7:53)"),
  ),
  moved(
    "READY_TIMEOUT",
    "1 min",
    "a time limit with a unit",
    invalid("READY_TIMEOUT", '"1 min"', "seconds, 1 to 86400"),
  ),
  guarded(undefined, "unset CHANNELS", notSet("CHANNELS")),
  guarded("testnet", "a name as CHANNELS", notJson("CHANNELS", CHANNEL_LIST)),
  guarded({ name: "testnet" }, "one channel instead of a list", invalid("CHANNELS", "a list", CHANNEL_LIST)),
  guarded(["testnet"], "a list of names", invalid("CHANNELS.0", '"testnet"', "an object", CHANNEL_LIST)),
  guarded(
    [{ name: "testnet" }],
    "a channel without its gateway",
    invalid("CHANNELS.0.gateway", "a host", CHANNEL_LIST),
  ),
  guarded(
    [...CHANNELS, { name: "../edge", gateway: "gateway.test.net.spacemesh.io" }],
    "a channel name that leads to another folder",
    invalid("CHANNELS.1.name", '"../edge"', "the name of a channel, e.g. testnet", CHANNEL_LIST),
  ),
  guarded(
    [{ name: "testnet", gateway: "gateway.test.net&name=x" }],
    "a gateway that is no host name",
    invalid("CHANNELS.0.gateway", '"gateway.test.net&name=x"', "a host", CHANNEL_LIST),
  ),
  given(`step guard ${TAG}`, "ZONE_ID", undefined, "an unset ZONE_ID", notSet("ZONE_ID")),
  given("promote v1.2.3", "DISCORD_WEBHOOK", undefined, "an unset webhook", notSet("DISCORD_WEBHOOK")),
  given(
    "promote v1.2.3",
    "DISCORD_WEBHOOK",
    "https://discord.com/channels/1/s3cret",
    "the URL of a Discord channel as webhook",
    notAWebhook("s3cret"),
  ),
  given("demote --reason stalls", "DISCORD_WEBHOOK", "", "an empty webhook", notSet("DISCORD_WEBHOOK")),
];
