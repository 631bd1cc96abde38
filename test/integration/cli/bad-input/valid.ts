import type { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelsOf } from "../../../../infra/base/model/channel";
import { channelEndpoints, networkEndpoints } from "../../../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../../../infra/base/model/network-facts";
import { networkSpec } from "../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../infra/base/model/versions";
import { settingsWith } from "../../../support/settings";
import type { Call } from "./world";

/** A call that must be refused, with the line that it must say. */
export interface WrongCall extends Call {
  /** What is wrong, in words. */
  readonly what: string;
  /** The whole line: what is wrong, and what to do. */
  readonly fix: RegExp;
  /** 2 unless the world is at fault. */
  readonly exitCode?: 1;
}

/** The same call with nothing wrong, and the first that it then reaches. */
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

/** All variables of all verbs, and the settings of an operator. */
export const VALID: Readonly<Record<string, string>> = {
  SMESHNET_ZONE_ID: "zone",
  SMESHNET_ACCOUNT_ID: "account",
  SMESHNET_GCP_PROJECT: "project",
  SMESHNET_GCP_LOCATION: "us-east1",
  SMESHNET_GCP_ZONE: "us-east1-b",
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
  DISCORD_WEBHOOK: "http://127.0.0.1:{port}/api/webhooks/1/hunter2",
  DISCOVERY_URL: "http://discover.net.spacemesh.io/",
  DNS_SERVERS: "127.0.0.1:{port}",
  DNS_ZONE: "spacemesh.io",
  ENDPOINTS: JSON.stringify(ENDPOINTS),
  ENTRY: JSON.stringify({ tag: TAG, entry: { netName: TAG, netID: 7 } }),
  GENESIS_ID: "9eeb",
  KUBECONFIG_TEXT: KUBECONFIG,
  MANIFEST: JSON.stringify(versionsOf(tag, settings.versions)),
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
  ZONE_ID: "zone",
};

/** The verb's right arguments, in which one variable is wrong. Other values than text are given as JSON. */
export function given(line: string, name: string, value: unknown, what: string, fix: RegExp): WrongCall {
  const text = value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  return { args: line.split(" "), env: { ...VALID, [name]: text }, what: `${name} ${what}`, fix };
}

/** Wrong arguments, with all variables right. */
export const called = (args: readonly string[], what: string, fix: RegExp): WrongCall => ({
  args,
  env: VALID,
  what,
  fix,
});

export const NOT_A_RELEASE = /^error: ".*" is not a release tag: write it as v1\.2\.3 \(version without a build\)$/;
export const NOT_A_TAG =
  /^error: ".*" is not a build tag: write it as v1\.2\.3\+1 \(version, plus sign, build number from 1\)$/;
