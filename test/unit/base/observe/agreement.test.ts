import { doesNotThrow, strictEqual } from "node:assert";
import {
  requireAgreement,
  requireFollowing,
  requireOwnGenesis,
  unproven,
} from "../../../../infra/base/observe/agreement";
import { refuses } from "../../../support/errors";
import { settingsWith } from "../../../support/settings";

/** Layers of 300 s: a service may be five layers behind (simmerLag, simmerStall and the clocks' slack). */
const LIMITS = settingsWith({ layerDuration: 300, layersPerEpoch: 288, simmerLag: 2, simmerStall: 2, simmerLimit: 30 });
const STATUS = { connectedPeers: 8, isSynced: true, syncedLayer: 5000, topLayer: 5000, verifiedLayer: 4999 };
const NODES = { genesisId: "aa11", status: STATUS };

const agree = (shown: { genesisId?: string; layer?: number }, nodes: typeof NODES | undefined = NODES) =>
  requireAgreement("the explorer", { genesisId: "aa11", ...shown }, nodes, LIMITS);

describe("requireAgreement", () => {
  it("takes a service that shows the nodes' network, as many layers behind as the simmer's judge takes", () => {
    doesNotThrow(() => agree({ layer: 5000 }));
    doesNotThrow(() => agree({ layer: 4995 }));
    doesNotThrow(() => agree({}));
  });

  it("refuses a service that is far behind, and says how far", () => {
    refuses(() => agree({ layer: 4994 }), "ViewsDisagree", { names: ["The explorer", "4994", "6 layers behind"] });
    refuses(() => agree({ layer: 312 }), "ViewsDisagree", { names: ["4,688 layers behind the nodes"] });
  });

  it("refuses a service of another network, whatever its layer", () => {
    const names = ["bb22", "the nodes tell aa11"];
    refuses(() => agree({ genesisId: "bb22", layer: 5000 }), "ViewsDisagree", { names });
  });

  it("refuses a service without layers, even when the nodes do not answer", () => {
    refuses(() => agree({ layer: 0 }, undefined), "ViewsDisagree", { names: ["no layers"] });
  });
});

const follow = (status: Partial<typeof STATUS>) =>
  requireFollowing({ genesisId: "aa11", status: { ...STATUS, ...status } }, LIMITS);

describe("requireFollowing", () => {
  it("takes nodes that verify, also slowly", () => {
    doesNotThrow(() => follow({}));
    doesNotThrow(() => follow({ verifiedLayer: 5000 - 33 }));
  });

  it("refuses nodes that stand longer than the simmer lets them", () => {
    refuses(() => follow({ verifiedLayer: 5000 - 34 }), "ViewsDisagree", { names: ["4966", "34 layers behind"] });
  });

  it("takes a young network, which verifies nothing before its first block", () => {
    doesNotThrow(() => follow({ topLayer: 3 * 288 + 4, syncedLayer: 868, verifiedLayer: 575 }));
    refuses(() => follow({ topLayer: 3 * 288 + 5, syncedLayer: 869, verifiedLayer: 575 }), "ViewsDisagree");
  });

  it("refuses layers that the clock of the node has not reached", () => {
    refuses(() => follow({ verifiedLayer: 5002 }), "ViewsDisagree", { names: ["5002", "at layer 5000"] });
    refuses(() => follow({ syncedLayer: 5863 }), "ViewsDisagree", { names: ["5863", "fast"] });
    doesNotThrow(() => follow({ syncedLayer: 5001, verifiedLayer: 5001 }));
  });

  it("takes what every node says before the effective genesis", () => {
    doesNotThrow(() => follow({ topLayer: 3, syncedLayer: 3, verifiedLayer: 575 }));
    doesNotThrow(() => follow({ topLayer: 0, syncedLayer: 575, verifiedLayer: 575 })); // today's, also before genesis
  });

  it("refuses any other layer above the clock then", () => {
    const names = ["574", "at layer 3"];
    refuses(() => follow({ topLayer: 3, syncedLayer: 3, verifiedLayer: 574 }), "ViewsDisagree", { names });
    refuses(() => follow({ topLayer: 3, syncedLayer: 576, verifiedLayer: 575 }), "ViewsDisagree", { names: ["576"] });
  });

  it("refuses nodes without peers, or not synced", () => {
    refuses(() => follow({ connectedPeers: 0 }), "ViewsDisagree", { names: ["no peers"] });
    const follows = ["not synced", "though it follows: layer 4999 is verified"];
    refuses(() => follow({ isSynced: false }), "ViewsDisagree", { names: follows });
    const lost = { isSynced: false, verifiedLayer: 4000 };
    refuses(() => follow(lost), "ViewsDisagree", { names: ["The node is not synced, at layer 5000."] });
  });
});

describe("unproven", () => {
  const of = (topLayer: number, verifiedLayer: number) => unproven({ ...STATUS, topLayer, verifiedLayer }, LIMITS);

  it("says what a network waits for, until it verifies layers or should have", () => {
    strictEqual(of(0, 575), "nothing is proved before the effective genesis, layer 576");
    strictEqual(of(577, 575), "no block yet");
    strictEqual(of(600, 575), "no block yet: without a first beacon, blocks begin with epoch 3, at layer 864");
    for (const [top, verified] of [
      [600, 599],
      [869, 575],
    ] as const)
      strictEqual(of(top, verified), undefined);
  });
});

describe("requireOwnGenesis", () => {
  it("refuses another genesis than the computed one, with both", () => {
    doesNotThrow(() => requireOwnGenesis("miner-3", "aa11", "AA11"));
    doesNotThrow(() => requireOwnGenesis("miner-3", "aa11", undefined));
    const names = ["Miner-3", "bb22", "aa11"];
    refuses(() => requireOwnGenesis("Miner-3", "bb22", "aa11"), "GenesisDiffers", { names });
  });
});
