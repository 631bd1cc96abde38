import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { z } from "zod";
import { statusV1 } from "../../../infra/base/clients/node/messages";
import type { NodeSample } from "../../../infra/base/model/sample";
import { plausible } from "../../../infra/base/verdict/plausible";
import { type Check, type CheckName, judge } from "../../../infra/deploy/smoke/checks";
import type { Expectation, Observation } from "../../../infra/deploy/smoke/observation";
import { type Trial, trialInput } from "./trial";

const Status = z.object({
  connectedPeers: z.number(),
  isSynced: z.boolean(),
  syncedLayer: z.number(),
  topLayer: z.number(),
  verifiedLayer: z.number(),
});
const Input = z.object({
  effectiveGenesis: z.number(),
  cases: z.array(
    z.object({
      name: z.string(),
      first: z.array(Status).optional(),
      last: z.array(Status).optional(),
      roots: z.array(z.string()).optional(),
      raw: z.array(z.record(z.string(), z.unknown())).optional(),
    }),
  ),
});
type Case = z.infer<typeof Input>["cases"][number];

const GENESIS = "9eebff02";
const COMMIT = "c0ffee".padEnd(40, "0");
const NODES = ["miner-1", "miner-2", "miner-3"];
/** What a case without layers of its own goes by. */
const WELL = { connectedPeers: 8, isSynced: true };

const samplesOf = (statuses: Case["last"], at: number): NodeSample[] =>
  NODES.map((node, i) => {
    const said = statuses?.[i] ?? { ...WELL, syncedLayer: at, topLayer: at, verifiedLayer: at - 1 };
    const { isSynced: synced, ...layers } = said;
    const version = "v1.2.3+1";
    return {
      node,
      at: "2026-11-27T10:00:00Z",
      reachable: true,
      version,
      build: COMMIT,
      genesisId: GENESIS,
      synced,
      ...layers,
    };
  });

/** The checks that did not pass, by name, and what all checks saw. */
function smokeOf({ first, last, roots }: Case, effectiveGenesis: number) {
  const root = (i: number) => ({ said: roots?.[i] ?? "9a0b" });
  const seen: Observation = {
    first: samplesOf(first, 60),
    last: samplesOf(last, 61),
    roots: { layer: effectiveGenesis + 1, nodes: NODES.map((name, i) => ({ name, root: root(i) })) },
    poets: [{ name: "poet-1", info: { said: { kind: "phases", phaseShift: 1, cycleGap: 1 } } }],
  };
  const expected: Expectation = {
    tag: "v1.2.3+1",
    nodeVersion: "v1.2.3+1",
    commit: COMMIT,
    effectiveGenesis,
    layersPerEpoch: effectiveGenesis / 2,
    layerDuration: 120,
  };
  const checks = judge(seen, expected);
  const named = (name: CheckName) => checks.find((check) => check.name === name)?.saw ?? "";
  const open = checks.filter(({ status }: Check) => status !== "passed").map(({ name, status }) => [name, status]);
  return { open: Object.fromEntries(open) as Partial<Record<CheckName, string>>, named };
}

/** The nodes whose answers the simmer's judge does not believe. */
const unbelieved = ({ last }: Case): string[] =>
  Object.keys(
    plausible(
      { nodes: NODES, genesisId: GENESIS, genesisTime: 0, layerDuration: 120, layersPerEpoch: 10 },
      samplesOf(last, 61),
    ).implausible,
  );

/** T40: layers that cannot be. */
export const impossibleLayers: Trial = async () => {
  const { effectiveGenesis, cases } = Input.parse(JSON.parse(trialInput("T40", "statuses.json")));
  const of = (name: string): Case => cases.find((one) => one.name === name) ?? { name };
  const smoke = (name: string) => smokeOf(of(name), effectiveGenesis);

  const below = smoke("top below verified");
  strictEqual(below.open.layers, "failed");
  match(below.named("layers"), /miner-1 has verified layer 32 at layer 6/);
  deepStrictEqual(unbelieved(of("top below verified")), NODES);

  const future = smoke("synced layer a day ahead");
  deepStrictEqual(future.open, { synced: "failed" });
  match(future.named("synced"), /fast: miner-1 is synced to layer 863 at layer 608/);
  deepStrictEqual(unbelieved(of("synced layer a day ahead")), NODES);

  deepStrictEqual(smoke("synced, and verified layer stands").open, { "verified-layer": "failed" });
  match(smoke("verified layer goes back").named("verified-layer"), /goes back: miner-1 from 59 to 40/);

  const far = smoke("one node a thousand layers ahead");
  strictEqual(far.open.layers, "failed");
  match(far.named("layers"), /miner-3 is at layer 1061, the network at 61/);
  deepStrictEqual(unbelieved(of("one node a thousand layers ahead")), ["miner-3"]);

  const outside = smoke("a node with the genesis of all and two peers outside");
  deepStrictEqual(outside.open, {});
  match(outside.named("peers"), /all nodes have peers: 1$/);

  deepStrictEqual(smoke("empty state root").open, { "state-roots": "unmade" });
  const restarted = smoke("restarted node has the root of genesis");
  deepStrictEqual(restarted.open, { "state-roots": "failed" });
  match(restarted.named("state-roots"), /56e81f171bcc55a6 on miner-1/);

  const raw = of("numbers as the gateways write them").raw ?? [];
  strictEqual(raw.length, 6);
  const read = raw.map((message) => {
    try {
      return statusV1(message).verifiedLayer;
    } catch {
      return "unread";
    }
  });
  deepStrictEqual(read, [59483, 0, 0, "unread", "unread", "unread"]);
  ok(cases.every(({ name }) => name !== ""));
};
