import { buildTag, hostLabel } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import { shellWord } from "../../base/web/format";
import { type Html, html, link } from "../../base/web/html";
import type { InfoPageInput } from "./input";
import { way } from "./parts";
import { versionUrl } from "./versions";

/** Ways to take part in a network of today. The flags are those of go-spacemesh 1.8 (cmd/root.go). */
export const waysToday = (input: InfoPageInput): readonly Html[] =>
  (isClosed(input)
    ? [withoutNode, withSmapp, withSmcli, withApi]
    : [withDocker, withBinary, toSmesh, withSmapp, withSmcli, withApi]
  ).map((one) => one(input));

/** Whether the driver gave no node an address outside the cluster, so that a node out there finds no peer. */
const isClosed = ({ facts }: InfoPageInput): boolean => facts.p2p?.length === 0;

const withoutNode = ({ tag }: InfoPageInput): Html =>
  way(
    "No node of yours",
    html`Nobody outside its cluster can join <strong>${buildTag(tag)}</strong> with a node: its nodes take no connections
from outside, so one of yours would find no peers. Its public APIs answer everybody.`,
  );

/** The image's entry point is the node, which takes peers at port 7513 (go-spacemesh Dockerfile). */
function withDocker({ tag, versions, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const image = versions.node.image ?? "";
  return way("A node in Docker", html`Image <code>${image}</code>. Config and data stay in one folder.`, [
    `mkdir -p ${folder}`,
    `curl -fL -o ${folder}/config.json \\`,
    `  ${shellWord(edgeUrls(discoveryUrl, tag).config)}`,
    "docker run -it --rm -p 7513:7513 \\",
    `  -v "$PWD/${folder}:/network" \\`,
    `  ${shellWord(image)} \\`,
    "  -c /network/config.json \\",
    "  -d /network/data",
  ]);
}

function withBinary({ tag, versions, discoveryUrl }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  return way(
    "A node from a binary",
    html`Build ${link(versionUrl(versions.node), html`go-spacemesh ${buildTag(tag)}`)} for your system, or take a release
of its version. Start it in the folder where its libraries and <code>post-service</code> are.`,
    [
      `curl -fL -o ${folder}.json \\`,
      `  ${shellWord(edgeUrls(discoveryUrl, tag).config)}`,
      `./go-spacemesh -c ${folder}.json \\`,
      `  -d ${folder}`,
    ],
  );
}

/** The units come from the config for joiners. In Docker, `post-service` stands beside the node. */
function toSmesh({ tag, facts }: InfoPageInput): Html {
  const folder = hostLabel(tag);
  const address = `${prefix(facts.hrp)}1`;
  return way(
    "Smesh",
    html`Start the node with these flags too, in Docker with <code>/network/post</code> for its proofs. Rewards go to an
address of yours, which begins with <code>${address}</code>.`,
    [
      `./go-spacemesh -c ${folder}.json \\`,
      `  -d ${folder} --smeshing-start \\`,
      `  --smeshing-opts-datadir ${folder}/post \\`,
      "  --smeshing-coinbase YOUR_ADDRESS",
    ],
  );
}

/** The flag is in smapp desktop/main.ts. */
function withSmapp(input: InfoPageInput): Html {
  const { tag, versions, facts, discoveryUrl } = input;
  const wallet = isClosed(input) ? " as a wallet without a node" : "";
  const known = ["sm", "stest"].includes(prefix(facts.hrp));
  const which = link(versionUrl(versions.smapp), html`Smapp ${versions.smapp.version}`);
  const text = known
    ? html`Start ${which} with this list of networks, and choose
<strong>${buildTag(tag)}</strong>${wallet}.`
    : html`${which} knows addresses that begin with <code>sm1</code> or <code>stest1</code> only, and here they begin
with <code>${prefix(facts.hrp)}1</code>: it shows the network, and no wallet of it.`;
  return way("Smapp", text, [`spacemesh --discovery=${shellWord(edgeUrls(discoveryUrl, tag).list)}`]);
}

/** smcli keeps keys and never calls a node (spacemeshos/smcli cmd/wallet.go; its files common/common.go). */
function withSmcli({ versions, facts }: InfoPageInput): Html {
  return way(
    "smcli",
    html`Make and read wallets in a terminal with ${link(versionUrl(versions.cliWallet), html`smcli ${versions.cliWallet.version}`)}.
It keeps them in <code>~/.spacemesh</code>, and calls no node.`,
    [
      "./smcli wallet create",
      `./smcli wallet read --hrp ${shellWord(prefix(facts.hrp))} \\`,
      "  ~/.spacemesh/wallet_*.json",
    ],
  );
}

/** GET is what v2beta1 takes for questions (spacemeshos/api spacemesh/v2beta1). */
function withApi({ endpoints }: InfoPageInput): Html {
  return way("The API", html`Ask the network's own nodes, without one of yours. Pages of any origin may ask too.`, [
    "curl -fsS \\",
    `  ${shellWord(`${endpoints.json}spacemesh.v2beta1.NodeService/Status`)}`,
    "curl -fsS \\",
    `  ${shellWord(`${endpoints.json}spacemesh.v2beta1.NetworkService/Info`)}`,
  ]);
}

const prefix = (hrp: string | undefined): string => hrp ?? "sm";
