import { strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networkListEntry } from "../../../../infra/base/model/network-list";
import { SAMPLE_NETWORK } from "../../../support/sample-network";

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
});
