import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { channelAt } from "../../../edge/channels";
import { type ListedNetwork, newestFirst, readNetwork, sortNames } from "../../../edge/networks";

const network = (tag: string): ListedNetwork => ({
  name: tag.replace(/^v/, "").replace(/\W/g, "_"),
  tag,
  entry: { tag },
});
const tags = (networks: readonly ListedNetwork[]) => networks.map(({ tag }) => tag);

describe("newestFirst", () => {
  it("sorts by version, then by build number", () => {
    const networks = ["v1.2.3+9", "v1.10.0+1", "v1.2.3+10", "v0.99.99+1"].map(network);
    deepStrictEqual(tags(newestFirst(networks)), ["v1.10.0+1", "v1.2.3+10", "v1.2.3+9", "v0.99.99+1"]);
  });

  it("gives the same order for every order of the store", () => {
    const networks = ["v1.0.0+1", "v1.0.0+2", "v1.0.1+1", "v1.1.0+1", "v2.0.0+1", "v10.0.0+1"].map(network);
    fc.assert(
      fc.property(fc.shuffledSubarray(networks, { minLength: networks.length }), (shuffled) => {
        deepStrictEqual(newestFirst(shuffled), networks.toReversed());
      }),
    );
  });
});

describe("readNetwork", () => {
  it("keeps the order of an entry's keys", () => {
    const stored = '{"tag":"v1.2.3+1","entry":{"netName":"n","netID":7,"conf":"c","grpcAPI":"g","explorer":"e"}}';
    const entry = readNetwork("1_2_3_1", stored)?.entry ?? {};
    deepStrictEqual(Object.keys(entry), ["netName", "netID", "conf", "grpcAPI", "explorer"]);
  });

  for (const broken of [
    "",
    "{",
    "null",
    "[]",
    '{"tag":"v1.2.3+1"}',
    '{"tag":"1.2.3","entry":{}}',
    '{"tag":"v1.2.3+1","entry":[]}',
  ]) {
    it(`is undefined for ${broken || "an empty value"}`, () => {
      strictEqual(readNetwork("1_2_3_1", broken), undefined);
    });
  }
});

describe("sortNames", () => {
  it("separates networks, the newest first, from channels", () => {
    deepStrictEqual(sortNames(["1_2_3_9", "testnet", "1_2_3_10", "devnet"]), {
      networks: ["1_2_3_10", "1_2_3_9"],
      channels: ["devnet", "testnet"],
    });
  });
});

describe("channelAt", () => {
  it("finds a channel by its host in any case", () => {
    const channels = '{"test.net.spacemesh.io":"testnet"}';
    strictEqual(channelAt("Test.net.spacemesh.io", channels), "testnet");
    strictEqual(channelAt("discover.net.spacemesh.io", channels), undefined);
    for (const broken of [undefined, "", "{", '{"test.net.spacemesh.io":7}']) {
      strictEqual(channelAt("test.net.spacemesh.io", broken), undefined);
    }
  });
});
