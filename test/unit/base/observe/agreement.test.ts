import { doesNotThrow } from "node:assert";
import { requireAgreement, requireFollowing } from "../../../../infra/base/observe/agreement";
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
  });

  it("refuses nodes without peers, or not synced", () => {
    refuses(() => follow({ connectedPeers: 0 }), "ViewsDisagree", { names: ["no peers"] });
    refuses(() => follow({ isSynced: false }), "ViewsDisagree", { names: ["not synced"] });
  });
});
