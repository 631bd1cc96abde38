import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { supersededByPage } from "../../../../infra/base/web/supersedes";
import type { InfoPageInput } from "../../../../infra/deploy/info-page/input";
import { renderInfoPage } from "../../../../infra/deploy/info-page/render";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../../support/sample-network";

const GOLDEN = join(__dirname, "../../../golden/info-page.html");
const page = renderInfoPage(SAMPLE_NETWORK);

describe("The info page", () => {
  it("is test/golden/info-page.html (UPDATE_GOLDEN=1 npx mocha test/unit/deploy/info-page/render.test.ts rewrites it)", () => {
    if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, page);
    strictEqual(page, readFileSync(GOLDEN, "utf8"));
  });

  it("shows every component with its version", () => {
    const rows = [...page.matchAll(/<tr><th scope="row"><a [^>]*>(.+?)<\/a>.*\n<td><a [^>]*>(.+?)<\/a>/g)];
    deepStrictEqual(
      rows.map(([, name, version]) => `${name} ${version}`),
      [
        "Node v1.2.3+1",
        "Poet v0.10.10",
        "Smapp v0.2.9",
        "Testnet tap v0.1.3",
        "Explorer backend v0.0.21",
        "Explorer frontend v0.0.13",
        "Dashboard v0.0.7",
        "Monitoring v0.1.0",
        "go-spacecraft v0.1.7",
        "CLIWallet v0.1.12",
      ],
    );
  });

  it("shows beside a version what was pulled for its image, short, and whole in a title", () => {
    const [A, B] = ["a1", "b2"].map((two) => two.repeat(32)) as [string, string];
    const image = SAMPLE_NETWORK.versions.poet.image ?? "";
    const cellOf = (images?: InfoPageInput["images"], network: InfoPageInput = SAMPLE_NETWORK) =>
      /Poet<\/a><br><code>[^<]*<\/code><\/th>\n<td><a [^>]*>[^<]*<\/a>(.*)<\/td>/.exec(
        renderInfoPage({ ...network, ...(images && { images }) }),
      )?.[1];
    const shown = (digest: string) => `<br><code title="sha256:${digest}">sha256:${digest.slice(0, 12)}</code>`;
    strictEqual(cellOf([{ image, sha256: A }]), shown(A));
    strictEqual(
      cellOf([
        { image, sha256: A },
        { image, sha256: B },
      ]),
      shown(A) + shown(B),
      "its tag moved",
    );
    strictEqual(cellOf([{ image: "caddy:2", sha256: A }]), "");
    strictEqual(cellOf(), "", "a network of an older release");
    const poet = { ...SAMPLE_NETWORK.versions.poet, image: `spacemeshos/poet@sha256:${A}` };
    const pinned = { ...SAMPLE_NETWORK, versions: { ...SAMPLE_NETWORK.versions, poet } };
    strictEqual(cellOf([{ image: poet.image, sha256: A }], pinned), "", "its image says so itself");
  });

  it("fetches only the network's status and the edge's plot, and its policy allows nothing else", () => {
    deepStrictEqual(page.match(/<(iframe|object|embed|audio|video|base|form)\b|@import|url\(/g), null);
    deepStrictEqual(page.match(/ href="(?!https?:|#|data:)/g), null);
    const sources = [...page.matchAll(/ src="([^"]*)"/g)].map(([, url]) => url);
    deepStrictEqual(sources, ["https://discover.net.spacemesh.io/networks/1_2_3_1/simmer.svg"]);
    const policy = unescaped(/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "");
    match(policy, /^default-src 'none'; /);
    match(policy, /; connect-src https:\/\/api-v1-2-3-1\.net\.spacemesh\.io; /);
    match(policy, /; img-src data: https:\/\/discover\.net\.spacemesh\.io; /);
    for (const element of ["style", "script"]) {
      const text = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page)?.[1] ?? "";
      const digest = createHash("sha256").update(text).digest("base64");
      ok(policy.includes(`${element}-src 'sha256-${digest}'`), `${element} is not the one of the policy`);
    }
  });

  it("says which build it supersedes and why, also to the edge, as text", () => {
    const supersedes = { tag: "v1.2.3+1", why: `"<b>" & 'more'` };
    const page = renderInfoPage({ ...SAMPLE_NETWORK, supersedes });
    match(page, /Supersedes <a href="[^"]*\/networks\/1_2_3_1">v1\.2\.3\+1<\/a>: &#34;&#60;b&#62;/);
    deepStrictEqual(supersededByPage(page), supersedes);
    strictEqual(supersededByPage(renderInfoPage(SAMPLE_NETWORK)), undefined);
  });

  it("of a channel shows the release, the build, and the address of the build's own page", () => {
    const page = renderInfoPage({ ...SAMPLE_NETWORK, channel: { name: "testnet", release: "v1.2.3" } });
    strictEqual(/<title>(.*)<\/title>/.exec(page)?.[1], "Spacemesh testnet: v1.2.3");
    strictEqual(/<h1>(.*)<\/h1>/.exec(page)?.[1], "v1.2.3 <small>build v1.2.3+1</small>");
    match(
      page,
      /The page of v1\.2\.3\+1 stays at <a href="https:\/\/discover\.net\.spacemesh\.io\/networks\/1_2_3_1">/,
    );
    doesNotMatch(page, /without a simmer certificate/);
  });

  it("shows the plot of the simmer in a place of its size, also for a channel", () => {
    const ofChannel = renderInfoPage({ ...SAMPLE_NETWORK, channel: { name: "testnet", release: "v1.2.3" } });
    for (const text of [page, ofChannel])
      match(
        text,
        /<h2 id="simmer-title">Simmer<\/h2>.*<img src="[^"]+" width="\d+" height="\d+"\nalt="Plot of .*v1\.2\.3\+1/s,
      );
  });

  it("of a channel shows the reason for a promotion without a certificate", () => {
    const channel = { name: "testnet", release: "v1.2.3", reason: "fixes <a> fork" };
    const notice = /<p class="notice">(.*)<\/p>/.exec(renderInfoPage({ ...SAMPLE_NETWORK, channel }))?.[1];
    strictEqual(notice, "<strong>Promoted without a simmer certificate:</strong> fixes &#60;a&#62; fork");
  });

  it("shows the TLS option of CLIWallet only with TLS", () => {
    const plain = { ...SAMPLE_NETWORK.endpoints, grpc: "http://api.example:8080/" };
    const withoutTls = renderInfoPage({ ...SAMPLE_NETWORK, endpoints: plain });
    match(page, /cli_wallet_linux_amd64 -secure \\\n {2}-server api-v1-2-3-1\.net\.spacemesh\.io:443</);
    match(withoutTls, /cli_wallet_linux_amd64 \\\n {2}-server api\.example:8080</);
  });

  it("shows every value as text, whatever it holds", () => {
    const plain = tagsOf(renderInfoPage(withText("x")));
    fc.assert(
      fc.property(hostileText(), (text) => {
        deepStrictEqual(tagsOf(renderInfoPage(withText(text))), plain);
      }),
    );
  });

  it("passes its address to the script as it is, whatever it holds", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const data = /data-live="([^"]*)"/.exec(renderInfoPage(withText(text)))?.[1] ?? "";
        deepStrictEqual(JSON.parse(unescaped(data)), {
          url: `https://h/${text}v1/node/status`,
          layerDuration: SAMPLE_NETWORK.facts.layerDuration,
          effectiveGenesis: 2 * SAMPLE_NETWORK.facts.layersPerEpoch,
        });
      }),
    );
  });

  it("links only to web addresses", () => {
    const endpoints = { ...SAMPLE_NETWORK.endpoints, explorer: "javascript:alert(1)" };
    deepStrictEqual(renderInfoPage({ ...SAMPLE_NETWORK, endpoints }).match(/href="javascript/g), null);
  });
});

