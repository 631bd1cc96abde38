import { deepStrictEqual } from "node:assert";
import { Readable } from "node:stream";
import { UserError } from "../../../../infra/base/lib/errors";
import { ObjectExists } from "../../../../infra/base/store/contract";
import { digestOf } from "../../../../infra/base/store/digest";
import { type ProbedStore, probeStore } from "../../../../infra/base/store/probe";
import { refusesLater } from "../../../support/errors";

/** A store in memory that a test can spoil. */
function memory(spoiled: Partial<ProbedStore> = {}) {
  const objects = new Map<string, string>();
  const store: ProbedStore = {
    async put(key, content) {
      if (objects.has(key)) throw new ObjectExists(key);
      objects.set(key, String(content));
      return digestOf(Readable.from([String(content)]));
    },
    get: (key) => Readable.from([objects.get(key) ?? ""]),
    remove: async (key) => void objects.delete(key),
    ...spoiled,
  };
  return { objects, store, probe: () => probeStore("s3://logs/nets/", store) };
}

describe("probeStore", () => {
  it("accepts a store that keeps what it gets, and leaves nothing behind", async () => {
    const { objects, probe } = memory();
    await probe();
    deepStrictEqual([...objects], []);
  });

  it("refuses a store that overwrites objects, and leaves nothing behind", async () => {
    const put: ProbedStore["put"] = async (key, content) => {
      objects.set(key, String(content));
      return digestOf(Readable.from([String(content)]));
    };
    const { objects, probe } = memory({ put });
    await refusesLater(probe(), "StoreOverwrites", { names: ["s3://logs/nets/"] });
    deepStrictEqual([...objects], []);
  });

  it("refuses a store that returns other content", () =>
    refusesLater(memory({ get: () => Readable.from(["other"]) }).probe(), "StoreInconsistent", {
      names: ["s3://logs/nets/"],
    }));

  it("passes on why a write failed, the first one or the second", async () => {
    const full = new UserError("StoreUnwritable", "The store is full.", "Free some space.");
    await refusesLater(memory({ put: () => Promise.reject(full) }).probe(), "StoreUnwritable");
    let writes = 0;
    const { store } = memory();
    const put: ProbedStore["put"] = (key, content) => (++writes > 1 ? Promise.reject(full) : store.put(key, content));
    await refusesLater(probeStore("s3://logs/nets/", { ...store, put }), "StoreUnwritable");
  });

  it("accepts a store whose credentials may not remove", async () => {
    await memory({ remove: () => Promise.reject(new Error("forbidden")) }).probe();
  });
});
