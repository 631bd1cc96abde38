import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { UserError } from "../lib/errors";
import { beginning } from "./http";

/** How a message that was posted ended. */
export type Posted =
  /** It is in the channel. */
  | { readonly outcome: "sent"; readonly messageId: string }
  /** It is not in the channel, and never will be. */
  | { readonly outcome: "not-sent"; readonly why: string; readonly status?: number }
  /** Not in the channel; Discord wants so many seconds of silence. */
  | { readonly outcome: "limited"; readonly retryAfter: number }
  /** It may be in the channel or not. */
  | { readonly outcome: "unknown"; readonly why: string };

/** What is known of a message: its title, that there is none, or why neither can be told. */
export type MessageFound =
  | { readonly outcome: "found"; readonly title: string | undefined }
  | { readonly outcome: "missing" }
  | { readonly outcome: "unknown"; readonly why: string };

/** A Discord webhook. Its URL is a secret and in none of the texts that come from here. */
export interface Webhook {
  /** Posts one message. Never throws: what has become of it is the answer. */
  post(message: unknown): Promise<Posted>;
  /** Looks for a message that was posted by this webhook. */
  find(messageId: string): Promise<MessageFound>;
}

/** Longest time of one call, in seconds. */
export const CALL_TIMEOUT = 30;

/** What `retry_after` is taken for when an answer of 429 has none, in seconds. */
const RETRY_AFTER = 5;

const PATH = /^\/api(\/v\d+)?\/webhooks\/\d+\/([\w-]+)$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Opens the webhook behind a URL; nothing is sent.
 * @param url `https://discord.com/api/webhooks/ID/TOKEN`, with `?thread_id=ID` for a thread; a secret
 * @param timeout longest time of one call, in seconds
 * @throws {UserError} when it is not set or of another form, without showing it
 */
export function openWebhook(url: string | undefined, timeout = CALL_TIMEOUT): Webhook {
  const form = "give it the URL of the Discord webhook, https://discord.com/api/webhooks/ID/TOKEN";
  if (!url) throw new UserError(`DISCORD_WEBHOOK is not set: ${form}`, 2);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const token = parsed && tokenOf(parsed);
  if (!parsed || !token) throw new UserError(`DISCORD_WEBHOOK (not shown) is not that of a webhook: ${form}`, 2);
  // A server may repeat the path it was asked for.
  const hidden = (text: string): string => text.replaceAll(token, "***");
  return {
    async post(message) {
      const target = new URL(parsed);
      target.searchParams.set("wait", "true"); // else the answer has no id, and comes before the message is kept
      const answered = await call(target, timeout, JSON.stringify(message));
      return "why" in answered
        ? { outcome: answered.reached ? "unknown" : "not-sent", why: hidden(answered.why) }
        : judged(answered, hidden);
    },
    async find(messageId) {
      const target = new URL(parsed);
      target.pathname += `/messages/${messageId}`;
      const answered = await call(target, timeout);
      if ("why" in answered) return { outcome: "unknown", why: hidden(answered.why) };
      const document = documentOf(answered.body);
      if (answered.status === 200) return { outcome: "found", title: titleOf(document) };
      if (answered.status === 404 && document.code === UNKNOWN_MESSAGE) return { outcome: "missing" };
      return { outcome: "unknown", why: hidden(saidOf(answered)) };
    },
  };
}

/** The token of a URL of the right form, which must not travel in the clear but on this machine. */
function tokenOf({ protocol, hostname, pathname, search, username, password, hash }: URL): string | undefined {
  const safe = protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
  const plain = username === "" && password === "" && hash === "" && /^(\?thread_id=\d+)?$/.test(search);
  return safe && plain ? PATH.exec(pathname)?.[2] : undefined;
}

interface DiscordAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** No answer, and whether there was ever a connection: without one nothing can have been sent. */
interface NoAnswer {
  readonly why: string;
  readonly reached: boolean;
}

/** One request over a connection of its own. An interrupt does not end it: what became of it would not be known. */
async function call(url: URL, timeout: number, body?: string): Promise<DiscordAnswer | NoAnswer> {
  const { request } = url.protocol === "https:" ? https : http;
  const signal = AbortSignal.timeout(timeout * 1000);
  let reached = false;
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const headers =
        body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request(url, { method: body === undefined ? "GET" : "POST", headers, agent: false, signal });
      sent.once("socket", (socket) => {
        socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
          reached = true;
        });
      });
      sent.once("response", resolve).on("error", reject).end(body);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { why: signal.aborted ? `no answer in ${timeout} s` : message || `${code}`, reached };
  }
}

/** What an answer to a message means (Discord docs, Webhook resource; HTTP and JSON error codes; rate limits). */
function judged(answer: DiscordAnswer, hidden: (text: string) => string): Posted {
  const { status } = answer;
  const document = documentOf(answer.body);
  if (status === 429) return { outcome: "limited", retryAfter: retryAfter(answer, document) };
  if (status === 200 && typeof document.id === "string") return { outcome: "sent", messageId: document.id };
  // 4xx: refused. The redirections of this kind ask to send it elsewhere, which a secret URL is not.
  if ((status >= 400 && status < 500) || [301, 302, 307, 308].includes(status))
    return { outcome: "not-sent", why: hidden(saidOf(answer)), status };
  return { outcome: "unknown", why: hidden(saidOf(answer)) };
}

/** Seconds to be silent: the body's `retry_after` has fractions where the header may be rounded. */
function retryAfter({ headers }: DiscordAnswer, { retry_after }: Readonly<Record<string, unknown>>): number {
  const told = [Number(headers["retry-after"]), Number(retry_after)].filter((seconds) => seconds >= 0);
  return told.length > 0 ? Math.max(...told) : RETRY_AFTER;
}

/** Discord docs, Opcodes and Status Codes, JSON error codes. */
const UNKNOWN_MESSAGE = 10008;

/** An answer in words. */
function saidOf({ status, body }: DiscordAnswer): string {
  const { message, code } = documentOf(body);
  if (typeof message !== "string") return `HTTP ${status}: ${beginning(body)}`;
  return `HTTP ${status}: ${beginning(message)}${code === undefined ? "" : ` (code ${String(code)})`}`;
}

function titleOf({ embeds }: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = Array.isArray(embeds) ? (embeds as { title?: string }[]) : [];
  return first?.title;
}

/** The object that a body holds; an empty one when it holds none. */
function documentOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
