import type { HttpAnswer } from "../clients/http";
import type { Run } from "../lib/run";
import { sha256Of } from "../lib/sha256";
import type { Look } from "../lib/wait";
import { PAGE_DIGEST } from "../model/edge";

type PageAnswer = Pick<HttpAnswer, "status" | "body"> & Partial<Pick<HttpAnswer, "headers">>;

/** A page that is ours, with a warning when the zone changed it on its way; or what was seen instead. */
export type SeenPage = { readonly value: true; readonly warning?: string } | { readonly seen: string };

/**
 * Whether a page is the one of a SHA-256. A zone at Cloudflare may change HTML on its way, by settings that are on by
 * default or one click away. Such a page is still ours when the edge says so in a header that the zone leaves alone, or
 * when it is ours again without what the zone put in.
 * @param sha256 in hexadecimal
 */
export function samePage(answer: PageAnswer, sha256: string): SeenPage {
  const { status, body } = answer;
  if (status !== 200) return { seen: `it answers ${status}` };
  if (sha256Of(body) === sha256) return { value: true };
  if (!isSentAs(answer, sha256) && !unchanged(body).some((text) => sha256Of(text) === sha256))
    return { seen: "it serves another page" };
  return { value: true, warning: `it is changed on its way by ${settingIn(body)} of the zone` };
}

/** The same for a wait. It says each warning once. */
export function lookAtPage(url: string, sha256: string, { say }: Pick<Run, "say">) {
  return (answer: PageAnswer): Look<true> => {
    const look = samePage(answer, sha256);
    if ("warning" in look) say(`${url}: ${look.warning}; switch it off there for pages that arrive as written`);
    return look;
  };
}

/** Whether the edge sent a page, by its own header. An edge from before that header tells a part in its tag. */
function isSentAs({ headers = {} }: PageAnswer, sha256: string): boolean {
  const tag = /^(?:W\/)?"([0-9a-f]{32})"$/.exec(headers.etag ?? "")?.[1];
  return headers[PAGE_DIGEST] === sha256 || (tag !== undefined && sha256.startsWith(tag));
}

/** Longest page that is searched for what a zone put in, in characters. Ours has 30,000. */
const LONGEST = 2_000_000;

/** A script, with a line end before or after. Its end is the first one that follows. */
const SCRIPT = /<script\b[^<>]{0,2000}>/g;

/** What marks a script as Cloudflare's. */
const INJECTED = /cdn-cgi\/|\bbeacon(\.min)?\.js\b|rocket-loader|__cf/i;

/** An address that Cloudflare hid: the first byte hides the others. */
const HIDDEN = /<(a|span)( [^<>]{0,1500})>[^<]{0,100}<\/\1>/g;

/** The hidden address in the attributes of an element. */
const hiddenIn = (attributes: string): string | undefined =>
  / class="__cf_email__"/.test(attributes) ? / data-cfemail="([0-9a-f]{2,600})"/.exec(attributes)?.[1] : undefined;

/** The page without what Cloudflare's settings put into it, in the forms in which it may have been before. */
function unchanged(body: string): string[] {
  if (body.length > LONGEST) return [];
  const text = body.replace(HIDDEN, (whole: string, _, attributes: string) => {
    const hidden = hiddenIn(attributes);
    return hidden === undefined ? whole : emailIn(hidden);
  });
  return [withoutScripts(text, "none"), withoutScripts(text, "after"), withoutScripts(text, "before")];
}

/** @param line which line end goes with each script */
function withoutScripts(body: string, line: "none" | "after" | "before"): string {
  let kept = "";
  let from = 0;
  for (const { index, 0: opening } of body.matchAll(SCRIPT)) {
    if (index < from) continue;
    const close = body.indexOf("</script>", index);
    const end = close < 0 ? index + opening.length : close + "</script>".length;
    if (!INJECTED.test(body.slice(index, end))) continue;
    kept += line === "before" ? body.slice(from, index).replace(/\n$/, "") : body.slice(from, index);
    from = line === "after" && body[end] === "\n" ? end + 1 : end;
  }
  return kept + body.slice(from);
}

function emailIn(hidden: string): string {
  const [key = 0, ...bytes] = Buffer.from(hidden, "hex");
  return Buffer.from(bytes.map((byte) => byte ^ key)).toString();
}

/** Settings of a zone that change HTML, by what they leave in a page (Cloudflare's docs). */
const SETTINGS: readonly (readonly [mark: RegExp, setting: string])[] = [
  [/challenge-platform|__CF\$cv/, "Bot Fight Mode (JavaScript Detections)"],
  [/\bbeacon(\.min)?\.js\b/, "Web Analytics (automatic setup)"],
  [/__cf_email__|email-protection|email-decode/, "Email Address Obfuscation (Scrape Shield)"],
  [/rocket-loader/, "Rocket Loader"],
];

const settingIn = (body: string): string => {
  const found = SETTINGS.filter(([mark]) => mark.test(body)).map(([, setting]) => setting);
  return found.length > 0 ? `the setting ${found.join(" and ")}` : "a setting for HTML";
};
