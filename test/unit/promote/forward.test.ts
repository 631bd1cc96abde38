import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import type { Known, Promotion } from "../../../infra/base/model/promotion";
import { forward, requireForward } from "../../../infra/promote/forward";
import { decide } from "../../../infra/promote/plan";
import { isRefusal, refuses } from "../../support/errors";
import { promotion, target } from "../../support/promotions";

/** A channel that arrived at the last of its promotions, or is on the way there. */
function channel(promotions: readonly Promotion[], arrived = promotions.length): Known {
  return { state: { promotion: promotions[arrived - 1] }, last: promotions.at(-1), promotions };
}

const back = (generation: number, release: string) => promotion(generation, release, { kind: "demotion" });
const names = { names: ["testnet", "v1.2.2", "v1.2.10 (v1.2.10+1)", "`smeshnet demote"] };

describe("a promotion", () => {
  const arrived = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10")]);

  it("of an older release than the channel's is refused, and names both and demote", () => {
    refuses(() => decide(arrived, target("v1.2.2")), "ReleaseOlder", names);
    refuses(() => decide(arrived, target("v1.2.9")), "ReleaseOlder", { names: ["v1.2.9 is older"] });
    refuses(() => decide(arrived, target("v1.1.11")), "ReleaseOlder");
  });

  it("of an older release is refused also with the present generation", () =>
    refuses(() => decide(arrived, target("v1.2.2"), 2), "ReleaseOlder", names));

  it("of a release that is older than the one in progress is refused", () =>
    refuses(
      () => decide(channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10")], 1), target("v1.2.2")),
      "ReleaseOlder",
    ));

  it("of the release in progress goes on", () => {
    const half = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10")], 1);
    strictEqual(decide(half, target("v1.2.10")).action, "resume");
    strictEqual(decide(half, target("v1.2.10"), 1).action, "resume");
  });

  it("of an older build of the same release is refused", () => {
    const second = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.2", { tag: "v1.2.2+2" })]);
    refuses(() => decide(second, target("v1.2.2")), "ReleaseOlder", {
      names: ["v1.2.2 (v1.2.2+2)", "v1.2.2 (v1.2.2+1)"],
    });
    strictEqual(decide(second, target("v1.2.2", { tag: "v1.2.2+10" })).action, "begin");
  });

  it("of a release that the channel left is refused, as by a rerun of an old job", () => {
    const demoted = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10"), back(3, "v1.2.2")]);
    refuses(() => decide(demoted, target("v1.2.10")), "ReleaseLeft", {
      names: ["v1.2.10 (v1.2.10+1) with generation 2", "v1.2.2 (v1.2.2+1) with generation 3", "`smeshnet demote`"],
    });
    strictEqual(decide(demoted, target("v1.2.11")).promotion.generation, 4);
  });

  it("of a release that the channel left goes with the present generation, which only a person knows", () => {
    const demoted = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10"), back(3, "v1.2.2")]);
    strictEqual(decide(demoted, target("v1.2.10"), 3).action, "begin");
    refuses(() => decide(demoted, target("v1.2.10"), 1), "PromotionOvertaken");
  });

  it("is judged by the stack too, when the store lost the records", () => {
    const state = { promotion: back(3, "v1.2.2"), previous: promotion(2, "v1.2.10") };
    refuses(() => decide({ state }, target("v1.2.10")), "ReleaseLeft");
    refuses(() => decide({ state }, target("v1.2.1")), "ReleaseOlder");
  });

  it("to a channel that points nowhere goes on", () => {
    strictEqual(decide(channel([]), target("v0.0.1")).action, "begin");
    requireForward({ state: {} }, { channel: "testnet", release: "v0.0.1" });
  });
});

describe("a demotion", () => {
  it("goes to an older release", () => {
    const known = channel([promotion(1, "v1.2.2"), promotion(2, "v1.2.10")]);
    strictEqual(decide(known, target("v1.2.2", { kind: "demotion" })).promotion.generation, 3);
  });
});

describe("forward", () => {
  const known = Promise.resolve(channel([promotion(1, "v1.2.10")]));
  const gone = () => Promise.reject(new UserError("BuildsNotReady", "v1.2.2+1 is not deployed.", "Deploy it."));

  it("tells that a release is older before it tells that its network is gone", () =>
    rejects(forward(known, { channel: "testnet", release: "v1.2.2" }, undefined, gone), (error) =>
      isRefusal(error, "ReleaseOlder"),
    ));

  it("gives the target of a release that leads forward", async () => {
    const to = target("v1.2.11");
    deepStrictEqual(await forward(known, to, undefined, async () => to), to);
  });
});
