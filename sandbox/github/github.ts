import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type HttpListening, sendJson, serveHttp, urlOf } from "../chain/serve-http";
import { type ApiParts, answerOf } from "./api";
import { Documents } from "./documents";
import { GithubFaultFile, type GithubFaults } from "./faults";
import { type Held, Holds, type Matching } from "./holds";
import type { Token } from "./routes";
import { type Comment, GithubFile, type GithubState, type Pull } from "./state";
import { pullPage } from "./web";

export interface GithubOptions {
  /** Port on 127.0.0.1; 0 takes any free port. */
  readonly port: number;
  /** Whose tokens are accepted. */
  readonly tokens: Readonly<Record<string, Token>>;
  /** Folder that keeps the state over restarts and holds `faults.json`. */
  readonly folder: string;
}

/** A request to the API that was answered. */
export interface Served {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A running stand-in of GitHub. */
export interface Github {
  /** Base of its API, for GITHUB_API_URL, and of its pages: `/OWNER/NAME/pull/NUMBER`. */
  readonly url: string;
  /** What it knows; also served at `GET /sandbox/state`. */
  readonly state: Readonly<GithubState>;
  /** All requests to the API so far, in the order of their answers. */
  readonly served: readonly Served[];
  /** Requests and answers that break GitHub's own description; also served at `GET /sandbox/mistakes`. */
  readonly mistakes: readonly string[];
  /** Opens a pull request, or changes parts of one; also `PUT /sandbox/OWNER/NAME/pull/NUMBER`. */
  put(repository: string, number: number, parts: Partial<Pull>): Pull;
  /** Adds a comment of anybody. */
  comment(repository: string, issue: number, author: string, body: string): Comment;
  /** Sets the faults; has the same effect as writing `faults.json`. */
  setFaults(faults: GithubFaults): void;
  /** Holds the next request that matches: before it takes effect, or with its effect but without its answer. */
  hold(matching: Matching, at: "request" | "answer"): Held;
  close(): Promise<void>;
}

/**
 * Starts the part of GitHub's REST API that previews use. Every request and every answer is checked against GitHub's
 * own description. @throws when the port is in use or the folder's state cannot be read
 */
export async function startGithub({ port, tokens, folder }: GithubOptions): Promise<Github> {
  const file = new GithubFile(folder);
  const faults = new GithubFaultFile(folder);
  const holds = new Holds();
  const served: Served[] = [];
  const mistakes: string[] = [];

  const api = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const method = request.method ?? "GET";
    const seen = { method, path: url.pathname, body: await text(request) };
    await holds.pass(seen, "request");
    loaded ??= load();
    const answer = answerOf(request, url, seen.body, { ...(await loaded), tokens, mistakes });
    await holds.pass(seen, "answer");
    served.push({ method, path: url.pathname, status: answer.status });
    if (answer.isLost) return void request.socket.destroy();
    if (answer.link) response.setHeader("link", answer.link);
    if (answer.retryAfter !== undefined) response.setHeader("retry-after", `${answer.retryAfter}`);
    if (answer.body === undefined) response.writeHead(answer.status).end();
    else sendJson(response, answer.status, answer.body);
  };

  /** What is not GitHub's API: pages for people, and the state for tests and the sandbox. */
  const own = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (path === "/sandbox/state") return sendJson(response, 200, file.state);
    if (path === "/sandbox/mistakes") return sendJson(response, 200, mistakes);
    const [, repository = "", number = ""] = PULL.exec(path) ?? [];
    if (path.startsWith("/sandbox/") && request.method === "PUT") {
      return sendJson(response, 200, file.put(repository, Number(number), JSON.parse(await text(request))));
    }
    const pull = file.pull(repository, Number(number));
    if (!pull) return sendJson(response, 404, { message: "Not Found" });
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(await pullPage(pull, file.state));
  };

  const server: HttpListening = await serveHttp("127.0.0.1", port, (request, response) => {
    const { pathname, search } = urlOf(request);
    const isOwn = pathname.startsWith("/sandbox/") || PULL.test(pathname);
    const answer = isOwn ? own(request, response, pathname) : api(request, response, new URL(pathname + search, url));
    answer.catch((error: Error) => {
      mistakes.push(`${request.method} ${pathname}: ${error.message}`);
      sendJson(response, 500, { message: "Server Error" });
    });
  });
  const url = `http://127.0.0.1:${server.port}`;
  /** The first request loads the description and its judge. They would make each start of a sandbox slower. */
  let loaded: Promise<Pick<ApiParts, "contract" | "world">> | undefined;
  const load = async () => {
    const { GithubContract } = await import("./contract.js");
    const contract = new GithubContract();
    const documents = new Documents(contract, url);
    return { contract, world: { file, faults, documents, before: file.state.comments } };
  };
  return {
    url,
    state: file.state,
    served,
    mistakes,
    put: (repository, number, parts) => file.put(repository, number, parts),
    comment: (repository, issue, author, body) => file.comment(repository, issue, author, body),
    setFaults: (next) => faults.set(next),
    hold: (matching, at) => holds.hold(matching, at),
    close: () => server.close(),
  };
}

/** The page of a pull request, and with `/sandbox` before it where the sandbox changes it. */
const PULL = /^(?:\/sandbox)?\/([\w.-]+\/[\w.-]+)\/pull\/(\d+)$/;
