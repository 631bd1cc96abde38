import type { AnnouncementInput } from "../../../../../infra/base/model/announcement";
import { parseBuildTag } from "../../../../../infra/base/model/build-tag";
import { channelsOf } from "../../../../../infra/base/model/channel";
import { channelEndpoints, networkEndpoints } from "../../../../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../../../../infra/base/model/network-facts";
import { networkSpec } from "../../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../../infra/base/model/versions";
import { RECORD_KEY } from "../../../../support/record-key";
import { settingsWith } from "../../../../support/settings";
import type { Call } from "./world";

/** What the error of a refused call must hold. The words between are pinned by test/golden/messages.txt alone. */
export interface Refusal {
  readonly code: string;
  /** Parts that the line must hold: names, values, what is expected, and commands to run. */
  readonly names?: readonly string[];
  /** Parts that the line must not hold: secrets. */
  readonly hides?: readonly string[];
  /** 2 unless the world is at fault. */
  readonly exitCode?: 1;
}

/** A call that must be refused. */
export interface WrongCall extends Call, Refusal {
  /** What the command refuses, as a phrase: `build 0`. */
  readonly what: string;
  /** Whether it may read Pulumi's state, beside the question that it fails at. */
  readonly reads?: true;
}

/** The same call with nothing wrong, and the first thing that it then reaches. */
export interface Control extends Call {
  readonly reaches: string;
}

export const TAG = "v1.2.3+1";
const tag = parseBuildTag(TAG);
const settings = settingsWith({ poets: 1 });
export const SPEC = networkSpec(tag, settings, versionsOf(tag, settings.versions));
export const FACTS: NetworkFacts = {
  tag: TAG,
  cluster: "v1-2-3-1",
  genesisTime: "2026-01-01T00:00:00Z",
  layerDuration: 1,
  layersPerEpoch: 4,
  netId: 7,
  nodes: [{ name: "miner-1", grpc: "127.0.0.1:{port}", json: "127.0.0.1:{port}" }],
  poets: [{ name: "poet-1", rest: "127.0.0.1:{port}" }],
  nodeConfig: "{}",
};
export const ENDPOINTS = networkEndpoints(tag, 1, settings);
export const ANNOUNCEMENT: AnnouncementInput = {
  channel: "testnet",
  generation: 1,
  kind: "promotion",
  release: "v1.2.3",
  tag: TAG,
  changes: "",
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
};
export const CHANNEL_ENDPOINTS = channelEndpoints("testnet", 1, settings);
export const CHANNELS = channelsOf(settings);
const PHASES = { phaseShift: 4, cycleGap: 2 };
export const RECORD = { tag: TAG, documents: { "config.json": {} } };
const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:{port}", "insecure-skip-tls-verify": true } }],
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: {} }],
  "current-context": "c",
});

/** All variables of all commands and steps, and the settings of an operator. */
export const VALID: Readonly<Record<string, string>> = {
  SMESHNET_ZONE_ID: "zone",
  SMESHNET_ACCOUNT_ID: "account",
  SMESHNET_GCP_PROJECT: "project",
  SMESHNET_GCP_LOCATION: "us-east1",
  SMESHNET_GCP_ZONE: "us-east1-b",
  SMESHNET_RECORD_KEY: RECORD_KEY,
  SMESHNET_ARCHIVE: "file://{folder}/kept/store",
  SMESHNET_NODE_REPOSITORY: "file://{folder}/kept/node.git",
  SMESHNET_DNS_SERVERS: "127.0.0.1:{port}",
  ACCOUNT_ID: "account",
  ADDRESS: "127.0.0.1",
  ANNOUNCEMENT: JSON.stringify(ANNOUNCEMENT),
  ARCHIVE: "file://{folder}/kept/store",
  CLOUDFLARE_API_TOKEN: "token",
  CLOUDFLARE_BASE_URL: "http://127.0.0.1:{port}",
  CHANNELS: JSON.stringify(CHANNELS),
  COMMIT: "c0ffee".padEnd(40, "0"),
  DISCORD_WEBHOOK: "http://127.0.0.1:{port}/api/webhooks/1/hunter2",
  DISCOVERY_URL: "http://discover.net.spacemesh.io/",
  DNS_SERVERS: "127.0.0.1:{port}",
  DNS_ZONE: "spacemesh.io",
  ENDPOINTS: JSON.stringify(ENDPOINTS),
  ENTRY: JSON.stringify({ tag: TAG, entry: { netName: TAG, netID: 7 } }),
  GENESIS_ID: "9eeb",
  KUBECONFIG_TEXT: KUBECONFIG,
  NAMESPACE_ID: "kv",
  NETWORK_FACTS: JSON.stringify(FACTS),
  NETWORK_RECORD: JSON.stringify(RECORD),
  NETWORK_SPEC: JSON.stringify(SPEC),
  NODE_REPOSITORY: "file://{folder}/kept/node.git",
  PAGE_SHA256: "0".repeat(64),
  PAGE_URL: "http://1_2_3_1.net.spacemesh.io/",
  POET_ADDRESS: "127.0.0.1:{port}",
  POET_PHASES: JSON.stringify(PHASES),
  PULUMI_COMMAND_STDOUT: '{"openedAt":"2026-01-01T00:00:00Z"}',
  READY_TIMEOUT: "1",
  TARGET: "api-v1-2-3-1.net.spacemesh.io",
  VERSIONS: JSON.stringify(versionsOf(tag, settings.versions)),
  ZONE_ID: "zone",
};

/** Right words with one wrong variable. A value that is not text is given as JSON. */
export function given(words: string, name: string, value: unknown, what: string, refusal: Refusal): WrongCall {
  const text = value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  return { args: words.split(" "), env: { ...VALID, [name]: text }, what, ...refusal };
}

/** Wrong words, with all variables right. Words that hold spaces are given as a list. */
export const called = (words: string | readonly string[], what: string, refusal: Refusal): WrongCall => ({
  args: typeof words === "string" ? words.split(" ") : words,
  env: VALID,
  what,
  ...refusal,
});
