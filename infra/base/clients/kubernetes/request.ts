import { setMaxListeners } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { boundedText, LIMITS } from "../../lib/bounded";
import { UserError } from "../../lib/errors";
import { lastLine } from "../../lib/exec";
import { parsedObject } from "../../lib/json";
import { type Credential, parseKubeconfig } from "./kubeconfig";
import { openCredentials } from "./own-credential";

/** Longest silence of the API during a request, in milliseconds. */
const SILENCE = 120_000;

/** An answer of the API that is not the expected one. */
export class ApiError extends Error {
  /** @param reason of a Status of the API server, e.g. `NotFound`; absent in what it passes on from a Service */
  constructor(
    readonly status: number,
    message: string,
    readonly reason?: string,
  ) {
    super(message);
  }
}

/** A request. The body of a PATCH is one of server-side apply (kubernetes.io, "Server-Side Apply"). */
export interface Ask {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: string;
  /** Time limit until the answer is complete, in milliseconds. Without it only silence ends a request. */
  readonly timeout?: number;
}

/** JSON is YAML, and this is the only name that API servers before 1.33 know. */
const APPLY = "application/apply-patch+yaml";

/** Opens a cluster for requests. It sends each over its own connection, and gives the answer when it is a success. */
export function requestsTo(kubeconfig: string, signal: AbortSignal | undefined) {
  const config = parseKubeconfig(kubeconfig);
  if (signal) setMaxListeners(0, signal); // each request under way listens for the interrupt
  const { server, "certificate-authority-data": ca, "insecure-skip-tls-verify": unverified } = config.cluster;
  const tls = { ca: ca && Buffer.from(ca, "base64"), rejectUnauthorized: unverified !== true };
  const credentials = openCredentials(config);
  const { request } = server.startsWith("https:") ? https : http;

  const once = async ({ token, cert, key }: Credential, ask: Ask): Promise<http.IncomingMessage> => {
    const { method, path, body, timeout } = ask;
    const headers = {
      accept: "application/json, */*",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : contentOf(method, body)),
    };
    const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    return new Promise<http.IncomingMessage>((resolve, reject) => {
      const sent = request(server.replace(/\/$/, "") + path, {
        method,
        headers,
        agent: false,
        timeout: SILENCE,
        signal: limit && signal ? AbortSignal.any([limit, signal]) : (limit ?? signal),
        ...tls,
        cert,
        key,
      });
      sent.once("timeout", () => sent.destroy(timedOut(`${SILENCE / 1000} s`)));
      sent.once("response", (response) => {
        sent.removeAllListeners("timeout").once("timeout", () => response.destroy(timedOut(`${SILENCE / 1000} s`)));
        resolve(response);
      });
      sent.on("error", (error) => reject(limit?.aborted && !signal?.aborted ? timedOut(`${timeout} ms`) : error));
      sent.end(body);
    });
  };

  return async (ask: Ask): Promise<http.IncomingMessage> => {
    const credential = await credentials.get(signal);
    let answer = await once(credential, ask);
    // A server may forget a token that is good for another year. It refused the request, so it did nothing.
    if (answer.statusCode === 401 && credentials.renew) {
      answer.resume();
      credentials.renew(credential);
      answer = await once(await credentials.get(signal), ask);
      if (answer.statusCode === 401)
        throw refused(
          credentials.source,
          messageOf(await boundedText(answer, "The answer of the cluster's API", LIMITS.answer)),
        );
    }
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    const text = await boundedText(answer, "The answer of the cluster's API", LIMITS.answer);
    throw new ApiError(statusCode, messageOf(text) || `status ${statusCode}`, reasonOf(text));
  };
}

const contentOf = (method: Ask["method"], body: string) => ({
  "content-type": method === "PATCH" ? APPLY : "application/json",
  "content-length": Buffer.byteLength(body),
});

const refused = (source: string, message: string): UserError =>
  new UserError(
    "ClusterCredentialRefused",
    `The cluster's API refused two credentials of ${source} (401, ${lastLine(message) || "no reason given"}).`,
    `Check which account ${source} speaks for, and its permissions in the cluster.`,
  );

/** @param after `120 s` */
const timedOut = (after: string): Error => Object.assign(new Error(`no answer in ${after}`), { code: "ETIMEDOUT" });

/** The message of a Status object, or the body itself, since some answers are plain text. */
function messageOf(body: string): string {
  const status = parsedObject(body);
  if (!status) return body;
  return typeof status.message === "string" ? status.message : "";
}

/** The reason of a Status object; undefined for any other body (kubernetes.io, API concepts). */
function reasonOf(body: string): string | undefined {
  const status = parsedObject(body);
  return status?.kind === "Status" && typeof status.reason === "string" ? status.reason : undefined;
}
