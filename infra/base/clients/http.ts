import * as http from "node:http";
import * as https from "node:https";
import { boundedText, LIMITS } from "../lib/bounded";
import { beginningOf } from "../lib/cut";
import { UserError } from "../lib/errors";
import { parsedJson, parsedObject } from "../lib/json";

/** An answer to an HTTP request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpCall {
  /** Sent with POST as JSON; without it the request is a GET. */
  readonly body?: string;
  /** IPv4 address to connect to. The URL's host then goes only into the Host header and, with TLS, into SNI. */
  readonly address?: string;
  /** Keeps connections. Without it each request has its own. */
  readonly agent?: http.Agent;
  /** Most bytes of the answer's body; {@link LIMITS.answer} by default. */
  readonly limit?: number;
  /** Time limit until the answer is complete, in milliseconds. */
  readonly timeout: number;
}

/** A lookup function for connections that gives a known IPv4 address for any host. */
export const at =
  (address: string): NonNullable<http.RequestOptions["lookup"]> =>
  (_host, options, done) =>
    options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4);

/**
 * Sends one HTTP request. A redirect is an answer like any other.
 * @throws {UserError} with the URL, the address and the reason, when there is no complete answer in time, or it is too large
 */
export function httpCall(
  url: string,
  { body, address, agent, timeout, limit = LIMITS.answer }: HttpCall,
): Promise<HttpAnswer> {
  const client = url.startsWith("https:") ? https : http;
  const signal = AbortSignal.timeout(timeout);
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) => {
      const reason = signal.aborted ? `no answer in ${timeout} ms` : message;
      reject(
        new UserError(
          "ServiceSilent",
          `${place(url, address)} does not answer (${reason}).`,
          "Check that the service runs and is reachable.",
        ),
      );
    };
    const sent = client.request(url, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      agent: agent ?? false,
      lookup: address === undefined ? undefined : at(address),
      signal,
    });
    sent.on("error", fail).on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      boundedText(response, `The answer of ${place(url, address)}`, limit).then(
        (text) => resolve({ status, headers, body: text }),
        (error: Error) => (error instanceof UserError ? reject(error) : fail(error)),
      );
    });
    sent.end(body);
  });
}

/**
 * Reads the JSON object of an answer with status 200.
 * @param who answers, as an error names it: `the explorer`
 * @throws {UserError} with the status and the start of the body, for any other answer
 */
export function jsonObject(
  who: string,
  { status, body }: Pick<HttpAnswer, "status" | "body">,
): Readonly<Record<string, unknown>> {
  if (status === 200) return parseObject(who, body);
  throw new UserError(
    "AnswerUnexpected",
    `Expected status 200 from ${who}, got ${status}: ${beginning(body)}.`,
    "Check the log of the service.",
  );
}

/** Reads a JSON object. @throws {UserError} with the start of the text when it is no object */
export function parseObject(who: string, text: string): Readonly<Record<string, unknown>> {
  const value = parsedObject(text);
  if (value) return value;
  throw unexpected("a JSON object", who, text);
}

/** Reads a JSON list. @throws {UserError} with the start of the text when it is no list */
export function parseArray(who: string, text: string): unknown[] {
  const value = parsedJson(text);
  if (Array.isArray(value)) return value;
  throw unexpected("a JSON list", who, text);
}

/** A number of an answer, also one that is written as text; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? Number(value) : undefined;
}

/**
 * The error for an answer of another form.
 * @param expected form, with its article: `a JSON list`
 * @param who answered: `the explorer`
 */
export const unexpected = (expected: string, who: string, text: string): UserError =>
  new UserError(
    "AnswerUnexpected",
    `Expected ${expected} from ${who}, got: ${beginning(text)}.`,
    "Check the version and the log of the service.",
  );

/** The start of a body, as one line of an error shows it. */
export const beginning = (body: string): string => beginningOf(body, 120).replace(/\s+/g, " ").trim() || "(empty)";

/** A URL, with the address at which its host was called. */
const place = (url: string, address: string | undefined): string => (address ? `${url} at ${address}` : url);
