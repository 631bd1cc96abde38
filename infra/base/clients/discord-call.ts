import * as http from "node:http";
import * as https from "node:https";
import { boundedText, LIMITS } from "../lib/bounded";
import { parsedObject } from "../lib/json";

/** A complete answer of Discord. */
export interface DiscordAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** No answer. Without a connection, nothing can have been sent. */
export interface NoAnswer {
  readonly why: string;
  /** Whether there was a connection. */
  readonly reached: boolean;
}

/**
 * Sends one request over its own connection. An interrupt does not end it, since its outcome would be unknown.
 * @param timeout time limit, in seconds
 * @param body JSON to post; without it the request is a GET
 */
export async function callDiscord(url: URL, timeout: number, body?: string): Promise<DiscordAnswer | NoAnswer> {
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
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await boundedText(response, "The answer of Discord", LIMITS.answer),
    };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { why: signal.aborted ? `no answer in ${timeout} s` : message || `${code}`, reached };
  }
}

/** The object that a body holds; an empty one when it holds none. */
export const documentOf = (body: string): Readonly<Record<string, unknown>> => parsedObject(body) ?? {};
