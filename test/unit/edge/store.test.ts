import { deepStrictEqual, ok } from "node:assert";
import type { KVNamespace } from "@cloudflare/workers-types";
import { namesUnder, storedHistory, storedNetworks } from "../../../edge/store";

/** A namespace that lists two keys at a time. It loses the keys of `lost` between list and read. */
function namespace(values: Record<string, string>, lost: readonly string[] = []): KVNamespace {
  const list = async ({ prefix = "", cursor = "0" }: { prefix?: string; cursor?: string }) => {
    const keys = Object.keys(values).filter((name) => name.startsWith(prefix));
    const end = Number(cursor) + 2;
    const page = keys.slice(Number(cursor), end).map((name) => ({ name }));
    return end < keys.length
      ? { keys: page, list_complete: false, cursor: `${end}` }
      : { keys: page, list_complete: true };
  };
  const get = async (keys: readonly string[]) => {
    ok(keys.length <= 100, `KV gives at most 100 values in one read, not ${keys.length}`);
    return new Map(keys.map((key) => [key, lost.includes(key) ? null : (values[key] ?? null)]));
  };
  return { list, get } as unknown as KVNamespace; // the Worker makes these two calls only
}

const network = (build: number) => [`network:1_0_0_${build}`, `{"tag":"v1.0.0+${build}","entry":{}}`] as const;

describe("namesUnder", () => {
  it("reads all pages of a list, without keys of another kind", async () => {
    const kv = namespace({
      "network:a": "",
      "page:x": "",
      "network:b": "",
      "network:c": "",
      "network:d": "",
      "network:e": "",
    });
    deepStrictEqual(await namesUnder(kv, "network:"), ["a", "b", "c", "d", "e"]);
    deepStrictEqual(await namesUnder(kv, "none:"), []);
  });
});

describe("storedNetworks", () => {
  it("returns all of many networks, and the keys of broken ones", async () => {
    const many = Array.from({ length: 250 }, (_, i) => network(i + 1));
    const { networks, broken } = await storedNetworks(namespace({ ...Object.fromEntries(many), "network:x": "{" }));
    deepStrictEqual([networks.length, broken], [250, ["network:x"]]);
  });

  it("skips a network that is retired between list and read", async () => {
    const kv = namespace(Object.fromEntries([network(1), network(2)]), ["network:1_0_0_1"]);
    const { networks, broken } = await storedNetworks(kv);
    deepStrictEqual([networks.map(({ name }) => name), broken], [["1_0_0_2"], []]);
  });
});

describe("storedHistory", () => {
  const life = (build: number) => `1_0_0_${build}:2026-11-2${build}T00:00:00Z`;
  const record = (build: number) =>
    JSON.stringify({
      schema: 1,
      tag: `v1.0.0+${build}`,
      openedAt: `2026-11-2${build}T00:00:00Z`,
      retiredAt: `2026-11-2${build}T09:00:00Z`,
      verdict: "stalled",
      why: "it stood",
    });
  const kv = namespace({
    [`history:${life(1)}`]: record(1),
    [`history:${life(2)}`]: record(2),
    [`history:${life(3)}`]: record(3),
    [`recap:${life(1)}`]: '{"schema":1,"kind":"postmortem","url":"https://blog.example/1"}',
    [`recap:${life(2)}`]: "broken",
  });

  it("reads each record with its story; a broken story is none", async () => {
    const urls = (await storedHistory(kv)).map(({ name, story }) => [name, story?.url]);
    deepStrictEqual(urls, [
      ["1_0_0_3", undefined],
      ["1_0_0_2", undefined],
      ["1_0_0_1", "https://blog.example/1"],
    ]);
  });

  it("reads the story of one network", async () => {
    deepStrictEqual(
      (await storedHistory(kv, "1_0_0_1")).map(({ story }) => story?.kind),
      ["postmortem"],
    );
  });
});
