import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { z } from "zod";
import { runWith } from "../../../infra/base/lib/run";
import type { NetworkFacts } from "../../../infra/base/model/network-facts";
import type { NodeAnswer } from "../../../infra/base/model/sample";
import type { NodeCalls } from "../../../infra/base/observe/nodes";
import type { SmokeReport } from "../../../infra/deploy/smoke/report";
import { smokeTest } from "../../../infra/deploy/smoke/run";
import { isRefusal } from "../errors";
import { type Trial, trialInput } from "./trial";

const Input = z.object({
  genesisTime: z.string(),
  layerDuration: z.number(),
  layersPerEpoch: z.number(),
  limitLayers: z.number(),
  cases: z.array(
    z.object({
      name: z.string(),
      genesisTime: z.string().optional(),
      offsetSeconds: z.number().optional(),
      jumpAtSeconds: z.number().optional(),
      jumpBySeconds: z.number().optional(),
    }),
  ),
});
type Clocks = z.infer<typeof Input>;

const COMMIT = "c0ffee".padEnd(40, "0");
const VERSIONS = { node: { version: "v1.2.3+1", link: "https://github.com/spacemeshos/go-spacemesh" } };

interface Outcome {
  readonly report?: SmokeReport;
  readonly error?: unknown;
  readonly said: readonly string[];
  /** Seconds that really passed. */
  readonly took: number;
  readonly looks: number;
}

/** The smoke test of a good network, on a machine whose clock is wrong. */
async function smokeUnder(input: Clocks, name: string, start: number): Promise<Outcome> {
  const wrong = input.cases.find((one) => one.name === name);
  ok(wrong, name);
  const genesisTime = wrong.genesisTime ?? input.genesisTime;
  const { layerDuration, layersPerEpoch, limitLayers } = input;
  const began = Date.parse(input.genesisTime) + start * 1000;
  const { offsetSeconds = 0, jumpAtSeconds = Number.POSITIVE_INFINITY, jumpBySeconds = 0 } = wrong;
  let passed = 0;
  let looks = 0;
  const said: string[] = [];
  const facts: NetworkFacts = {
    tag: "v1.2.3+1",
    cluster: "v1-2-3-1",
    genesisTime,
    layerDuration,
    layersPerEpoch,
    netId: 7,
    nodes: ["miner-1", "miner-2", "miner-3"].map((node) => ({ name: node, grpc: node, json: node })),
    poets: [{ name: "poet-1", rest: "poet-1" }],
    nodeConfig: "{}",
  };
  const answer = (): NodeAnswer => {
    const time = began + passed * 1000;
    const top = Math.max(0, Math.floor((time - Date.parse(genesisTime)) / (layerDuration * 1000)));
    const verifiedLayer = Math.max(2 * layersPerEpoch - 1, top - 1);
    const status = { connectedPeers: 2, isSynced: true, topLayer: top, syncedLayer: top, verifiedLayer };
    return { version: "v1.2.3+1", build: COMMIT, genesisId: "aa11", status };
  };
  const calls: NodeCalls = {
    node: async (node) => {
      if (node === "miner-1") looks++;
      return answer();
    },
    stateRoot: async () => "9a0b",
    poet: async () => ({ kind: "phases", phaseShift: 1, cycleGap: 1 }),
  };
  const clock = {
    now: () => began + (passed + offsetSeconds + (passed >= jumpAtSeconds ? jumpBySeconds : 0)) * 1000,
    sleep: async (seconds: number) => {
      passed += seconds;
    },
  };
  const options = { facts, versions: VERSIONS, commit: COMMIT, limitLayers };
  try {
    const report = await smokeTest(options, runWith({ clock, say: (line) => said.push(line) }), calls);
    return { report, said, took: passed, looks };
  } catch (error) {
    return { error, said, took: passed, looks };
  }
}

/** T41: clocks of this machine that are wrong. */
export const wrongClocks: Trial = async () => {
  const input = Input.parse(JSON.parse(trialInput("T41", "clocks.json")));
  const at = (layer: number) => layer * input.layerDuration;
  const effective = at(2 * input.layersPerEpoch);

  const fast = await smokeUnder(input, "this machine is 70 minutes fast", at(35));
  match(fast.said[0] ?? "", /about 70 min fast: the nodes are at layer 35, this clock at 70/);
  match(fast.said[1] ?? "", /layer 35, effective genesis 120, limit layer 150$/);
  strictEqual(fast.report?.passed, true);
  deepStrictEqual([fast.report?.layers.from, Number(fast.report?.layers.to) >= 121], [35, true]);

  const slow = await smokeUnder(input, "this machine is 70 minutes slow", at(35));
  match(slow.said[0] ?? "", /about 70 min slow: the nodes are at layer 35, this clock at 0/);
  ok(slow.said.every((line) => !line.includes("for genesis")));
  strictEqual(slow.report?.passed, true);
  ok(slow.took <= effective - at(35) + at(4), `${slow.took} s`);

  const back = await smokeUnder(input, "clock jumps 3 h back while it waits", at(0));
  strictEqual(back.report?.passed, true);
  ok(back.took <= effective + at(4), `${back.took} s`);

  const forward = await smokeUnder(input, "clock jumps 3 h forward (a laptop slept)", at(0));
  strictEqual(forward.report?.passed, true);

  const old = await smokeUnder(input, "genesis was three days ago", at(0));
  strictEqual(old.report?.passed, true);
  ok(old.took <= at(4), `${old.took} s`);

  const never = await smokeUnder(input, "genesis in 1969 or year 9999 in the node's config", at(0));
  isRefusal(never.error, "GenesisImplausible", { names: ["9999-12-31T00:00:00Z", "genesisTime"] });
  deepStrictEqual([never.took, never.looks], [0, 0]);
};
