import { deepStrictEqual, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import type { NodeFacts } from "../../../infra/base/model/network-facts";
import type { NetworkSample } from "../../../infra/base/model/sample";
import { followNodes } from "../../../infra/simmer/addresses";

const nodesAt = (address: string): NodeFacts[] =>
  [1, 2, 3].map((number) => ({ name: `miner-${number}`, grpc: `${address}:${9000 + number}`, json: `${address}:1` }));

const NONE = { reachable: false, error: "away" } as const;

/** A network whose nodes answer at one address only. */
const answersAt =
  (address: string) =>
  async (nodes: readonly NodeFacts[]): Promise<NetworkSample> => ({
    at: "2026-01-01T00:00:00.000Z",
    nodes: nodes.map(({ name, grpc }) =>
      grpc.startsWith(address)
        ? { node: name, at: "", reachable: true, synced: true, topLayer: 1, syncedLayer: 1, verifiedLayer: 1 }
        : { node: name, at: "", reachable: false, error: "no answer" },
    ),
    gateway: NONE,
    explorer: NONE,
    dashboard: NONE,
  });

const reachable = ({ nodes }: NetworkSample) => nodes.filter((node) => node.reachable).length;

describe("followNodes", () => {
  let now = 0;
  let said: string[] = [];
  const run = runWith({ say: (line) => said.push(line), clock: { now: () => now, sleep: async () => undefined } });
  beforeEach(() => {
    now = 1;
    said = [];
  });

  it("asks the cluster where the nodes are, once they do not answer, and says that they moved", async () => {
    let looks = 0;
    const today = async () => {
      looks++;
      return nodesAt("10.0.0.2");
    };
    const ask = followNodes({ nodes: nodesAt("10.0.0.1"), sample: answersAt("10.0.0.2"), today, tag: "v1.2.3+1" }, run);
    strictEqual(reachable(await ask(undefined)), 3);
    strictEqual(reachable(await ask(undefined)), 3);
    strictEqual(looks, 1);
    deepStrictEqual(said, ["v1.2.3+1: 3 of 3 nodes have other addresses than before"]);
  });

  it("does not ask the cluster while most nodes answer, and not with each sample when they do not", async () => {
    let looks = 0;
    const today = async () => {
      looks++;
      return nodesAt("10.0.0.1");
    };
    const well = followNodes(
      { nodes: nodesAt("10.0.0.1"), sample: answersAt("10.0.0.1"), today, tag: "v1.2.3+1" },
      run,
    );
    await well(undefined);
    strictEqual(looks, 0);
    const gone = followNodes({ nodes: nodesAt("10.0.0.1"), sample: answersAt("none"), today, tag: "v1.2.3+1" }, run);
    await gone(undefined);
    await gone(undefined);
    strictEqual(looks, 1);
    now += 601_000;
    await gone(undefined);
    strictEqual(looks, 2);
  });

  it("keeps the sample when the cluster does not answer either", async () => {
    const today = async () => {
      throw new UserError("ClusterSilent", "The cluster is away.", "");
    };
    const ask = followNodes({ nodes: nodesAt("10.0.0.1"), sample: answersAt("none"), today, tag: "v1.2.3+1" }, run);
    strictEqual(reachable(await ask(undefined)), 0);
    deepStrictEqual(said, ["v1.2.3+1: the addresses of its nodes cannot be looked up: The cluster is away."]);
  });
});
