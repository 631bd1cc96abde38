import { deepStrictEqual, strictEqual } from "node:assert";
import { runInNewContext } from "node:vm";
import { LIVE_SCRIPT } from "../../../../infra/deploy/info-page/live-script";

const SOURCE = { url: "https://api.example/v1/node/status", layerDuration: 300, effectiveGenesis: 4 };

describe("The info page's script", () => {
  it("shows what a node of 2021 answers", async () => {
    const { text, tone } = await shown({
      connected_peers: "9",
      is_synced: true,
      synced_layer: { number: 5 },
      top_layer: { number: 1240 },
      verified_layer: { number: 4 },
    });
    strictEqual(tone, "good");
    deepStrictEqual(text, { state: "In sync", verified: "4", top: "1,240", synced: "5", peers: "9" });
  });

  it("shows what a node of today answers", async () => {
    const { text } = await shown({
      connectedPeers: "9",
      isSynced: true,
      syncedLayer: { number: 5 },
      topLayer: { number: 6 },
      verifiedLayer: { number: 4 },
    });
    deepStrictEqual(text, { state: "In sync", verified: "4", top: "6", synced: "5", peers: "9" });
  });

  it("takes an absent number for 0 only where the message around it is there", async () => {
    const { text, tone } = await shown({ verified_layer: {}, top_layer: { number: 7 } });
    strictEqual(tone, "wait");
    deepStrictEqual(text, { state: "Not in sync yet", verified: "0", top: "7", synced: "–", peers: "0" });
  });

  it("takes no word of a node for proof before the effective genesis", async () => {
    // As go-spacemesh 1.8.3 answers from its first second on, also without a single peer.
    const { text, tone } = await shown({
      connectedPeers: "0",
      isSynced: true,
      syncedLayer: { number: 3 },
      topLayer: { number: 0 },
      verifiedLayer: { number: 3 },
    });
    strictEqual(tone, "wait");
    const state = "Waiting for layer 4, where blocks begin";
    deepStrictEqual(text, { state, verified: "3", top: "0", synced: "3", peers: "0" });
  });

  it("says so when the network does not answer", async () => {
    const { text, tone } = await shown(undefined);
    strictEqual(tone, "bad");
    strictEqual(text.state, "The network does not answer. It may be down, or retired.");
  });

  it("asks the API of the page with an empty body, and again after a layer", async () => {
    const { requests, delays } = await shown({ is_synced: true, top_layer: { number: 4 } });
    deepStrictEqual(requests, [{ url: SOURCE.url, method: "POST", body: "{}" }]);
    deepStrictEqual(delays, [SOURCE.layerDuration * 1000]);
  });
});

/** Runs the script in a page that is just enough for it, until it has put down when to ask again. */
function shown(status: unknown) {
  const text: Record<string, string> = {};
  const requests: unknown[] = [];
  const delays: number[] = [];
  const panel = {
    hidden: true,
    dataset: { live: JSON.stringify(SOURCE), tone: "wait" },
    querySelector: (selector: string) => {
      const name = /^\[data-value="(\w+)"\]$/.exec(selector)?.[1] ?? "";
      return {
        set textContent(value: string) {
          if (name !== "asked") text[name] = value; // the time of the answer, in the reader's own form
        },
      };
    },
  };
  return new Promise<{ text: typeof text; tone: string; requests: unknown[]; delays: number[] }>((resolve) => {
    runInNewContext(LIVE_SCRIPT, {
      AbortSignal,
      clearTimeout() {},
      setTimeout(_: unknown, delay: number) {
        delays.push(delay);
        resolve({ text, tone: panel.dataset.tone, requests, delays });
      },
      document: { hidden: false, querySelector: () => panel, querySelectorAll: () => [], addEventListener() {} },
      async fetch(url: string, { method, body }: { method: string; body: string }) {
        requests.push({ url, method, body });
        if (status === undefined) throw new TypeError("Failed to fetch");
        return { ok: true, json: async () => ({ status }) };
      },
    });
  });
}