describe("The info page of a network of today", () => {
  const golden = join(__dirname, "../../../golden/info-page-today.html");
  const today = renderInfoPage(SAMPLE_TODAY);
  const withHrp = (hrp: string) => renderInfoPage({ ...SAMPLE_TODAY, facts: { ...SAMPLE_TODAY.facts, hrp } });

  it("is test/golden/info-page-today.html (UPDATE_GOLDEN=1 rewrites it)", () => {
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, today);
    strictEqual(today, readFileSync(golden, "utf8"));
  });

  it("starts nodes with today's flags, and none of those that end today's node", () => {
    match(today, /docker run .*\n.*\n.*\n {2}-c \/network\/config\.json \\\n {2}-d \/network\/data</);
    match(today, /\.\/go-spacemesh -c v1-2-3-1\.json \\\n {2}-d v1-2-3-1 --smeshing-start/);
    doesNotMatch(today, /--(grpc|json)-port|--tcp-port|--json-server|--test-mode|cli_wallet/);
  });

  it("shows at which addresses nodes find the network, by which prefix accounts are known, and no network id", () => {
    for (const address of SAMPLE_TODAY.facts.p2p ?? []) match(today, new RegExp(`<code>${address}</code>`));
    match(today, /smcli wallet read --hrp stest /);
    match(today, /<dt>Addresses<\/dt><dd><code>stest1…<\/code>/);
    doesNotMatch(today, /Network id|Dashboard feed|wss:/);
  });

  it("says that nobody outside can join when no node has an address, and shows no node of one's own", () => {
    const closed = renderInfoPage({ ...SAMPLE_TODAY, facts: { ...SAMPLE_TODAY.facts, p2p: [] } });
    match(closed, /Nobody outside its cluster can join <strong>v1\.2\.3\+1<\/strong> with a node/);
    match(closed, /choose\n<strong>v1\.2\.3\+1<\/strong> as a wallet without a node\./);
    doesNotMatch(closed, /docker run|\.\/go-spacemesh|--smeshing|Peer 1/);
    doesNotMatch(today, /Nobody outside|without a node/);
  });

  it("names the components that a network of today has", () => {
    const names = [...today.matchAll(/<tr><th scope="row"><a [^>]*>(.+?)<\/a>/g)].map(([, name]) => name);
    deepStrictEqual(names, [
      ...["Node", "Poet", "Smapp", "Testnet tap", "Explorer statistics", "Explorer frontend", "Dashboard", "smcli"],
    ]);
  });

  it("leads to the tap where the network has one, not where a channel's names alone do", () => {
    match(today, /<li><a href="https:\/\/tap-v1-2-3-1\.net\.spacemesh\.io\/">Tap<\/a><\/li>/);
    match(today, /<dt>Tap<\/dt>/);
    const { tap: _, ...facts } = SAMPLE_TODAY.facts;
    doesNotMatch(renderInfoPage({ ...SAMPLE_TODAY, facts }), /tap-v1-2-3-1/);
  });

  it("says that Smapp has no wallet for other prefixes than it knows", () => {
    doesNotMatch(withHrp("sm"), /no wallet of it/);
    match(
      withHrp("standalone"),
      /here they begin\nwith <code>standalone1<\/code>: it shows the network, and no wallet/,
    );
  });
});

/** Text with much that means something in HTML, attributes, scripts or styles. */
const hostileText = () =>
  fc
    .array(fc.oneof(fc.constantFrom("<", ">", '"', "'", "&", "`", "</script>", "<!--", "</style>"), fc.string()))
    .map((parts) => `x${parts.join("")}`);

/** The sample with the text in every string but the tag, which has a form of its own; addresses stay of the web. */
function withText(text: string): InfoPageInput {
  const replaced = (value: unknown): unknown => {
    if (typeof value === "string") return value.startsWith("http") ? `https://h/${text}` : text;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaced(entry)]));
  };
  const channel = { name: "testnet", release: "v1.2.3", reason: "a reason" };
  return replaced({ ...SAMPLE_NETWORK, channel }) as InfoPageInput;
}

/** The names of all tags and their attributes, in order. */
const tagsOf = (markup: string): string[] =>
  [...markup.matchAll(/<[!/]?[a-z][^>]*>|<!--/gi)].map(([tag]) => tag.replace(/="[^"]*"/g, ""));

const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
