/**
 * The page's script: asks the network for its status about every layer while somebody looks, and adds buttons that
 * copy. It reads where to ask from `data-live` ({@link LiveSource}), and both spellings of the JSON API:
 * snake_case of the versions of 2021, which leaves out zeros and false, and today's camelCase, which writes big
 * numbers as strings. Before the effective genesis every node calls itself synced, which proves nothing, so the page
 * says what it waits for.
 */
export const LIVE_SCRIPT = `
(() => {
  "use strict";
  const panel = document.querySelector("[data-live]");
  const { url, layerDuration, effectiveGenesis } = JSON.parse(panel.dataset.live);
  const put = (name, text) => { panel.querySelector('[data-value="' + name + '"]').textContent = text; };
  const number = (value) => Number(value ?? 0).toLocaleString("en");
  const layer = (message) => message ? number(message.number) : "–";
  const early = "Waiting for layer " + number(effectiveGenesis) + ", where blocks begin";

  async function ask() {
    const answer = await fetch(url, { method: "POST", body: "{}", signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw new Error(answer.status);
    const { status } = await answer.json();
    const top = status.top_layer ?? status.topLayer;
    return {
      isSynced: (status.is_synced ?? status.isSynced) === true,
      isEarly: Number(top?.number ?? 0) < effectiveGenesis,
      verified: layer(status.verified_layer ?? status.verifiedLayer),
      top: layer(top),
      synced: layer(status.synced_layer ?? status.syncedLayer),
      peers: number(status.connected_peers ?? status.connectedPeers),
    };
  }

  let timer;
  async function refresh() {
    clearTimeout(timer);
    try {
      const { isSynced, isEarly, ...values } = await ask();
      for (const name in values) put(name, values[name]);
      panel.dataset.tone = isSynced && !isEarly ? "good" : "wait";
      put("state", isEarly ? early : isSynced ? "In sync" : "Not in sync yet");
      put("asked", "As of " + new Date().toLocaleTimeString() + ", asked again every layer");
    } catch {
      panel.dataset.tone = "bad";
      put("state", "The network does not answer. It may be down, or retired.");
    }
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, Math.max(1, layerDuration) * 1000);
  }

  document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());
  panel.hidden = false;
  refresh();

  const copied = (code) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
    getSelection().selectAllChildren(code); // pages by plain HTTP have no clipboard of their own
    document.execCommand("copy");
  };
  for (const box of document.querySelectorAll(".copy")) {
    const code = box.querySelector("code");
    const button = document.createElement("button");
    const say = (text) => {
      button.textContent = text;
      button.ariaLabel = text + ": " + code.textContent;
    };
    button.type = "button";
    button.addEventListener("click", async () => {
      await copied(code);
      say("Copied");
      setTimeout(say, 1500, "Copy");
    });
    say("Copy");
    box.append(button);
  }
})();
`;
