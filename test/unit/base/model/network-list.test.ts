import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { networkListEntry } from "../../../../infra/base/model/network-list";
import { dashboardReads, explorerReads, smappTakesEntry, tapCalls } from "../../../support/list-readers";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../../support/sample-network";

const { versions } = SAMPLE_NETWORK;

describe("networkListEntry", () => {
  it("keeps the keys, their order and the formats that wallets and frontends read", () => {
    const golden = readFileSync(join(__dirname, "../../../golden/networks-entry.json"), "utf8");
    strictEqual(`${JSON.stringify(networkListEntry(SAMPLE_NETWORK), null, 2)}\n`, golden);
  });

  it("names an image that can be pulled", () => {
    const { repository, maxNodeVersion } = networkListEntry(SAMPLE_NETWORK);
    strictEqual(`${repository}:${maxNodeVersion}`, versions.node.image);
  });

  it("removes the tag of an image but keeps the port of its registry", () => {
    const node = { ...versions.node, image: "registry.example:5000/go-spacemesh:v1.2.3-b1" };
    const { repository } = networkListEntry({ ...SAMPLE_NETWORK, versions: { ...versions, node } });
    strictEqual(repository, "registry.example:5000/go-spacemesh");
  });

  it("removes the digest of an image too", () => {
    const node = { ...versions.node, image: `registry.example:5000/go-spacemesh@sha256:${"a".repeat(64)}` };
    const { repository } = networkListEntry({ ...SAMPLE_NETWORK, versions: { ...versions, node } });
    strictEqual(repository, "registry.example:5000/go-spacemesh");
  });
});

describe("networkListEntry of a network of today", () => {
  const entry = networkListEntry(SAMPLE_TODAY);
  const list: readonly unknown[] = JSON.parse(JSON.stringify([entry, networkListEntry(SAMPLE_NETWORK)]));
  const without = (key: string) => [Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key))];

  it("is test/golden/networks-entry-today.json (UPDATE_GOLDEN=1 rewrites it)", () => {
    const golden = join(__dirname, "../../../golden/networks-entry-today.json");
    const text = `${JSON.stringify(entry, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);
    strictEqual(text, readFileSync(golden, "utf8"));
  });

  it("has the keys of an older network in their order, and the statistics API beside the explorer's", () => {
    const keys = Object.keys(networkListEntry(SAMPLE_NETWORK));
    keys.splice(keys.indexOf("explorerAPI") + 1, 0, "statsAPI");
    deepStrictEqual(Object.keys(entry), keys);
  });

  it("is shown by Smapp, which would pass over it without any of its keys", () => {
    ok(smappTakesEntry(entry));
    for (const key of ["netName", "conf", "dash", "explorer", "minSmappRelease", "smappBaseDownloadUrl"])
      ok(!smappTakesEntry(without(key)[0]), key);
  });

  it("leads the explorer's frontend to the JSON API and the statistics", () => {
    deepStrictEqual(explorerReads(list), {
      name: "v1.2.3+1",
      api: "https://api-v1-2-3-1.net.spacemesh.io",
      statistics: "https://explorer-v1-2-3-1.net.spacemesh.io/api",
      links: ["https://dash-v1-2-3-1.net.spacemesh.io/", "https://explorer-v1-2-3-1.net.spacemesh.io/"],
    });
  });

  it("leads the dashboard's frontend to the same places, and to a config", () => {
    const { value, api, statistics, links } = dashboardReads(list);
    strictEqual(value, entry.statsAPI, "the frontend tells networks apart by it");
    deepStrictEqual([api, statistics], [explorerReads(list).api, explorerReads(list).statistics]);
    strictEqual(links[0], "https://discover.net.spacemesh.io/networks/1_2_3_1/config.json");
  });

  it("leads the tap to the gRPC API, which answers at port 443", () => {
    strictEqual(tapCalls(list), "api-v1-2-3-1.net.spacemesh.io:443");
  });
});
