import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { indexPage } from "../../../edge/index-page";
import { type ListedNetwork, newestFirst, readNetwork, sortNames } from "../../../edge/networks";
import { workerCode } from "../../../stacks/edge";

const network = (tag: string): ListedNetwork => ({
  name: tag.replace(/^v/, "").replace(/\W/g, "_"),
  tag,
  entry: { tag },
});
const tags = (networks: readonly ListedNetwork[]) => networks.map(({ tag }) => tag);

describe("The list of networks at the edge", () => {
  it("has the newest version first, and of one version the newest build", () => {
    const networks = ["v1.2.3+9", "v1.10.0+1", "v1.2.3+10", "v0.99.99+1"].map(network);
    deepStrictEqual(tags(newestFirst(networks)), ["v1.10.0+1", "v1.2.3+10", "v1.2.3+9", "v0.99.99+1"]);
  });

  it("has the same order whatever order the store gives", () => {
    const networks = ["v1.0.0+1", "v1.0.0+2", "v1.0.1+1", "v1.1.0+1", "v2.0.0+1", "v10.0.0+1"].map(network);
    fc.assert(
      fc.property(fc.shuffledSubarray(networks, { minLength: networks.length }), (shuffled) => {
        deepStrictEqual(newestFirst(shuffled), networks.toReversed());
      }),
    );
  });

  it("keeps the order of an entry's keys", () => {
    const stored = '{"tag":"v1.2.3+1","entry":{"netName":"n","netID":7,"conf":"c","grpcAPI":"g","explorer":"e"}}';
    const entry = readNetwork("1_2_3_1", stored)?.entry ?? {};
    deepStrictEqual(Object.keys(entry), ["netName", "netID", "conf", "grpcAPI", "explorer"]);
  });

  for (const broken of [
    "",
    "{",
    "null",
    "[]",
    '{"tag":"v1.2.3+1"}',
    '{"tag":"1.2.3","entry":{}}',
    '{"tag":"v1.2.3+1","entry":[]}',
  ]) {
    it(`takes no network from ${broken || "an empty value"}`, () => {
      strictEqual(readNetwork("1_2_3_1", broken), undefined);
    });
  }
});

describe("The index page at the edge", () => {
  it("tells networks, newest first, from channels by their names", () => {
    deepStrictEqual(sortNames(["1_2_3_9", "testnet", "1_2_3_10", "devnet"]), {
      networks: ["1_2_3_10", "1_2_3_9"],
      channels: ["devnet", "testnet"],
    });
  });

  it("shows the name of a key as text, whatever is in it", () => {
    const page = indexPage({ channels: [], running: ["<script>"], others: [], retired: [] });
    strictEqual(page.includes("<script>"), false);
    strictEqual(page.includes('<a href="/networks/%3Cscript%3E">&#60;script&#62;</a>'), true);
  });
});

describe("The Worker's code", () => {
  it("is the same text from the same source, wherever the program runs", () => {
    const here = process.cwd();
    const code = workerCode();
    process.chdir("/");
    try {
      strictEqual(workerCode(), code);
    } finally {
      process.chdir(here);
    }
  });
});
