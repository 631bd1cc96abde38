import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

type Json = Readonly<Record<string, unknown>>;

/** An operation of GitHub's REST API, as contract.json holds it. */
export interface Operation {
  /** GitHub's name, e.g. `issues/create-comment`. */
  readonly id: string;
  readonly method: string;
  /** With parameters in braces, e.g. `/repos/{owner}/{repo}/check-runs`. */
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly body: (Json & { readonly properties?: Json }) | null;
  readonly bodyRequired: boolean;
  /** Schema by status; null where an answer has no body. */
  readonly answers: Readonly<Record<string, Json | null>>;
  /** GitHub's own example of the answer. */
  readonly example: unknown;
}

/** A request, taken apart. */
export interface Call {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Contract {
  readonly operations: readonly Operation[];
  readonly schemas: Json;
}

/** GitHub's own description of its API, cut by slice.ts. It judges each request and each answer of the stand-in. */
export class GithubContract {
  readonly #contract: Contract;
  readonly #compiled = new Map<string, ValidateFunction>();
  /** Paths and queries are text, so `3` counts as a number there. */
  readonly #texts = addFormats(new Ajv({ allErrors: true, strict: false, coerceTypes: true }));
  readonly #values = addFormats(new Ajv({ allErrors: true, strict: false }));

  constructor() {
    this.#contract = JSON.parse(readFileSync(join(__dirname, "contract.json"), "utf8")) as Contract;
  }

  /** The operation of a request, with its parameters; undefined when the contract has none. */
  find(method: string, pathname: string): Pick<Call, "operation" | "path"> | undefined {
    for (const operation of this.#contract.operations) {
      if (operation.method !== method) continue;
      const pattern = operation.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
      const found = new RegExp(`^${pattern}$`).exec(pathname);
      if (found) return { operation, path: decoded(found.groups ?? {}) };
    }
    return undefined;
  }

  example(id: string): Json {
    const example = this.#contract.operations.find((operation) => operation.id === id)?.example;
    return (Array.isArray(example) ? example[0] : example) as Json;
  }

  /**
   * What is wrong with a request. GitHub ignores parameters and fields that it does not know; here they are mistakes,
   * because a client that sends one expects an effect.
   */
  requestMistakes({ operation, path, query, body }: Call): string[] {
    const { id, parameters, bodyRequired } = operation;
    const given = { path, query };
    const wrong = parameters.flatMap(({ name, in: place, required, schema }) => {
      const value = given[place][name];
      if (value === undefined) return required ? [`${place} ${name} is missing`] : [];
      return this.#mistakes(
        this.#texts,
        `${id} ${place} ${name}`,
        { properties: { [name]: schema } },
        { [name]: value },
      );
    });
    const names = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
    const unknown = Object.keys(query).filter((name) => !names.includes(name));
    const fields = Object.keys(operation.body?.properties ?? {});
    const unknownFields = Object.keys((body ?? {}) as Json).filter((name) => !fields.includes(name));
    return [
      ...wrong,
      ...unknown.map((name) => `query ${name} is unknown`),
      ...unknownFields.map((name) => `body ${name} is unknown`),
      ...(body === undefined && bodyRequired ? ["body is missing"] : []),
      ...(body !== undefined && operation.body ? this.#mistakes(this.#values, `${id} body`, operation.body, body) : []),
    ];
  }

  /** What is wrong with an answer. A refusal that the description does not list has GitHub's usual form. */
  answerMistakes({ id, answers }: Operation, status: number, body: unknown): string[] {
    if (!(status in answers) && status < 400) return [`status ${status} is unknown`];
    const schema = status in answers ? answers[status] : { $ref: "#/schemas/basic-error" };
    if (!schema) return body === undefined ? [] : [`status ${status} has no body`];
    return this.#mistakes(this.#values, `${id} ${status}`, schema, body);
  }

  #mistakes(ajv: Ajv, key: string, schema: Json, value: unknown): string[] {
    const known = this.#compiled.get(key);
    const check = known ?? ajv.compile({ ...schema, schemas: this.#contract.schemas });
    if (!known) this.#compiled.set(key, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) => `${key}${instancePath} ${message}`);
  }
}

const decoded = (groups: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
