import { parseBuildTag } from "../../infra/base/model/build-tag";
import { networkEndpoints } from "../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../infra/base/model/network-facts";
import type { NetworkListInput } from "../../infra/base/model/network-list";
import { VERSIONS_TODAY, versionsOf } from "../../infra/base/model/versions";
import type { InfoPageInput } from "../../infra/deploy/info-page/input";
import { joinConfigOf } from "../../infra/deploy/network/kubernetes/join-config";
import { settingsWith } from "./settings";

const settings = settingsWith({ versions: sampleVersions(), poets: 2 });
const tag = parseBuildTag("v1.2.3+1");

const FACTS: NetworkFacts = {
  tag: "v1.2.3+1",
  cluster: "v1-2-3-1",
  genesisTime: "2026-11-24T21:07:00Z",
  layerDuration: 300,
  layersPerEpoch: 288,
  netId: 1_234_567_890,
  nodes: [1, 2, 3].map((i) => ({ name: `miner-${i}`, grpc: `192.0.2.${i}:6000`, json: `192.0.2.${i}:7000` })),
  poets: [1, 2].map((i) => ({ name: `poet-${i}`, rest: `192.0.2.${i}:5000` })),
  nodeConfig: "{}",
};

/** The network v1.2.3+1 with two poets. The golden files are made from it. */
export const SAMPLE_NETWORK: InfoPageInput & NetworkListInput = {
  tag,
  versions: versionsOf(tag, settings.versions),
  endpoints: networkEndpoints(tag, settings.poets, settings),
  facts: FACTS,
  genesisId: "9eebff023abb17ccb775c602daade8ed708f0a50",
  discoveryUrl: "https://discover.net.spacemesh.io/",
};

/** The same network, of nodes of today. */
export const SAMPLE_TODAY: InfoPageInput & NetworkListInput = {
  ...SAMPLE_NETWORK,
  versions: versionsOf(tag, VERSIONS_TODAY, {}, "kubernetes"),
  endpoints: networkEndpoints(tag, settings.poets, { ...settings, driver: "kubernetes" }),
  facts: {
    ...FACTS,
    driver: "kubernetes",
    namespace: "v1-2-3-1",
    hrp: "stest",
    genesisId: SAMPLE_NETWORK.genesisId,
    p2p: [1, 2].map((i) => `/ip4/203.0.113.${i}/tcp/3175${i}/p2p/12D3KooW${"x".repeat(43)}${i}`),
    tap: "stest1qqqqqqrhxw7ssvjvfhd05z90fkvqktzr2xn8pzqsk5e40",
    nodeConfig: joinConfigOf({
      genesisTime: FACTS.genesisTime,
      extraData: "v1.2.3+1",
      layerDuration: FACTS.layerDuration,
      layersPerEpoch: FACTS.layersPerEpoch,
      hrp: "stest",
      preset: "fastnet",
      accounts: {},
      poets: [{ address: "https://poet-1-v1-2-3-1.net.spacemesh.io", pubkey: "AAAA" }],
      bootnodes: [],
      poet: { phaseShift: 61_200, cycleGap: 7200 },
      post: { labelsPerUnit: 128, minNumUnits: 2, maxNumUnits: 4 },
      nodeConfig: {},
    }),
  },
};

/** Fixed versions, so that a new default in Pulumi.yaml does not change the golden files. */
function sampleVersions() {
  return {
    poet: "v0.10.10",
    smapp: "v0.2.9",
    tap: "v0.1.3",
    explorerBackend: "v0.0.21",
    explorerFrontend: "v0.0.13",
    dashboard: "v0.0.7",
    monitoring: "v0.1.0",
    goSpacecraft: "v0.1.7",
    cliWallet: "v0.1.12",
  };
}
