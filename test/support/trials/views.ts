import { strictEqual } from "node:assert";
import { z } from "zod";
import { readDashboardMessage } from "../../../infra/base/clients/dashboard";
import { readNetworkInfo } from "../../../infra/base/clients/explorer";
import { UserError } from "../../../infra/base/lib/errors";
import { requireAgreement, requireFollowing } from "../../../infra/base/observe/agreement";
import { settingsWith } from "../settings";
import { type Trial, trialInput } from "./trial";

const Input = z.object({
  nodes: z.object({ top: z.number(), verified: z.number(), genesisId: z.string() }),
  cases: z.array(
    z.looseObject({
      name: z.string(),
      "network-info": z.unknown().optional(),
      "ws-first": z.unknown().optional(),
      status: z
        .object({ connectedPeers: z.number(), isSynced: z.boolean(), topLayer: z.number(), verifiedLayer: z.number() })
        .optional(),
    }),
  ),
});
type Case = z.infer<typeof Input>["cases"][number];

const LIMITS = settingsWith({ layerDuration: 300, layersPerEpoch: 288, simmerLag: 2, simmerStall: 2, simmerLimit: 30 });

/** What is right for each case; `well` for what passes. */
const RIGHT: Readonly<Record<string, string | RegExp>> = {
  "explorer far behind": /layer 312, 4,688 layers behind the nodes/,
  "explorer of another network": /genesis bb22, the nodes tell aa11/,
  "explorer without layers": /shows no layers/,
  "numbers as text": "well",
  "nodes not synced, no peers": /has no peers/,
  "dashboard stands": /layer 312, 4,688 layers behind the nodes/,
  "dashboard of another network": /genesis bb22, the nodes tell aa11/,
};

/** T42: views that disagree. */
export const disagreeingViews: Trial = async () => {
  const { nodes, cases } = Input.parse(JSON.parse(trialInput("T42", "answers.json")));
  const status = {
    connectedPeers: 8,
    isSynced: true,
    syncedLayer: nodes.top,
    topLayer: nodes.top,
    verifiedLayer: nodes.verified,
  };
  const said = { genesisId: nodes.genesisId, status };
  const look = (one: Case) => {
    if (one.status) return requireFollowing({ ...said, status: { ...status, ...one.status } }, LIMITS);
    if (one["network-info"]) {
      const info = readNetworkInfo({ status: 200, body: JSON.stringify(one["network-info"]) });
      return requireAgreement("the explorer", info, said, LIMITS);
    }
    const { network, layer } = readDashboardMessage(JSON.stringify(one["ws-first"]));
    const shown = { genesisId: network, ...(layer !== undefined && { layer }) };
    return requireAgreement("the dashboard", shown, said, LIMITS);
  };
  for (const one of cases) {
    const right = RIGHT[one.name];
    if (right === undefined) continue; // a dashboard without a word: test/integration/base/clients
    let seen = "well";
    try {
      look(one);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      seen = error.what;
    }
    strictEqual(typeof right === "string" ? seen === right : right.test(seen), true, `${one.name}: ${seen}`);
  }
};
