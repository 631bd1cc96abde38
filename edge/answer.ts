/** What a path holds: text of one media type. */
export interface Content {
  readonly body: string;
  readonly type: "json" | "html";
}

/** The list is a public API of wallets and frontends on any origin. */
const ANY_ORIGIN = { "access-control-allow-origin": "*", "access-control-expose-headers": "etag" };
const ALLOW = "GET, HEAD, OPTIONS";
/** A change is seen by all after a minute, which is also what KV needs to spread a write. */
const CACHE = "public, max-age=60, stale-while-revalidate=300";
/** Pages carry their own style and script and ask the network's own hosts how it is; nothing else is let in. */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "connect-src * ws: wss:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Content that may be cached; 304 without a body when the client has it already. */
export async function contentAnswer(content: Content, request: Request): Promise<Response> {
  const etag = `"${await digest(content.body)}"`;
  const headers = { ...headersOf(content.type), "cache-control": CACHE, etag };
  if (isCurrent(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : content.body, { headers });
}

/** JSON that is of this moment only, such as an error. */
export function freshAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  const fresh = { ...headersOf("json"), "cache-control": "no-store", ...headers };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: fresh });
}

/** A page that is of this moment only. */
export const freshPage = (status: number, body: string): Response =>
  new Response(body, { status, headers: { ...headersOf("html"), "cache-control": "no-store" } });

/** What a browser asks before it lets a page of another origin read an answer. */
export function preflightAnswer(): Response {
  const headers = { ...ANY_ORIGIN, allow: ALLOW, "access-control-allow-methods": ALLOW };
  const cached = { "access-control-allow-headers": "content-type, if-none-match", "access-control-max-age": "86400" };
  return new Response(null, { status: 204, headers: { ...headers, ...cached } });
}

/** A refusal of a method that would change something. */
export const methodAnswer = (method: string): Response =>
  freshAnswer(405, { error: `${method} is not allowed: this is read only` }, { allow: ALLOW });

function headersOf(type: Content["type"]): Record<string, string> {
  const common = { ...ANY_ORIGIN, "x-content-type-options": "nosniff" };
  if (type === "json") return { ...common, "content-type": "application/json; charset=utf-8" };
  const page = { "content-security-policy": PAGE_POLICY, "referrer-policy": "no-referrer" };
  return { ...common, ...page, "content-type": "text/html; charset=utf-8" };
}

/** Whether one of the tags a client has is this one; weak tags count, since proxies weaken tags when they compress. */
const isCurrent = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash).subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
