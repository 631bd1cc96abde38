import * as http from "node:http";
import * as https from "node:https";
import { UserError } from "../lib/errors";

/** An answer to an HTTP request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpCall {
  /** POSTed as JSON; a GET when left out. */
  readonly body?: string;
  /** IPv4 address to connect to; the URL's host is then only named, in the Host header and, with TLS, in SNI. */
  readonly address?: string;
  /** Keeps connections; without it each request has one of its own. */
  readonly agent?: http.Agent;
  /** Longest time until the answer is complete, in milliseconds. */
  readonly timeout: number;
}

/** A connection's look-up that has found the address already. */
export const at =
  (address: string): NonNullable<http.RequestOptions["lookup"]> =>
  (_host, options, done) =>
    options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4);

/**
 * One HTTP request, over a connection of its own unless an agent keeps them; redirects are answers too.
 * @throws {UserError} naming the URL, the address and what happened, when there is no complete answer in time.
 */
export function httpCall(url: string, { body, address, agent, timeout }: HttpCall): Promise<HttpAnswer> {
  const client = url.startsWith("https:") ? https : http;
  const signal = AbortSignal.timeout(timeout);
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) => {
      const why = signal.aborted ? `no answer in ${timeout} ms` : message;
      reject(new UserError(`${place(url, address)} does not answer: ${why}`));
    };
    const sent = client.request(url, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      agent: agent ?? false,
      lookup: address === undefined ? undefined : at(address),
      signal,
    });
    sent.on("error", fail).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("error", fail);
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.end(body);
  });
}

/**
 * The object that an answer of 200 holds as JSON. Pure.
 * @param who names the one who answers, as an error would: `the explorer`
 * @throws {UserError} with the status and the beginning of the body, for any other answer.
 */
export function jsonObject(
  who: string,
  { status, body }: Pick<HttpAnswer, "status" | "body">,
): Record<string, unknown> {
  if (status !== 200) throw new UserError(`${who} answers ${status}: ${beginning(body)}`);
  return parseObject(who, body);
}

/** The object in a JSON text. Pure. @throws {UserError} with the beginning of the text when it holds none. */
export function parseObject(who: string, text: string): Record<string, unknown> {
  const value = parsed(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UserError(`${who} does not answer with a JSON object: ${beginning(text)}`);
}

/** The list in a JSON text. Pure. @throws {UserError} with the beginning of the text when it holds none. */
export function parseArray(who: string, text: string): unknown[] {
  const value = parsed(text);
  if (Array.isArray(value)) return value;
  throw new UserError(`${who} does not answer with a JSON list: ${beginning(text)}`);
}

/** As much of a body as fits in one line of an error. */
export const beginning = (body: string): string => body.slice(0, 120).replace(/\s+/g, " ").trim() || "(empty)";

/** A URL, with the address where its host is looked for. */
export const place = (url: string, address: string | undefined): string => (address ? `${url} at ${address}` : url);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
