import { deepStrictEqual, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Node } from "@kubernetes/client-node";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import type { NetworkFacts } from "../../../../infra/base/model/network-facts";
import { networkSpec } from "../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../infra/base/model/versions";
import { exposedNow } from "../../../../infra/base/observe/exposed";
import type { NodeCalls } from "../../../../infra/base/observe/nodes";
import { factsOf } from "../../../../infra/deploy/network/spacecraft/inspect";
import { layerAt } from "../../../../infra/deploy/smoke/network-clock";
import { smokeTest } from "../../../../infra/deploy/smoke/run";
import { wholeNetwork } from "../../../simulation/objects";
import { trial } from "../../../support/checkout";
import { QuickClock } from "../../../support/late-kv";
import { settingsWith } from "../../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith({
  miners: 4,
  bootnodes: 1,
  poets: 2,
  layerDuration: 60,
  poetPhaseShift: 600,
  poetCycleGap: 300,
});
const versions = versionsOf(tag, settings.versions);
const spec = networkSpec(tag, settings, versions);
const machines = (file: string): V1Node[] => JSON.parse(readFileSync(join(trial("T34"), file), "utf8")).items;
const factsAt = (nodes: V1Node[]): NetworkFacts =>
  factsOf({ ...wholeNetwork(spec, "2026-11-13T00:00:00.000Z"), nodes }, spec);

describe("a network whose machines were replaced (T34)", () => {
  const first = factsAt(machines("nodes-at-deployment.json"));
  const today = factsAt(machines("nodes-after-upgrade.json"));

  /** Nodes that answer at one place only; each says what its clock says. */
  const callsAt = (facts: NetworkFacts, clock: QuickClock): NodeCalls => {
    const answer = <T>(address: string, said: T): T => {
      const all = [...facts.nodes.map(({ grpc }) => grpc), ...facts.poets.map(({ rest }) => rest)];
      if (all.includes(address)) return said;
      throw new UserError("ServiceSilent", `${address} does not answer.`, "");
    };
    const layer = () => layerAt(facts, clock.now());
    return {
      node: async (address) => {
        const status = { connectedPeers: 3, isSynced: true, topLayer: layer(), syncedLayer: layer() };
        const verifiedLayer = layer() - 2;
        const version = versions.node.version;
        return answer(address, { version, build: "c0ffee", genesisId: "aa", status: { ...status, verifiedLayer } });
      },
      stateRoot: async (address) => answer(address, "bb"),
      poet: async (address) => answer(address, { kind: "rounds" as const, openRound: "7", executing: [] }),
    };
  };
  const tested = async (whereabouts: (() => Promise<NetworkFacts | undefined>) | undefined) => {
    const clock = new QuickClock();
    const lines: string[] = [];
    const run = runWith({ clock, say: (line) => lines.push(line) });
    const options = { facts: first, versions, commit: "c0ffee", limitLayers: 3, today: whereabouts };
    const report = await smokeTest(options, run, callsAt(today, clock));
    return { silent: report.checks.filter(({ status }) => status !== "passed").map(({ name }) => name), lines };
  };

  it("is exposed at the new addresses, and its poets too", () => {
    const objects = wholeNetwork(spec, "2026-11-13T00:00:00Z");
    const moved = exposedNow(first, { ...objects, nodes: machines("nodes-after-upgrade.json") });
    deepStrictEqual([moved.nodes, moved.poets], [today.nodes, today.poets]);
    strictEqual(today.nodes[0]?.grpc.split(":")[0], "203.0.113.77");
    deepStrictEqual(exposedNow(first, { nodes: [], services: [] }), { nodes: first.nodes, poets: first.poets });
  });

  it("passes the smoke test at its addresses of today, and the test says that the nodes have moved", async () => {
    let asked = 0;
    const { silent, lines } = await tested(async () => {
      asked += 1;
      return today;
    });
    deepStrictEqual(silent, []);
    strictEqual(asked, 1);
    strictEqual(lines.includes("v1.2.3+1: 4 of 4 nodes have other addresses than before"), true);
  });

  it("fails the smoke test where nobody can tell the addresses of today", async () => {
    const failing = async () => {
      throw new UserError("ClusterSilent", "The cluster is away.", "");
    };
    const { silent, lines } = await tested(failing);
    strictEqual(silent.includes("reachable"), true);
    strictEqual(lines.includes("v1.2.3+1: the addresses of its nodes cannot be looked up: The cluster is away."), true);
    strictEqual((await tested(undefined)).silent.includes("reachable"), true);
  });

  it("is looked up at IPv4 addresses, also where a machine publishes another one first", () => {
    const both = [{ status: { addresses: ["2001:db8::77", "203.0.113.77"].map(external) } }];
    strictEqual(factsAt(both).nodes[0]?.grpc.split(":")[0], "203.0.113.77");
  });
});

const external = (address: string) => ({ type: "ExternalIP", address });
