import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { callDiscord, type DiscordAnswer, documentOf } from "./discord-call";
import { codeIn, phraseOf, retryAfter } from "./discord-refusal";

/** The outcome of posting a message. */
export type Posted =
  /** Discord shows the message. */
  | { readonly outcome: "sent"; readonly messageId: string }
  /** Discord does not show the message, and never will. */
  | { readonly outcome: "not-sent"; readonly why: string; readonly status?: number; readonly code?: number }
  /** Discord does not show the message, and refuses more for this time in seconds. */
  | { readonly outcome: "limited"; readonly retryAfter: number }
  /** Discord may show the message or not. */
  | { readonly outcome: "unknown"; readonly why: string };

/** The outcome of looking for a message: found with its title, missing, or neither is certain. */
export type MessageFound =
  | { readonly outcome: "found"; readonly title: string | undefined }
  | { readonly outcome: "missing" }
  | { readonly outcome: "unknown"; readonly why: string };

/** A Discord webhook. Its URL is a secret and appears in none of the texts that come from here. */
export interface Webhook {
  /** Posts one message. Never throws, because a failure is an outcome too. */
  post(message: unknown): Promise<Posted>;
  /** Looks for a message that this webhook posted. */
  find(messageId: string): Promise<MessageFound>;
}

/** Time limit of one call, in seconds. */
export const CALL_TIMEOUT = 30;

const PATH = /^\/api(\/v\d+)?\/webhooks\/\d+\/([\w-]+)$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Opens the webhook of a URL, without a request.
 * @param url `https://discord.com/api/webhooks/ID/TOKEN`, with `?thread_id=ID` for a thread; a secret
 * @param timeout time limit of one call, in seconds
 * @throws {UserError} when the URL is missing or has another form; the error does not show it
 */
export function openWebhook(url: string | undefined, timeout = CALL_TIMEOUT): Webhook {
  const { parsed, hidden } = placeIn(url);
  return {
    async post(message) {
      const target = new URL(parsed);
      target.searchParams.set("wait", "true"); // otherwise the answer comes before the message is stored, and has no id
      const answered = await callDiscord(target, timeout, JSON.stringify(message));
      return "why" in answered
        ? { outcome: answered.reached ? "unknown" : "not-sent", why: hidden(answered.why) }
        : outcomeOf(answered, hidden);
    },
    async find(messageId) {
      const target = new URL(parsed);
      target.pathname += `/messages/${messageId}`;
      const answered = await callDiscord(target, timeout);
      if ("why" in answered) return { outcome: "unknown", why: hidden(answered.why) };
      const document = documentOf(answered.body);
      if (answered.status === 200) return { outcome: "found", title: titleOf(document) };
      if (answered.status === 404 && document.code === UNKNOWN_MESSAGE) return { outcome: "missing" };
      return { outcome: "unknown", why: hidden(phraseOf(answered)) };
    },
  };
}

/**
 * Asks Discord how it calls a webhook, without a message (Discord docs, Get Webhook with Token).
 * @param timeout time limit, in seconds
 * @returns its name, or why Discord does not tell
 * @throws {UserError} as {@link openWebhook} does
 */
export async function lookAtWebhook(
  url: string | undefined,
  timeout: number,
): Promise<{ readonly name: string } | { readonly why: string }> {
  const { parsed, hidden } = placeIn(url);
  parsed.search = ""; // the thread of a message is none of the webhook's
  const answered = await callDiscord(parsed, timeout);
  if ("why" in answered) return { why: hidden(answered.why) };
  const { name } = documentOf(answered.body);
  if (answered.status === 200 && typeof name === "string") return { name: hidden(name) };
  return { why: hidden(phraseOf(answered)) };
}

/** Reads the URL of a webhook. @throws {UserError} as {@link openWebhook} does */
function placeIn(url: string | undefined) {
  if (!url) {
    throw new UserError(
      "WebhookMissing",
      "DISCORD_WEBHOOK is not set.",
      "Set it to the URL of the Discord webhook, https://discord.com/api/webhooks/ID/TOKEN.",
      2,
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const token = parsed && tokenOf(parsed);
  if (!parsed || !token) {
    throw new UserError(
      "WebhookInvalid",
      "DISCORD_WEBHOOK (not shown) is not the URL of a webhook.",
      "Set it to the URL of the Discord webhook, https://discord.com/api/webhooks/ID/TOKEN.",
      2,
    );
  }
  // A server may repeat the path of a request, which holds the token.
  const hidden = (text: string): string => text.replaceAll(token, "***");
  return { parsed, hidden };
}

/** The token of a webhook's URL; undefined for any other. Only a URL of this machine may lack TLS. */
function tokenOf({ protocol, hostname, pathname, search, username, password, hash }: URL): string | undefined {
  const safe = protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
  const plain = username === "" && password === "" && hash === "" && /^(\?thread_id=\d+)?$/.test(search);
  return safe && plain ? PATH.exec(pathname)?.[2] : undefined;
}

/** Reads the answer to a message (Discord docs, Webhook resource; HTTP and JSON error codes; rate limits). */
function outcomeOf(answer: DiscordAnswer, hidden: (text: string) => string): Posted {
  const { status } = answer;
  const document = documentOf(answer.body);
  const code = codeIn(answer);
  if (status === 429) return { outcome: "limited", retryAfter: retryAfter(answer) };
  if (status === 200 && typeof document.id === "string") return { outcome: "sent", messageId: document.id };
  // 4xx: refused. These redirections ask to send it to another place, which must not get a secret URL.
  if ((status >= 400 && status < 500) || [301, 302, 307, 308].includes(status))
    return { outcome: "not-sent", why: hidden(phraseOf(answer)), status, ...(code !== undefined && { code }) };
  const why = status === 204 ? "HTTP 204, without the id of the message" : hidden(phraseOf(answer));
  return { outcome: "unknown", why };
}

/** Discord docs, Opcodes and Status Codes, JSON error codes. */
const UNKNOWN_MESSAGE = 10008;

function titleOf({ embeds }: Readonly<Record<string, unknown>>): string | undefined {
  const first: unknown = Array.isArray(embeds) ? embeds[0] : undefined;
  return isObject(first) && typeof first.title === "string" ? first.title : undefined;
}
