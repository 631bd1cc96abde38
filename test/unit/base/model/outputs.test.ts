import { deepStrictEqual, strictEqual } from "node:assert";
import {
  ChannelOutputs,
  EdgeOutputs,
  isComplete,
  readOutputs,
  VersionOutputs,
} from "../../../../infra/base/model/outputs";
import { ChannelState, type Promotion } from "../../../../infra/base/model/promotion";
import { refuses } from "../../../support/errors";
import { SAMPLE_NETWORK } from "../../../support/sample-network";

const { endpoints, facts, versions, genesisId } = SAMPLE_NETWORK;
const COMMIT = "0".repeat(40);

/** Outputs of the stack 1_2_3_1 in an exported state, where secrets are encrypted. */
const NETWORK = {
  schema: 1,
  tag: "v1.2.3+1",
  endpoints,
  address: "203.0.113.5",
  genesisId,
  facts,
  versions,
  smoke: { schema: 1, passed: true },
  commit: COMMIT,
  kubeconfig: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x:y" },
};

const PROMOTION: Promotion = {
  schema: 1,
  channel: "testnet",
  generation: 3,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  commit: COMMIT,
  reason: "fixes the sync stall",
  changes: "",
};

const CHANNEL = {
  schema: 1,
  network: "1_2_3_1",
  generation: 3,
  promotion: PROMOTION,
  replaced: ["v1.2.2+1"],
  endpoints,
  ttl: 60,
  movedAt: "2026-11-24T21:07:00Z",
  commit: COMMIT,
  announcement: { state: "sent", message: "5" },
};

describe("readOutputs", () => {
  it("reads the outputs of an edge, a network and a channel", () => {
    const edge = { schema: 1, namespaceId: "kv", url: "https://discover.net.spacemesh.io/" };
    deepStrictEqual(readOutputs(EdgeOutputs, "edge", edge), edge);
    deepStrictEqual(readOutputs(VersionOutputs, "1_2_3_1", NETWORK), NETWORK);
    deepStrictEqual(readOutputs(ChannelOutputs, "testnet", CHANNEL), CHANNEL);
  });

  it("reads the state of a channel before and after its first promotion", () => {
    const { network, promotion, replaced, movedAt, ttl } = CHANNEL;
    deepStrictEqual(readOutputs(ChannelState, "testnet", {}), {});
    deepStrictEqual(readOutputs(ChannelState, "testnet", CHANNEL), { network, promotion, replaced, movedAt, ttl });
  });

  it("reads the versions of an older stack, which are called manifest", () => {
    const { versions: manifest, ...others } = NETWORK;
    deepStrictEqual(readOutputs(VersionOutputs, "1_2_3_1", { ...others, manifest }), NETWORK);
  });

  it("names the stack and the first output that is wrong", () => {
    const wrong = { ...NETWORK, facts: { ...facts, netId: "7" } };
    const names = ["1_2_3_1", 'facts.netId is "7"', "pulumi stack output"];
    refuses(() => readOutputs(VersionOutputs, "1_2_3_1", wrong), "OutputsInvalid", { names });
    const missing = ["testnet", "promotion is missing"];
    refuses(() => readOutputs(ChannelOutputs, "testnet", { ...CHANNEL, promotion: undefined }), "OutputsInvalid", {
      names: missing,
    });
    refuses(() => readOutputs(ChannelOutputs, "testnet", "x"), "OutputsInvalid", { names: ["testnet", '"x"'] });
  });
});

describe("isComplete", () => {
  it("tells a complete network by its genesis id", () => {
    strictEqual(isComplete(NETWORK), true);
    for (const outputs of [undefined, null, {}, { tag: "v1.2.3+1" }]) strictEqual(isComplete(outputs), false);
  });
});
