import { deepStrictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import type { ChannelState } from "../../../infra/base/model/promotion";
import { replacedBy } from "../../../infra/retire/due";
import { promotion } from "../../support/promotions";

const MOVED = Date.parse("2026-01-01T00:00:00Z");

/** A channel that moved from v1.2.2+1 to v1.2.3+1. */
const STATE: ChannelState = {
  promotion: promotion(2, "v1.2.3"),
  previous: promotion(1, "v1.2.2"),
  movedAt: "2026-01-01T00:00:00Z",
  replaced: ["v1.2.2+1"],
};

describe("replacedBy", () => {
  it("makes a network due the configured hours after the channel moved", () => {
    const replaced = { tag: parseBuildTag("v1.2.2+1"), why: "replaced in testnet by v1.2.3 (v1.2.3+1)" };
    deepStrictEqual(replacedBy("testnet", STATE, 24), [{ ...replaced, due: MOVED + 24 * 3_600_000 }]);
    deepStrictEqual(replacedBy("testnet", STATE, 0), [{ ...replaced, due: MOVED }]);
  });

  it("keeps a network due when the channel moves on before its time", () => {
    const whys = replacedBy("testnet", { ...STATE, replaced: ["v1.2.1+1", "v1.2.2+1"] }, 24).map(({ why }) => why);
    deepStrictEqual(whys, ["replaced in testnet by a later release", "replaced in testnet by v1.2.3 (v1.2.3+1)"]);
  });

  it("finds nothing before any promotion, or before the channel was seen to move", () => {
    deepStrictEqual(replacedBy("testnet", {}, 0), []);
    deepStrictEqual(replacedBy("testnet", { ...STATE, movedAt: undefined }, 0), []);
  });
});
