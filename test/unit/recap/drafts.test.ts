import { deepStrictEqual, strictEqual } from "node:assert";
import { draftFolder, keepDraft } from "../../../infra/recap/drafts";
import type { RecapFacts } from "../../../infra/recap/facts";
import { SimulatedStore } from "../../simulation/simmer/media";

const FOLDER = "recap/v1.2.3+1/aa/";

describe("keepDraft", () => {
  it("counts up, rewrites nothing, and keeps the same text once", async () => {
    const store = new SimulatedStore();
    const keys: string[] = [];
    for (const text of ["a", "a", "b", "b", "a"]) keys.push(await keepDraft(store, FOLDER, text));
    deepStrictEqual(
      keys.map((key) => key.slice(FOLDER.length)),
      ["1.md", "1.md", "2.md", "2.md", "3.md"],
    );
    deepStrictEqual([...store.objects.values()], ["a", "b", "a"]);
  });

  it("counts as numbers, so that the tenth draft is not the last", async () => {
    const store = new SimulatedStore();
    for (let i = 1; i <= 12; i++) strictEqual(await keepDraft(store, FOLDER, `${i}`), `${FOLDER}${i}.md`);
  });

  it("takes the next number when another watcher is faster, and none for the same text", async () => {
    for (const [theirs, own, expected] of [
      ["other", "own", "2.md"],
      ["own", "own", "1.md"],
    ] as const) {
      const store = new SimulatedStore();
      let isFirst = true;
      const raced = {
        put: async (key: string, content: string) => {
          if (isFirst) await store.put(key, theirs);
          isFirst = false;
          return store.put(key, content);
        },
        get: (key: string) => store.get(key),
        list: (prefix: string) => store.list(prefix),
        probe: () => store.probe(),
      };
      strictEqual(await keepDraft(raced as unknown as SimulatedStore, FOLDER, own), `${FOLDER}${expected}`);
    }
  });
});

describe("draftFolder", () => {
  const facts = (more: object) => ({ tag: "v1.2.3+1", ...more }) as unknown as RecapFacts; // the fields that it reads

  it("is named by the genesis of a watched network, else by its beginning", () => {
    const openedAt = "2026-11-22T07:40:00.000Z";
    strictEqual(draftFolder(facts({ openedAt, simmer: { log: { prefix: "simmer/v1.2.3+1/aa/" } } })), FOLDER);
    strictEqual(draftFolder(facts({ openedAt })), "recap/v1.2.3+1/20261122T074000000Z/");
  });
});
