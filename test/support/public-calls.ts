import type { NodeStatus } from "../../infra/base/model/sample";
import type { PublicCalls } from "../../infra/base/observe/public-view";

/** The account from which the tap gives. */
export const TAP = "stest1tap";
const STATUS: NodeStatus = { connectedPeers: 3, isSynced: true, topLayer: 40, syncedLayer: 40, verifiedLayer: 39 };
const LIST = JSON.stringify([{ netName: "v1.2.3+1" }]);

/**
 * The public services of v1.2.3+1, of both eras at once, which all answer well.
 * @param genesisId of the nodes behind its public API, hexadecimal
 */
export const publicCalls = (genesisId: string): PublicCalls => ({
  addresses: async () => ["203.0.113.80"],
  request: async () => ({ status: 200, headers: {}, body: LIST }),
  nodes: async () => ({ genesisId, status: STATUS }),
  certificate: async () => validFor(60),
  dashboard: async () => ({ network: genesisId, genesis: 0, layer: 39 }),
  async http(url) {
    const path = new URL(url).pathname;
    const bodies: Readonly<Record<string, object>> = {
      "/v1/info": { phaseShift: "30s", cycleGap: "10s" },
      "/api/status": { account: TAP },
      "/overview": { layers_count: 12 },
      "/network-info": { network: { genesisid: genesisId, genesis: 0, lastlayer: 40 } },
    };
    const body = Object.entries(bodies).find(([end]) => path.endsWith(end))?.[1];
    return { status: 200, headers: {}, body: body ? JSON.stringify(body) : LIST };
  },
});

/** A certificate of 90 days. @param days that are left */
export const validFor = (days: number) => ({
  notBefore: new Date(Date.now() - (90 - days) * 86_400_000).toISOString(),
  notAfter: new Date(Date.now() + days * 86_400_000 + 60_000).toISOString(),
});
