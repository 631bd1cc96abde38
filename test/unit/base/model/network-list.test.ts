import { strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networkListEntry } from "../../../../infra/base/model/network-list";
import { SAMPLE_NETWORK } from "../../../support/sample-network";

const { manifest } = SAMPLE_NETWORK;

describe("An entry of networks.json", () => {
  it("has the keys, the order and the forms that wallets and frontends read", () => {
    const golden = readFileSync(join(__dirname, "../../../golden/networks-entry.json"), "utf8");
    strictEqual(`${JSON.stringify(networkListEntry(SAMPLE_NETWORK), null, 2)}\n`, golden);
  });

  it("names an image that can be pulled", () => {
    const { repository, maxNodeVersion } = networkListEntry(SAMPLE_NETWORK);
    strictEqual(`${repository}:${maxNodeVersion}`, manifest.node.image);
  });

  it("keeps the port of a registry when it cuts the image's tag off", () => {
    const node = { ...manifest.node, image: "registry.example:5000/go-spacemesh:v1.2.3-b1" };
    const { repository } = networkListEntry({ ...SAMPLE_NETWORK, manifest: { ...manifest, node } });
    strictEqual(repository, "registry.example:5000/go-spacemesh");
  });
});
