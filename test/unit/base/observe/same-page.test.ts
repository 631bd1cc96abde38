import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentAnswer } from "../../../../edge/answer";
import { runWith } from "../../../../infra/base/lib/run";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { PAGE_DIGEST } from "../../../../infra/base/model/edge";
import { samePage } from "../../../../infra/base/observe/same-page";
import { pageServed } from "../../../../infra/deploy/info-page/served";
import { GOLDEN, trial } from "../../../support/checkout";
import { refusesLater } from "../../../support/errors";
import { QuickClock } from "../../../support/late-kv";

const read = (name: string): string => readFileSync(join(trial("T26"), name), "utf8");
const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");
const PAGE = read("page.html");
const SHA256 = sha256Of(PAGE);
const CHANGED = [
  ["beacon", "Web Analytics"],
  ["bot-script", "Bot Fight Mode"],
  ["hidden-mail", "Email Address Obfuscation"],
] as const;

/** Hides an address as Cloudflare does: the first byte hides the others. */
const hidden = (email: string): string => {
  const hex = Buffer.from([0x5a, ...[...Buffer.from(email)].map((byte) => byte ^ 0x5a)]).toString("hex");
  return `<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="${hex}">[email&#160;protected]</a>`;
};

describe("a page that its zone changed on its way (T26)", () => {
  for (const [name, setting] of CHANGED)
    it(`is ours when the edge says so (${name}), and the setting is named`, () => {
      const look = samePage(
        { status: 200, body: read(`served-${name}.html`), headers: { [PAGE_DIGEST]: SHA256 } },
        SHA256,
      );
      ok("warning" in look && look.warning?.includes(setting), JSON.stringify(look));
      const etag = `W/"${SHA256.slice(0, 32)}"`;
      ok("value" in samePage({ status: 200, body: read(`served-${name}.html`), headers: { etag } }, SHA256));
    });

  for (const [name, setting] of CHANGED.slice(0, 2))
    it(`is ours without the script that was put in (${name}), whatever the headers`, () => {
      const look = samePage({ status: 200, body: read(`served-${name}.html`) }, SHA256);
      ok("warning" in look && look.warning?.includes(setting), JSON.stringify(look));
    });

  it("is ours with the addresses that were hidden", () => {
    const served = PAGE.replace("release@example.org", hidden("release@example.org"));
    const look = samePage({ status: 200, body: served }, SHA256);
    ok("warning" in look && look.warning?.includes("Email Address Obfuscation"), JSON.stringify(look));
  });

  it("is another one when a word, or a script of its own, is another one", () => {
    const other = { seen: "it serves another page" };
    const changes = [
      PAGE.replace("v1.2.3", "v1.2.4"),
      PAGE.replace("<script>1</script>", "<script>2</script>"),
      PAGE.replace("<script>1</script>", ""),
      read("served-beacon.html").replace("v1.2.3", "v1.2.4"),
    ];
    for (const body of changes) deepStrictEqual(samePage({ status: 200, body }, SHA256), other);
    const headers = { [PAGE_DIGEST]: sha256Of("another"), etag: '"no"' };
    deepStrictEqual(samePage({ status: 200, body: read("served-beacon.html").slice(1), headers }, SHA256), other);
    strictEqual("seen" in samePage({ status: 503, body: PAGE, headers: { [PAGE_DIGEST]: SHA256 } }, SHA256), true);
  });

  it("passes a deployment with a warning, and another page still fails one", async () => {
    const lines: string[] = [];
    const run = runWith({ clock: new QuickClock(), say: (line) => lines.push(line) });
    const options = {
      tag: parseBuildTag("v1.2.3+1"),
      pageUrl: "http://v1-2-3-1.example.org/",
      discoveryUrl: "http://discover.example.org/",
      sha256: SHA256,
      names: { servers: [], zone: "example.org" },
      limit: 600,
    };
    await pageServed(options, run, async () => ({ status: 200, body: read("served-beacon.html") }));
    match(lines.join("\n"), /the setting Web Analytics \(automatic setup\) of the zone/);
    const other = pageServed(options, run, async () => ({ status: 200, body: "<html>" }));
    await refusesLater(other, "WaitTimedOut", { names: ["it serves another page"] });
  });
});

describe("a page of the edge", () => {
  it("has its digest in a header of its own, and a policy that runs no script of another host", async () => {
    const answer = await contentAnswer({ type: "html", body: PAGE }, new Request("http://discover.example.org/"));
    strictEqual(answer.headers.get(PAGE_DIGEST), SHA256);
    match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'.*script-src 'unsafe-inline';/);
  });

  it("asks Cloudflare to leave the addresses in an info page alone", () => {
    const page = readFileSync(join(GOLDEN, "info-page.html"), "utf8");
    match(page, /<body><!--email_off-->[\s\S]*<!--\/email_off-->\n<script>/);
  });
});
