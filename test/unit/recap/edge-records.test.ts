import { deepStrictEqual, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { edgeRecords } from "../../../infra/recap/edge-records";
import { SimulatedStore } from "../../simulation/simmer/media";
import { FAILURE, record } from "../../support/recaps";

const NAMESPACE = { accountId: "a", namespaceId: "n" };

const recordsIn = (values: Readonly<Record<string, string>>, store = new SimulatedStore()) =>
  edgeRecords(
    parseBuildTag("v1.2.3+1"),
    {
      getKv: async (_, key) => values[key],
      listKv: async (_, prefix) => Object.keys(values).filter((key) => key.startsWith(prefix)),
    },
    NAMESPACE,
    store,
  );

describe("the records of the edge", () => {
  const key = "history:1_2_3_1:2025-12-31T23:40:00.000Z";
  const retired = record("not judged", "it never came up");

  it("are the history of the network alone, and its failure", async () => {
    const { history, failure } = await recordsIn({
      [key]: JSON.stringify(retired),
      "history:1_2_3_11:2025-12-31T23:40:00.000Z": JSON.stringify({ ...retired, tag: "v1.2.3+11" }),
      "failed:1_2_3_1": JSON.stringify(FAILURE),
    });
    deepStrictEqual(
      history?.map(({ tag }) => tag),
      ["v1.2.3+1"],
    );
    deepStrictEqual(failure, FAILURE);
  });

  it("tell the failure also when the network is retired", async () => {
    const failed = { step: "smoke", saw: "miner-3 does not answer", at: "2026-01-01T00:20:05.000Z" };
    const { failure } = await recordsIn({ [key]: JSON.stringify({ ...retired, failed }) });
    deepStrictEqual(failure?.cause, { step: "smoke", saw: "miner-3 does not answer" });
    strictEqual(failure?.next.tag, "v1.2.3+2");
  });

  it("are those of the store, too, which knows a retirement before the edge shows it", async () => {
    const store = new SimulatedStore();
    await store.put(`history/1_2_3_1/${retired.openedAt}.json`, JSON.stringify(retired));
    await store.put("history/1_2_3_1/2020-01-01T00:00:00Z.json", JSON.stringify(retired)); // of another life
    deepStrictEqual((await recordsIn({}, store)).history?.length, 1);
    deepStrictEqual((await recordsIn({ [key]: JSON.stringify(retired) }, store)).history?.length, 1);
  });

  it("that are not valid count as none", async () => {
    const { history, failure } = await recordsIn({ [key]: "{", "failed:1_2_3_1": '{"at":"soon"}' });
    deepStrictEqual([history, failure], [[], undefined]);
  });
});
