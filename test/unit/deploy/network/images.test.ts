import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1Pod } from "@kubernetes/client-node";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { networkSpec } from "../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../infra/base/model/versions";
import { imagesOf } from "../../../../infra/deploy/network/images";
import { factsOf, progressOf } from "../../../../infra/deploy/network/spacecraft/inspect";
import { wholeNetwork } from "../../../simulation/objects";
import { settingsWith } from "../../../support/settings";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(64)) as [string, string];
const NAME = "docker.io/spacemeshos/go-spacemesh";
const id = (digest: string) => `${NAME}@sha256:${digest}`;

/** The pod of a node with its image; other parts of its status on demand. */
const pod = (
  node: string,
  imageID: string,
  { phase = "Running", container = "miner", leaving = false } = {},
): V1Pod => ({
  metadata: { labels: { name: node }, ...(leaving ? { deletionTimestamp: new Date(0) } : {}) },
  status: {
    phase,
    containerStatuses: [{ name: container, image: "", imageID, ready: true, restartCount: 0 }],
  },
});

describe("imagesOf", () => {
  it("is the one image that all nodes run", () => {
    deepStrictEqual(imagesOf([pod("miner-1", id(A)), pod("miner-2", id(A))], 2), {
      nodeImage: { name: NAME, sha256: A },
    });
  });

  it("names the nodes that run different images", () => {
    const pods = [pod("miner-10", id(A)), pod("miner-2", id(B)), pod("miner-1", id(A))];
    deepStrictEqual(imagesOf(pods, 3), {
      mixed: "nodes run different images (sha256:aaaaaaaaaaaa on miner-1, miner-10; sha256:bbbbbbbbbbbb on miner-2)",
    });
  });

  it("is unknown while one node does not tell its image", () => {
    deepStrictEqual(imagesOf([pod("miner-1", id(A)), pod("miner-2", "")], 2), {});
    deepStrictEqual(imagesOf([pod("miner-1", id(A))], 2), {});
    deepStrictEqual(imagesOf([], 0), {});
  });

  it("ignores poets, other containers, and pods that do not run or are being removed", () => {
    const pods = [
      pod("miner-1", id(A)),
      pod("poet-1", id(B)),
      pod("miner-1", id(B), { container: "sidecar" }),
      pod("miner-1", id(B), { phase: "Failed" }),
      pod("miner-1", id(B), { leaving: true }),
    ];
    deepStrictEqual(imagesOf(pods, 1), { nodeImage: { name: NAME, sha256: A } });
  });
});

describe("a network with images", () => {
  const tag = parseBuildTag("v1.2.3+1");
  const settings = settingsWith({ miners: 2, bootnodes: 1, poets: 1 });
  const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));
  const network = (...pods: V1Pod[]) => ({ ...wholeNetwork(spec, "2026-01-01T00:00:00Z"), pods });

  it("has the image among its facts, if its nodes tell it", () => {
    const facts = factsOf(network(pod("miner-1", id(A)), pod("miner-2", id(A))), spec);
    deepStrictEqual(facts.nodeImage, { name: NAME, sha256: A });
    strictEqual("nodeImage" in factsOf(network(), spec), false);
  });

  it("is not complete while its nodes run different images", () => {
    const { missing } = progressOf(network(pod("miner-1", id(A)), pod("miner-2", id(B))), spec);
    deepStrictEqual(missing, [
      "nodes run different images (sha256:aaaaaaaaaaaa on miner-1; sha256:bbbbbbbbbbbb on miner-2)",
    ]);
    deepStrictEqual(progressOf(network(), spec).missing, []);
  });
});
