import { PAGE_DIGEST } from "../infra/base/model/edge";

/** The content of a path: text of one media type. */
export interface Content {
  readonly body: string;
  readonly type: "json" | "html" | "svg";
}

/** Wallets and frontends on any origin read the network list. */
const ANY_ORIGIN = { "access-control-allow-origin": "*", "access-control-expose-headers": "etag" };
const ALLOW = "GET, HEAD, OPTIONS";
/** Everybody sees a change after a minute. KV needs a minute to spread a write, too. */
const CACHE = "public, max-age=60, stale-while-revalidate=300";
/** Stored pages must arrive as they are written: zones can add scripts to HTML, hide mail addresses in it, or shorten it. */
const AS_IT_IS = "no-transform";
/** Seconds that browsers keep to TLS, 30 days: a channel's host can go back to plain HTTP after that. */
const STRICT_TLS = "max-age=2592000";
const NO_MORE = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
/**
 * Pages contain their own style and script, ask the network's hosts for its status, and show pictures of the edge.
 * Nothing else is allowed. A page at a channel's host takes the pictures from another host.
 */
const pagePolicy = (pictures: string): string =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "script-src 'unsafe-inline'",
    "connect-src * ws: wss:",
    `img-src 'self' data:${pictures}`,
    ...NO_MORE,
  ].join("; ");
/** A picture contains its own style and no script. */
const PICTURE_POLICY = ["default-src 'none'", "style-src 'unsafe-inline'", ...NO_MORE].join("; ");

/**
 * Cacheable content. The answer is 304 without a body when the client has it already.
 * @param edgeUrl public URL of the edge, whose pictures a page may show
 */
export async function contentAnswer(content: Content, request: Request, edgeUrl?: string): Promise<Response> {
  const sha256 = await digest(content.body);
  const etag = `"${sha256.slice(0, 32)}"`;
  const cached = { "cache-control": CACHE, etag, [PAGE_DIGEST]: sha256 };
  const own = content.type === "html" ? ofPage(request) : {};
  const headers = { ...headersOf(content.type, edgeUrl), ...cached, ...own };
  if (isCurrent(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : content.body, { headers });
}

const ofPage = (request: Request): Record<string, string> => ({
  "cache-control": `${CACHE}, ${AS_IT_IS}`,
  ...(request.url.startsWith("https:") ? { "strict-transport-security": STRICT_TLS } : {}),
});

/** JSON that must not be cached, such as an error. */
export function freshAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  const fresh = { ...headersOf("json"), "cache-control": "no-store", ...headers };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: fresh });
}

/** A page that must not be cached. */
export const freshPage = (status: number, body: string): Response =>
  new Response(body, { status, headers: { ...headersOf("html"), "cache-control": "no-store" } });

/** A picture that must not be cached. Browsers show the picture of a missing one, too. */
export const freshPicture = (status: number, body: string): Response =>
  new Response(body, { status, headers: { ...headersOf("svg"), "cache-control": "no-store" } });

/** The answer to a browser's question whether a page of another origin may read. */
export function preflightAnswer(): Response {
  const headers = { ...ANY_ORIGIN, allow: ALLOW, "access-control-allow-methods": ALLOW };
  const cached = { "access-control-allow-headers": "content-type, if-none-match", "access-control-max-age": "86400" };
  return new Response(null, { status: 204, headers: { ...headers, ...cached } });
}

/** The refusal of a method that would change something. */
export const methodAnswer = (method: string): Response =>
  freshAnswer(405, { error: `${method} is not allowed. This service is read-only.` }, { allow: ALLOW });

function headersOf(type: Content["type"], edgeUrl?: string): Record<string, string> {
  const common = { ...ANY_ORIGIN, "x-content-type-options": "nosniff" };
  if (type === "json") return { ...common, "content-type": "application/json; charset=utf-8" };
  if (type === "svg")
    return { ...common, "content-security-policy": PICTURE_POLICY, "content-type": "image/svg+xml; charset=utf-8" };
  const pictures = edgeUrl !== undefined && URL.canParse(edgeUrl) ? ` ${new URL(edgeUrl).origin}` : "";
  const page = {
    "content-security-policy": pagePolicy(pictures),
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
  };
  return { ...common, ...page, "content-type": "text/html; charset=utf-8" };
}

/** Whether the client's tags include this one. Weak tags count: a proxy that compresses makes tags weak. */
const isCurrent = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
