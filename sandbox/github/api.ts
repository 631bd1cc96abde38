import type { IncomingMessage } from "node:http";
import type { Call, GithubContract } from "./contract";
import type { GithubFaultFile } from "./faults";
import { notFound, Refusal } from "./refusal";
import { type Answer, routes, type Token, type World } from "./routes";

/** An answer on its way to the client. */
export interface Outgoing extends Answer {
  /** Seconds; a header. */
  readonly retryAfter?: number;
  /** Whether the connection is cut instead. */
  readonly isLost: boolean;
}

/**
 * Answers one request to the API.
 * @param mistakes takes what breaks GitHub's own description, in the request or in our answer
 */
export function answerOf(
  { method = "GET", headers }: Pick<IncomingMessage, "method" | "headers">,
  url: URL,
  body: string,
  { contract, tokens, world, mistakes }: ApiParts,
): Outgoing {
  const found = contract.find(method, url.pathname);
  const answer = (): Answer & { readonly retryAfter?: number } => {
    try {
      const token = tokenOf(headers, tokens);
      refuseByFault(world.faults);
      if (!found) throw notFound();
      const call: Call = { ...found, query: Object.fromEntries(url.searchParams), body: parsed(body) };
      const wrong = contract.requestMistakes(call);
      mistakes.push(...wrong.map((mistake) => `${method} ${url.pathname}: ${mistake}`));
      if (wrong.length > 0) throw new Refusal(422, `Invalid request.\n\n${wrong.join("\n")}`);
      return routes[found.operation.id]?.(call, token, world, url) ?? notServed(found.operation.id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: error.body, retryAfter: error.more.retryAfter };
    }
  };
  const given = answer();
  const broken = found ? contract.answerMistakes(found.operation, given.status, given.body) : [];
  mistakes.push(...broken.map((mistake) => `answer to ${method} ${url.pathname}: ${mistake}`));
  const isNew = given.status === 201 && found?.operation.id === "issues/create-comment";
  return { ...given, isLost: isNew && world.faults.takes("loseAnswer") };
}

export interface ApiParts {
  readonly contract: GithubContract;
  readonly tokens: Readonly<Record<string, Token>>;
  readonly world: World;
  readonly mistakes: string[];
}

function notServed(id: string): never {
  throw new Error(`contract.json holds ${id}, which routes.ts does not serve.`);
}

function tokenOf(headers: IncomingMessage["headers"], tokens: Readonly<Record<string, Token>>): Token {
  if (!headers["user-agent"]) {
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent.",
    );
  }
  const [, text = ""] = /^(?:token|bearer) (.*)$/i.exec(headers.authorization ?? "") ?? [];
  const token = tokens[text];
  if (!token) throw new Refusal(401, text === "" ? "Requires authentication" : "Bad credentials");
  return token;
}

function refuseByFault(faults: GithubFaultFile): void {
  const refuse = faults.refusal();
  if (!refuse) return;
  const { status, retryAfter } = refuse;
  if (status === 500) throw new Refusal(500, "Server Error");
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  throw new Refusal(status, message, { retryAfter });
}

function parsed(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}
