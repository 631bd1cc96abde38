import { digestsOf, type RunningImage } from "../../base/model/running-image";
import { COMPONENTS, type ComponentName, type ComponentVersion } from "../../base/model/versions";
import { type Html, html, link } from "../../base/web/html";
import type { InfoPageInput } from "./input";
import { section } from "./parts";

const NAMES: { readonly [name in ComponentName]: string } = {
  node: "Node",
  poet: "Poet",
  smapp: "Smapp",
  tap: "Testnet tap",
  explorerBackend: "Explorer backend",
  explorerFrontend: "Explorer frontend",
  dashboard: "Dashboard",
  monitoring: "Monitoring",
  goSpacecraft: "go-spacecraft",
  cliWallet: "CLIWallet",
};

/** Names that other programs have in networks of today. */
const NAMES_TODAY: { readonly [name in ComponentName]?: string } = {
  explorerBackend: "Explorer statistics",
  cliWallet: "smcli",
};

/** Every component with its version, as the release cycle lists them. */
export function versions({ versions, images, facts }: InfoPageInput): Html {
  const names = facts.driver === "kubernetes" ? { ...NAMES, ...NAMES_TODAY } : NAMES;
  return section(
    "versions",
    "Versions",
    html`<table>
<thead><tr><th scope="col">Component</th><th scope="col">Version</th></tr></thead>
<tbody>${COMPONENTS.map((name) => row(names[name], versions[name], images))}
</tbody>
</table>`,
  );
}

/** Where a version of a component is described: GitHub shows this page for every tag, with notes or without. */
export const versionUrl = ({ link, version }: ComponentVersion): string =>
  `${link}/releases/tag/${encodeURIComponent(version)}`;

/** Digits of a digest that are shown. All are in its title. */
const SHORT = 12;

/** What was pulled for a component's image, unless the image says so itself. */
const digests = ({ image = "" }: ComponentVersion, running: readonly RunningImage[]): Html[] =>
  digestsOf(image, running)
    .filter((sha256) => !image.includes(sha256))
    .map((sha256) => html`<br><code title="sha256:${sha256}">sha256:${sha256.slice(0, SHORT)}</code>`);

const row = (
  name: string,
  component: ComponentVersion | undefined,
  running: readonly RunningImage[] = [],
): Html | undefined =>
  component &&
  html`
<tr><th scope="row">${link(component.link, name)}${component.image && html`<br><code>${component.image}</code>`}</th>
<td>${link(versionUrl(component), component.version)}${digests(component, running)}</td></tr>`;
