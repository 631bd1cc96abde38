import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promotionsOf, writeDown } from "../../../infra/base/channel/records";
import { UserError } from "../../../infra/base/lib/errors";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { promotion } from "../../support/promotions";

const ONE = promotion(1, "v1.2.2");

describe("promotions written down in a folder", () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "promotions-"));
    store = openStore(pathToFileURL(folder).href);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are read oldest first, the tenth after the ninth", async () => {
    const all = Array.from({ length: 11 }, (_, i) => promotion(i + 1, `v1.2.${i}`));
    for (const one of [...all].reverse()) await writeDown(store, one);
    deepStrictEqual(await promotionsOf(store, "testnet"), all);
  });

  it("are those of one channel, also of one whose name begins like it", async () => {
    await writeDown(store, ONE);
    await writeDown(store, promotion(1, "v9.9.9", { channel: "testnet2" }));
    deepStrictEqual(await promotionsOf(store, "testnet"), [ONE]);
    deepStrictEqual(await promotionsOf(store, "test"), []);
  });

  it("are none in a store that is not there yet", async () => {
    deepStrictEqual(await promotionsOf(openStore(`${pathToFileURL(folder).href}/new`), "testnet"), []);
  });

  it("let one of two at once win, and tell the other who it was", async () => {
    await writeDown(store, ONE);
    for (let generation = 2; generation <= 20; generation++) {
      const rivals = ["v1.2.3", "v1.2.4"].map((release) => promotion(generation, release));
      const [first, second] = await Promise.allSettled(rivals.map((rival) => writeDown(store, rival)));
      const winner = rivals[first?.status === "fulfilled" ? 0 : 1];
      const lost = [first, second].filter((result) => result?.status === "rejected");
      strictEqual(lost.length, 1, `generation ${generation}`);
      const { reason: error } = lost[0] as PromiseRejectedResult;
      ok(error instanceof UserError, String(error));
      ok(
        error.message.startsWith(
          `testnet is at generation ${generation}, ${winner?.release} (${winner?.tag}) by now, and this promotion of `,
        ),
        error.message,
      );
      match(error.message, new RegExp(`was planned against generation ${generation - 1}: look at it \\(--preview\\)`));
      deepStrictEqual((await promotionsOf(store, "testnet")).at(-1), winner);
    }
    strictEqual(readdirSync(join(folder, "channels/testnet")).length, 20);
  });

  it("name the last one to a promotion that comes much later", async () => {
    for (const one of [ONE, promotion(2, "v1.2.3"), promotion(3, "v1.2.4")]) await writeDown(store, one);
    await rejects(writeDown(store, promotion(2, "v1.2.9")), /^UserError: testnet is at generation 3, v1\.2\.4 /);
  });

  it("are never rewritten, not even in the same words", async () => {
    await writeDown(store, ONE);
    const file = join(folder, "channels/testnet/1.json");
    const before = readFileSync(file, "utf8");
    await rejects(writeDown(store, { ...ONE, reason: "other words" }), UserError);
    strictEqual(readFileSync(file, "utf8"), before);
  });

  it("are not taken for one while they are half written", async () => {
    await writeDown(store, ONE);
    writeFileSync(join(folder, "channels/testnet/2.json.x.part"), '{"schema":1,');
    deepStrictEqual(await promotionsOf(store, "testnet"), [ONE]);
  });

  it("are refused in one line when they are damaged", async () => {
    mkdirSync(join(folder, "channels/testnet"), { recursive: true });
    for (const text of [
      "",
      "{",
      "[]",
      JSON.stringify({ ...ONE, tag: "v1.2.3" }),
      JSON.stringify({ ...ONE, schema: 2 }),
    ]) {
      writeFileSync(join(folder, "channels/testnet/1.json"), text);
      await rejects(promotionsOf(store, "testnet"), (error: Error) => {
        ok(error instanceof UserError, error.stack);
        strictEqual(
          error.message,
          "channels/testnet/1.json in the store is no promotion: put back what scripts/promote.ts has written there",
        );
        return true;
      });
    }
  });

  it("say in one line that the store cannot be read", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await rejects(
      promotionsOf(openStore(pathToFileURL(file).href), "testnet"),
      /^UserError: the archive store \S+ cannot be read/,
    );
  });
});
