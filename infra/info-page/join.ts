import { buildTag, hostLabel } from "../build-tag";
import { edgeUrls } from "../networks-entry";
import { hostAndPort, shellWord } from "./format";
import { type Html, html, link } from "./html";
import type { InfoPageInput } from "./input";
import { commands, copyable, section } from "./parts";
import { versionUrl } from "./versions";

/** How to take part: with a node of one's own, or with one of the wallets. */
export const join = (input: InfoPageInput): Html =>
  section(
    "join",
    "Join",
    html`<div class="ways">${[withDocker, withBinary, withSmapp, withCliWallet].map((way) => way(input))}
</div>`,
  );

/** The image's entry point is the node, which takes peers at port 7513 (go-spacemesh Dockerfile). */
function withDocker({ tag, manifest, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const { config } = edgeUrls(discoveryUrl, tag);
  return way(
    "A node in Docker",
    html`<p>Image ${copyable(manifest.node.image ?? "")}</p>${commands([
      `mkdir -p ${folder}`,
      `curl -fL -o ${folder}/config.json ${shellWord(config)}`,
      `docker run -it --rm -p 7513:7513 -v "$PWD/${folder}:/network" \\`,
      `  ${shellWord(manifest.node.image ?? "")} \\`,
      "  --config /network/config.json --data-folder /network/data",
    ])}`,
  );
}

function withBinary({ tag, manifest, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const { config } = edgeUrls(discoveryUrl, tag);
  return way(
    "A node from a binary",
    html`<p>Take ${link(versionUrl(manifest.node), html`go-spacemesh ${buildTag(tag)}`)} for your system, unpack it, and start it
in its folder:</p>${commands([
      `curl -fL -o ${folder}.json ${shellWord(config)}`,
      `./go-spacemesh --config ${folder}.json --data-folder ${folder}`,
    ])}`,
  );
}

/** The flag is in smapp desktop/main.ts. */
function withSmapp({ tag, manifest, discoveryUrl }: InfoPageInput): Html {
  const { list } = edgeUrls(discoveryUrl, tag);
  return way(
    "Smapp",
    html`<p>Start ${link(versionUrl(manifest.smapp), html`Smapp ${manifest.smapp.version}`)} with this list of networks, and choose
<strong>${buildTag(tag)}</strong>:</p>${commands([`spacemesh --discovery=${shellWord(list)}`])}`,
  );
}

/** The flags are in smrepl main.go, as CLIWallet is called today; it takes host and port, and no scheme. */
function withCliWallet({ manifest, endpoints }: InfoPageInput): Html {
  const secure = endpoints.grpc.startsWith("https:") ? " -secure" : "";
  return way(
    "CLIWallet",
    html`<p>Point ${link(versionUrl(manifest.cliWallet), html`CLIWallet ${manifest.cliWallet.version}`)} at the public API; it needs
no node:</p>${commands([`./cli_wallet_linux_amd64 -server ${shellWord(hostAndPort(endpoints.grpc))}${secure}`])}`,
  );
}

const way = (title: string, content: Html): Html => html`
<article>
<h3>${title}</h3>
${content}
</article>`;
