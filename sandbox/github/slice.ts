import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Writes contract.json: the operations of GitHub's REST API that the stand-in serves, cut from GitHub's own description.
// The description is 13 MB of the npm package @octokit/openapi, which unpacks to 400 MB. So it is no dependency:
// `npm pack @octokit/openapi@23.0.2`, unpack generated/api.github.com.json, and `npm run github-contract -- FILE`.

/** What is cut out, by GitHub's names. */
const OPERATIONS = [
  "issues/list-comments",
  "issues/create-comment",
  "issues/get-comment",
  "issues/update-comment",
  "issues/delete-comment",
  "pulls/get",
  "checks/create",
  "checks/get",
  "checks/update",
  "checks/list-for-ref",
  "repos/create-commit-status",
  "repos/list-commit-statuses-for-ref",
  "users/get-authenticated",
];

/** Words for people, and OpenAPI's own keywords that say nothing about which values are right. */
const DROPPED = ["description", "example", "examples", "title", "deprecated", "default", "discriminator", "x-github"];

type Json = { readonly [key: string]: unknown };

interface Description extends Json {
  readonly info: { readonly version: string; readonly license: { readonly name: string } };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: unknown; readonly examples?: Json }>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { $ref?: string; name: string; in: string; required?: boolean; schema: unknown }[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
}

/** Cuts the operations and all schemas that they name. OpenAPI's `nullable` becomes the type `null` of JSON Schema. */
export function slice(description: Description): Json {
  const schemas: Record<string, unknown> = {};
  const resolve = <T>(value: T): T => {
    const ref = (value as { $ref?: string }).$ref;
    if (typeof ref !== "string") return value;
    const [, , group = "", name = ""] = ref.split("/");
    return description.components[group]?.[name] as T;
  };

  const schemaOf = (value: unknown): unknown => schemaWithout(value, referTo);
  const referTo = (name: string): Json => {
    if (!(name in schemas)) {
      schemas[name] = {}; // a schema may name itself
      schemas[name] = schemaOf(description.components.schemas?.[name]);
    }
    return { $ref: `#/schemas/${name}` };
  };
  const json = (holder: Content) => holder.content?.["application/json"];
  const exampleOf = (content: Content): unknown => {
    const [first] = Object.values(json(content)?.examples ?? {});
    return (first && (resolve(first) as { value?: unknown }).value) ?? null;
  };

  const found = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const operations = OPERATIONS.map((id) => {
    const one = found.find(({ operation }) => operation.operationId === id);
    if (!one) throw new Error(`The description has no operation ${id}.`);
    const { parameters, requestBody, responses } = one.operation;
    const answers = Object.entries(responses).map(([status, answer]) => [
      status,
      json(resolve(answer))?.schema ?? null,
    ]);
    const success = Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1] ?? {};
    return {
      id,
      method: one.method,
      path: one.path,
      parameters: parameters.map(resolve).map(({ name, in: place, required = false, schema }) => ({
        name,
        in: place,
        required,
        schema: schemaOf(schema),
      })),
      body: requestBody ? schemaOf(json(requestBody)?.schema) : null,
      bodyRequired: requestBody?.required === true,
      answers: Object.fromEntries(answers.map(([status, schema]) => [status, schema && schemaOf(schema)])),
      example: exampleOf(resolve(success)),
    };
  });
  referTo("basic-error");
  return {
    source: `npm @octokit/openapi ${description.info.version}, generated/api.github.com.json`,
    license: description.info.license.name,
    copyright: "GitHub",
    operations,
    schemas,
  };
}

/**
 * A schema of OpenAPI 3.0 as JSON Schema, without what it says to people.
 * @param referTo gives what stands for a named schema
 */
export function schemaWithout(value: unknown, referTo: (name: string) => Json): unknown {
  const inner = (one: unknown) => schemaWithout(one, referTo);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== "object" || value === null) return value;
  const { $ref, nullable, ...rest } = value as Json;
  if (typeof $ref === "string") return referTo($ref.split("/").at(-1) ?? "");
  const kept = Object.entries(rest).filter(([key]) => !DROPPED.includes(key));
  // The name of a property may be that of a keyword, e.g. `description`, and stays.
  const all = (properties: unknown) =>
    Object.fromEntries(Object.entries(properties as Json).map(([name, one]) => [name, inner(one)]));
  const schema = Object.fromEntries(kept.map(([key, one]) => [key, key === "properties" ? all(one) : inner(one)]));
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

if (require.main === module) {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error("Usage: npm run github-contract -- api.github.com.json");
  const contract = slice(JSON.parse(readFileSync(file, "utf8")) as Description);
  writeFileSync(join(__dirname, "contract.json"), `${JSON.stringify(contract, null, 1)}\n`);
}
