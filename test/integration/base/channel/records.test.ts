import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promotionsOf, writeDown } from "../../../../infra/base/channel/records";
import type { Store } from "../../../../infra/base/store/contract";
import { openStore } from "../../../../infra/base/store/open";
import { isRefusal, refusesLater } from "../../../support/errors";
import { promotion } from "../../../support/promotions";
import { KEYED } from "../../../support/record-key";

const ONE = promotion(1, "v1.2.2");

describe("promotion records in a folder", () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "promotions-"));
    store = openStore(pathToFileURL(folder).href, KEYED);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are read oldest first, the tenth after the ninth", async () => {
    const all = Array.from({ length: 11 }, (_, i) => promotion(i + 1, `v1.2.${i}`));
    for (const one of [...all].reverse()) await writeDown(store, one);
    deepStrictEqual(await promotionsOf(store, "testnet"), all);
  });

  it("belong to one channel, and not to one whose name begins in the same way", async () => {
    await writeDown(store, ONE);
    await writeDown(store, promotion(1, "v9.9.9", { channel: "testnet2" }));
    deepStrictEqual(await promotionsOf(store, "testnet"), [ONE]);
    deepStrictEqual(await promotionsOf(store, "test"), []);
  });

  it("are empty in a store that does not exist yet", async () => {
    deepStrictEqual(await promotionsOf(openStore(`${pathToFileURL(folder).href}/new`, KEYED), "testnet"), []);
  });

  it("accept one of two concurrent promotions, and name it to the other", async () => {
    await writeDown(store, ONE);
    for (let generation = 2; generation <= 20; generation++) {
      const rivals = ["v1.2.3", "v1.2.4"].map((release) => promotion(generation, release));
      const [first, second] = await Promise.allSettled(rivals.map((rival) => writeDown(store, rival)));
      const winner = rivals[first?.status === "fulfilled" ? 0 : 1];
      const lost = [first, second].filter((result) => result?.status === "rejected");
      strictEqual(lost.length, 1, `generation ${generation}`);
      const { reason: error } = lost[0] as PromiseRejectedResult;
      isRefusal(error, "PromotionOvertaken", {
        names: [
          `testnet is now at generation ${generation}, ${winner?.release} (${winner?.tag})`,
          `generation ${generation - 1}`,
          "--preview",
        ],
      });
      deepStrictEqual((await promotionsOf(store, "testnet")).at(-1), winner);
    }
    strictEqual(readdirSync(join(folder, "channels/testnet")).length, 20);
  });

  it("name the latest promotion to one that comes much later", async () => {
    for (const one of [ONE, promotion(2, "v1.2.3"), promotion(3, "v1.2.4")]) await writeDown(store, one);
    await refusesLater(writeDown(store, promotion(2, "v1.2.9")), "PromotionOvertaken", {
      names: ["testnet", "generation 3, v1.2.4"],
    });
  });

  it("are never rewritten", async () => {
    await writeDown(store, ONE);
    const file = join(folder, "channels/testnet/1.json");
    const before = readFileSync(file, "utf8");
    for (const again of [ONE, { ...ONE, reason: "other words" }])
      await refusesLater(writeDown(store, again), "PromotionOvertaken");
    strictEqual(readFileSync(file, "utf8"), before);
  });

  it("ignore a file that is half written", async () => {
    await writeDown(store, ONE);
    writeFileSync(join(folder, "channels/testnet/2.json.x.part"), '{"schema":1,');
    deepStrictEqual(await promotionsOf(store, "testnet"), [ONE]);
  });

  it("count as absent when they are damaged, and the next writer goes on", async () => {
    const [file, two] = [join(folder, "channels/testnet/2.json"), promotion(2, "v1.2.3")];
    for (const one of [ONE, two]) await writeDown(store, one);
    const whole = readFileSync(file, "utf8");
    for (const text of ["", "{", "[]", whole.slice(0, -1), whole.replace("v1.2.3", "v1.2.4"), JSON.stringify(two)]) {
      writeFileSync(file, text);
      deepStrictEqual(await promotionsOf(store, "testnet"), [ONE]);
    }
    await writeDown(store, two);
    deepStrictEqual(await promotionsOf(store, "testnet"), [ONE, two]);
  });

  it("are refused when a holder of the key wrote something else", async () => {
    for (const [i, text] of ["{", "[]", JSON.stringify({ ...ONE, schema: 2 })].entries()) {
      await store.put(`channels/channel${i}/1.json`, text);
      await refusesLater(promotionsOf(store, `channel${i}`), "PromotionRecordInvalid", {
        names: [`channels/channel${i}/1.json`],
      });
    }
  });

  it("report a store that cannot be read", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await refusesLater(promotionsOf(openStore(pathToFileURL(file).href, KEYED), "testnet"), "StoreUnreadable", {
      names: [file],
    });
  });
});
