import { buildTag, parseBuildTag } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import type { Superseded } from "../../base/model/trailers";
import { duration } from "../../base/web/format";
import { type Html, html, link } from "../../base/web/html";
import { type InfoPageInput, tapUrl } from "./input";
import { moment } from "./parts";

/** Three nodes of a mesh: the page's only picture, in the colour of the text around it. */
const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 4 18h16Z"/><circle cx="12" cy="4" r="3"/><circle cx="4" cy="18" r="3"/><circle cx="20" cy="18" r="3"/></svg>`;

/** What the page is about, in one sentence, and the ways out of it. */
export function overview({ tag, channel, endpoints, facts, supersedes, discoveryUrl }: InfoPageInput): Html {
  const tap = tapUrl({ endpoints, facts });
  const layer = duration(facts.layerDuration);
  const epoch = duration(facts.layerDuration * facts.layersPerEpoch);
  const kind = channel ? html`Spacemesh ${channel.name}` : "Spacemesh test network";
  const title = channel ? html`${channel.release} <small>build ${buildTag(tag)}</small>` : buildTag(tag);
  return html`
<header>
<p class="kind">${MARK}${kind}</p>
<h1>${title}</h1>
<p class="lead">Genesis at ${moment(facts.genesisTime)}. A layer takes ${layer}, an epoch ${epoch}.</p>${channel?.reason === undefined ? undefined : uncertified(channel.reason)}${supersedes && follows(supersedes, discoveryUrl)}
<nav><ul class="out">
<li>${link(endpoints.explorer, "Explorer")}</li>
<li>${link(endpoints.dash, "Dashboard")}</li>${
    tap === undefined
      ? undefined
      : html`
<li>${link(tap, "Tap")}</li>`
  }
</ul><ul>
<li><a href="#join">Join</a></li>
<li><a href="#endpoints">Endpoints</a></li>
<li><a href="#versions">Versions</a></li>
</ul></nav>
</header>`;
}

/** Why there is this build. */
const follows = ({ tag, why }: Superseded, discoveryUrl: string): Html => html`
<p class="notice">Supersedes ${link(edgeUrls(discoveryUrl, parseBuildTag(tag)).page, tag)}: ${why}</p>`;

/** People who look for a reason to trust the release must not miss that nobody has measured it. */
const uncertified = (reason: string): Html => html`
<p class="notice"><strong>Promoted without a simmer certificate:</strong> ${reason}</p>`;
