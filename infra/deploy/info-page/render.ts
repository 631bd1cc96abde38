import { createHash } from "node:crypto";
import { buildTag } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import { type Html, html, link, trusted } from "../../base/web/html";
import { ICON } from "../../base/web/logo";
import { STYLE } from "../../base/web/style";
import { supersedesMeta } from "../../base/web/supersedes";
import { curves } from "./curves";
import { CURVES_SCRIPT } from "./curves-script";
import { CURVES_STYLE } from "./curves-style";
import { endpoints } from "./endpoints";
import type { InfoPageInput } from "./input";
import { join } from "./join";
import { live } from "./live";
import { LIVE_SCRIPT } from "./live-script";
import { overview } from "./overview";
import { parameters } from "./parameters";
import { simmer } from "./simmer";
import { versions } from "./versions";

/**
 * The info page of a network, or of the channel that points to it: one complete HTML document that needs nothing but
 * itself. Pure: the same input gives the same text. The page's own script asks for what changes with time. A comment
 * keeps Cloudflare from hiding addresses, so that the page arrives as it was written.
 */
export function renderInfoPage(input: InfoPageInput): string {
  const { tag, channel } = input;
  const title = channel ? `Spacemesh ${channel.name}: ${channel.release}` : `Spacemesh test network ${buildTag(tag)}`;
  const description = `Versions, endpoints and parameters of the Spacemesh network ${buildTag(tag)}, and how to join it.`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(input)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
${input.supersedes && supersedesMeta(input.supersedes)}<title>${title}</title>
<link rel="icon" href="${trusted(ICON)}">
<style>${trusted(styleOf(input))}</style>
</head>
<body><!--email_off-->
<main>${overview(input)}${live(input)}${curves(input)}${simmer(input)}${join(input)}${endpoints(input)}
<div class="pair">${versions(input)}${parameters(input)}
</div>
</main>${footer(input)}<!--/email_off-->
${scriptsOf(input).map(
  (script) => html`<script>${trusted(script)}</script>
`,
)}</body>
</html>
`.toString();
}

/** The page of a network without curves is not changed by them. */
const styleOf = (input: InfoPageInput): string => (input.curves ? STYLE + CURVES_STYLE : STYLE);
const scriptsOf = (input: InfoPageInput): readonly string[] =>
  input.curves ? [LIVE_SCRIPT, CURVES_SCRIPT] : [LIVE_SCRIPT];

const footer = ({ tag, channel, discoveryUrl }: InfoPageInput): Html => {
  const { page } = edgeUrls(discoveryUrl, tag);
  return html`
<footer>
<p>${channel ? html`The page of ${buildTag(tag)}` : "This page"} stays at ${link(page)} when the network is gone. ${link(discoveryUrl, "All networks")}</p>
</footer>`;
};

/** What the page may do: its own style and script, calls to the network's JSON API, and pictures of the edge. */
function policy(input: InfoPageInput): string {
  const { endpoints, discoveryUrl } = input;
  const api = originOf(endpoints.json) ?? "'none'";
  const edge = originOf(discoveryUrl);
  return [
    "default-src 'none'",
    `style-src ${digest(styleOf(input))}`,
    `script-src ${scriptsOf(input).map(digest).join(" ")}`,
    `connect-src ${api}`,
    `img-src data:${edge ? ` ${edge}` : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
