import { effectiveGenesis } from "../../base/model/network-facts";
import { type Html, html } from "../../base/web/html";
import type { InfoPageInput } from "./input";
import { commands, section } from "./parts";

/** What the live script is told; the shape of the JSON in `data-live`. */
export interface LiveSource {
  /** Where a node tells its status: POST, body `{}` (go-spacemesh api/grpcserver, NodeService). */
  readonly url: string;
  /** Length of a layer, in seconds: how often to ask. */
  readonly layerDuration: number;
  /** The first layer with blocks. */
  readonly effectiveGenesis: number;
}

const VALUES = [
  ["verified", "Verified layer"],
  ["top", "Current layer"],
  ["synced", "Synced layer"],
  ["peers", "Peers"],
] as const;

/** How the network is doing, filled in by the live script; without scripts, how to ask by hand. */
export function live({ endpoints, facts }: InfoPageInput): Html {
  const url = `${endpoints.json}v1/node/status`;
  const source: LiveSource = { url, layerDuration: facts.layerDuration, effectiveGenesis: effectiveGenesis(facts) };
  const tiles = VALUES.map(
    ([name, title]) => html`
<div><dt>${title}</dt><dd data-value="${name}">–</dd></div>`,
  );
  return section(
    "now",
    "Now",
    html`<div data-live="${JSON.stringify(source)}" data-tone="wait" hidden>
<p class="state" role="status" data-value="state">Asking the network…</p>
<dl class="tiles">${tiles}
</dl>
<p class="note" data-value="asked">&nbsp;</p>
</div>
<noscript><p>Live figures need scripts in the browser. The network tells them in a terminal as well:</p>
${commands([`curl -d '{}' ${url}`])}</noscript>`,
  );
}
