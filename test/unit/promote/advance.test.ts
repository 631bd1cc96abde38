import { deepStrictEqual } from "node:assert";
import { advance, replacedAfter } from "../../../infra/promote/advance";
import { refuses } from "../../support/errors";
import { promotion } from "../../support/promotions";

const ONE = promotion(1, "v1.2.1");
const TWO = promotion(2, "v1.2.2");
const THREE = promotion(3, "v1.2.3");

describe("advance", () => {
  it("keeps the stack's promotion when none is requested", () => {
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, undefined), {
      promotion: TWO,
      previous: ONE,
    });
  });

  it("refuses a channel without any promotion, with the command to run", () =>
    refuses(() => advance("testnet", {}, undefined), "ChannelEmpty", {
      names: ["testnet", "smeshnet promote v1.2.3"],
    }));

  it("moves on to a newer promotion, and remembers the network that it leaves", () => {
    deepStrictEqual(advance("testnet", {}, ONE), { promotion: ONE });
    deepStrictEqual(advance("testnet", { promotion: ONE }, TWO), { promotion: TWO, previous: ONE });
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, promotion(5, "v1.2.5")).previous, TWO);
  });

  it("keeps the remembered network when the promotion stays on the same network", () => {
    const again = promotion(3, "v1.2.2", { reason: "again" });
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, again), { promotion: again, previous: ONE });
  });

  it("stays when the requested promotion is the current one", () => {
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, { ...TWO }), {
      promotion: TWO,
      previous: ONE,
    });
  });

  it("refuses an overtaken promotion, and names the one that landed", () => {
    for (const late of [ONE, TWO, promotion(3, "v1.2.9")]) {
      refuses(() => advance("testnet", { promotion: THREE, previous: ONE }, late), "PromotionOvertaken", {
        names: [
          "testnet",
          "generation 3, v1.2.3 (v1.2.3+1)",
          `eneration ${late.generation} (${late.release})`,
          `smeshnet promote ${late.release} --preview`,
        ],
      });
    }
  });

  it("refuses the promotion of another channel", () =>
    refuses(() => advance("stagenet", {}, ONE), "PromotionOfOtherChannel", {
      names: ["testnet", "stagenet", "smeshnet promote v1.2.1"],
    }));
});

describe("replacedAfter", () => {
  it("adds the network that a promotion leaves, and not the network that a demotion leaves", () => {
    const up = promotion(3, "v1.2.3");
    const down = promotion(4, "v1.2.2", { kind: "demotion" });
    const last = promotion(5, "v1.2.4");
    deepStrictEqual(replacedAfter({}, ONE), []);
    const first = replacedAfter({ promotion: ONE }, TWO);
    deepStrictEqual(first, ["v1.2.1+1"]);
    const second = replacedAfter({ promotion: TWO, replaced: first }, up);
    deepStrictEqual(second, ["v1.2.1+1", "v1.2.2+1"]);
    const third = replacedAfter({ promotion: up, replaced: second }, down);
    deepStrictEqual(third, ["v1.2.1+1"]);
    deepStrictEqual(replacedAfter({ promotion: down, replaced: third }, last), ["v1.2.1+1", "v1.2.2+1"]);
  });

  it("changes nothing when the same generation is continued", () => {
    deepStrictEqual(replacedAfter({ promotion: TWO, replaced: ["v1.2.1+1"] }, TWO), ["v1.2.1+1"]);
  });
});
