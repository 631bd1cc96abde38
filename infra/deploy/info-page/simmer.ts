import { buildTag } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import { type Html, html, link } from "../../base/web/html";
import { PLOT_HEIGHT, PLOT_WIDTH } from "../../base/web/simmer/plot";
import type { InfoPageInput } from "./input";
import { section } from "./parts";

/** How the network did since its effective genesis, as a picture that the edge draws. It needs no script. */
export const simmer = ({ tag, discoveryUrl }: InfoPageInput): Html =>
  section(
    "simmer",
    "Simmer",
    html`<p>Before a build is released, a watcher outside the network follows it for days and judges each layer.
When the days are full, ${link(edgeUrls(discoveryUrl, tag).certificate, "a certificate")} proves them.</p>
<img src="${edgeUrls(discoveryUrl, tag).simmer}" width="${PLOT_WIDTH}" height="${PLOT_HEIGHT}"
alt="Plot of the simmer of ${buildTag(tag)}: its layers, the lag of the verified layer, and the verdicts against time">`,
  );
