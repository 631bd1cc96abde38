import { buildTag, hostLabel } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import { hostAndPort, shellWord } from "../../base/web/format";
import { type Html, html, link } from "../../base/web/html";
import type { InfoPageInput } from "./input";
import { waysToday } from "./join-today";
import { section, way } from "./parts";
import { versionUrl } from "./versions";

/** How to take part: with a node of one's own, or with one of the wallets. */
export const join = (input: InfoPageInput): Html =>
  section(
    "join",
    "Join",
    html`<div class="ways">${input.facts.driver === "kubernetes" ? waysToday(input) : ways(input)}
</div>`,
  );

/** Ways to take part in a network that go-spacecraft made. */
const ways = (input: InfoPageInput): readonly Html[] =>
  [withDocker, withBinary, withSmapp, withCliWallet].map((one) => one(input));

/** The image's entry point is the node, which takes peers at port 7513 (go-spacemesh Dockerfile). */
function withDocker({ tag, versions, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const { config } = edgeUrls(discoveryUrl, tag);
  const image = versions.node.image ?? "";
  return way("A node in Docker", html`Image <code>${image}</code>. Config and data stay in one folder.`, [
    `mkdir -p ${folder}`,
    `curl -fL -o ${folder}/config.json \\`,
    `  ${shellWord(config)}`,
    "docker run -it --rm -p 7513:7513 \\",
    `  -v "$PWD/${folder}:/network" \\`,
    `  ${shellWord(image)} \\`,
    "  --config /network/config.json \\",
    "  --data-folder /network/data",
  ]);
}

function withBinary({ tag, versions, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const { config } = edgeUrls(discoveryUrl, tag);
  return way(
    "A node from a binary",
    html`Take ${link(versionUrl(versions.node), html`go-spacemesh ${buildTag(tag)}`)} for your system, unpack it, and start it in
its folder.`,
    [
      `curl -fL -o ${folder}.json \\`,
      `  ${shellWord(config)}`,
      `./go-spacemesh --config ${folder}.json \\`,
      `  --data-folder ${folder}`,
    ],
  );
}

/** The flag is in smapp desktop/main.ts. */
function withSmapp({ tag, versions, discoveryUrl }: InfoPageInput): Html {
  const { list } = edgeUrls(discoveryUrl, tag);
  return way(
    "Smapp",
    html`Start ${link(versionUrl(versions.smapp), html`Smapp ${versions.smapp.version}`)} with this list of networks, and choose
<strong>${buildTag(tag)}</strong>.`,
    [`spacemesh --discovery=${shellWord(list)}`],
  );
}

/** The flags are in smrepl main.go, as CLIWallet is called today; it takes host and port, and no scheme. */
function withCliWallet({ versions, endpoints }: InfoPageInput): Html {
  const secure = endpoints.grpc.startsWith("https:") ? " -secure" : "";
  return way(
    "CLIWallet",
    html`Point ${link(versionUrl(versions.cliWallet), html`CLIWallet ${versions.cliWallet.version}`)} at the public API. It needs no
node of yours.`,
    [`./cli_wallet_linux_amd64${secure} \\`, `  -server ${shellWord(hostAndPort(endpoints.grpc))}`],
  );
}
