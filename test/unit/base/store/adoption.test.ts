import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { surveyLines } from "../../../../infra/archive/survey";
import { promotionsOf, writeDown } from "../../../../infra/base/channel/records";
import { runWith } from "../../../../infra/base/lib/run";
import { Adoption } from "../../../../infra/base/store/adoption";
import type { RecordKeys } from "../../../../infra/base/store/record-keys";
import { SealedStore } from "../../../../infra/base/store/sealed";
import { Bucket } from "../../../support/bucket";
import { refusesLater } from "../../../support/errors";
import { promotion } from "../../../support/promotions";

const [KEY, OLD] = ["a".repeat(64), "b".repeat(64)];
const RUN = runWith();

const open = (bucket: Bucket, keys: RecordKeys = [KEY], told: string[] = []) =>
  new SealedStore(bucket, "bucket", keys, (line) => void told.push(line));
const adoption = (bucket: Bucket, keys: RecordKeys = [KEY]) => new Adoption(bucket, keys);
const tags = async (store: SealedStore) => (await promotionsOf(store, "testnet")).map(({ tag }) => tag);

/** A store from before seals. */
async function old(): Promise<Bucket> {
  const bucket = new Bucket();
  for (const one of [promotion(1, "v1.2.2"), promotion(2, "v1.2.3")]) await writeDown(bucket, one);
  await bucket.put("archives/v1.2.2+1/1/logs/miner-1.log.zst", "log");
  return bucket;
}

describe("the records of a store from before seals", () => {
  it("are neither believed nor ignored before a person looked", async () => {
    const bucket = await old();
    await refusesLater(promotionsOf(open(bucket), "testnet"), "StoreUnsealed");
    await refusesLater(writeDown(open(bucket), promotion(3, "v1.2.4")), "StoreUnsealed");
    strictEqual(bucket.objects.size, 3);
  });

  it("are adopted exactly as they were looked at, and nothing that comes later", async () => {
    const bucket = await old();
    const { list, unproven, begun } = await adoption(bucket).survey();
    deepStrictEqual(
      [begun, unproven.map(({ key }) => key)],
      [false, ["channels/testnet/1.json", "channels/testnet/2.json"]],
    );
    strictEqual(bucket.objects.size, 3, "a look changes nothing");
    bucket.add("channels/testnet/3.json", JSON.stringify(promotion(3, "v6.6.6")));
    await refusesLater(adoption(bucket).adopt(list, RUN), "SealListChanged");
    bucket.objects.delete("channels/testnet/3.json");
    deepStrictEqual(await adoption(bucket).adopt(list, RUN), { adopted: 2, resealed: 0 });
    bucket.add("channels/testnet/3.json", JSON.stringify(promotion(3, "v6.6.6")));
    const told: string[] = [];
    deepStrictEqual(await tags(open(bucket, [KEY], told)), ["v1.2.2+1", "v1.2.3+1"]);
    deepStrictEqual(
      [told.length, told[0]?.includes("channels/testnet/3.json")],
      [1, true],
      "adopted ones are not told",
    );
    await refusesLater(adoption(bucket).adopt((await adoption(bucket).survey()).list, RUN), "StoreSealed");
    await writeDown(open(bucket), promotion(3, "v1.2.4"));
    deepStrictEqual(await tags(open(bucket)), ["v1.2.2+1", "v1.2.3+1", "v1.2.4+1"]);
  });

  it("are adopted as a whole, although an adoption is killed after any of its writes", async () => {
    for (let writes = 0; ; writes++) {
      const bucket = await old();
      const { list } = await adoption(bucket).survey();
      let left = writes;
      bucket.before = () => {
        if (left-- === 0) throw new Error("killed");
      };
      const whole = await adoption(bucket)
        .adopt(list, RUN)
        .then(
          () => true,
          () => false,
        );
      bucket.before = () => undefined;
      if (whole) {
        strictEqual(writes, 3);
        return;
      }
      // With the last record adopted, nothing is left to ask about.
      if (writes < 2) await refusesLater(promotionsOf(open(bucket), "testnet"), "StoreUnsealed");
      await adoption(bucket)
        .adopt((await adoption(bucket).survey()).list, RUN)
        .catch(() => undefined);
      deepStrictEqual(await tags(open(bucket)), ["v1.2.2+1", "v1.2.3+1"], `killed after ${writes} writes`);
    }
  });

  it("may all be left out", async () => {
    const bucket = await old();
    deepStrictEqual(await adoption(bucket).adopt("none", RUN), { adopted: 0, resealed: 0 });
    deepStrictEqual(await tags(open(bucket)), []);
    await writeDown(open(bucket), promotion(1, "v1.2.4"));
    deepStrictEqual(await tags(open(bucket)), ["v1.2.4+1"]);
  });

  it("are shown to the person quoted, with the command that adopts them", async () => {
    const bucket = await old();
    bucket.add("channels/testnet/3.json\u001b[2J", "\u001b[2J");
    bucket.add("channels/testnet/4.json", Buffer.from([0xff, 0xfe]));
    const survey = await adoption(bucket).survey();
    const lines = surveyLines(survey);
    strictEqual(lines.length, 5);
    ok(!lines.join("").includes("\u001b"));
    ok(lines.at(-1)?.includes(`smeshnet archive seal --adopt ${survey.list}`));
    deepStrictEqual(await adoption(bucket).adopt(survey.list, RUN), { adopted: 3, resealed: 0 }, "not what is no text");
  });
});

describe("a key of records that is replaced", () => {
  it("still proves its records behind the new one, and can go after they were sealed anew", async () => {
    const bucket = new Bucket();
    await writeDown(open(bucket, [OLD]), promotion(1, "v1.2.2"));
    bucket.add("channels/testnet/2.json", "mine");
    await writeDown(open(bucket, [OLD]), promotion(2, "v1.2.3"));
    const both = open(bucket, [KEY, OLD]);
    deepStrictEqual(await tags(both), ["v1.2.2+1", "v1.2.3+1"]);
    await refusesLater(writeDown(both, promotion(2, "v6.6.6")), "PromotionOvertaken");
    await writeDown(both, promotion(3, "v1.2.4"));
    deepStrictEqual(await tags(open(bucket, [OLD, KEY])), ["v1.2.2+1", "v1.2.3+1", "v1.2.4+1"], "in any order");
    strictEqual((await adoption(bucket, [KEY, OLD]).survey()).older, 2);
    deepStrictEqual(await adoption(bucket, [KEY, OLD]).adopt(undefined, RUN), { adopted: 0, resealed: 3 });
    deepStrictEqual(await adoption(bucket, [KEY, OLD]).adopt(undefined, RUN), { adopted: 0, resealed: 0 }, "once");
    deepStrictEqual(await tags(open(bucket, [KEY])), ["v1.2.2+1", "v1.2.3+1", "v1.2.4+1"]);
  });

  it("proves nothing when it is not among the keys", async () => {
    const bucket = new Bucket();
    await writeDown(open(bucket, [OLD]), promotion(1, "v1.2.2"));
    await refusesLater(promotionsOf(open(bucket, [KEY]), "testnet"), "StoreUnsealed");
  });
});
