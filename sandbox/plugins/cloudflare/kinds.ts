import { type Properties, text } from "../values";
import { type Api, ifFound } from "./api";
import { fromApi, toApi } from "./naming";

/**
 * Mapping of one kind of resource to Cloudflare's API. An object is read at PATH/ID, updated by PUT and deleted there.
 * The
 * body holds the inputs that are not part of the path, in the API's spelling.
 */
export interface Kind {
  /** Inputs that are sent in the body. */
  readonly inputs: readonly string[];
  /** Inputs that are part of the path, in their order in an import id, where the object's own id follows them. */
  readonly scope: readonly string[];
  /** Inputs whose change replaces the object. */
  readonly replaces: readonly string[];
  /** Path of the collection, from the base of the API. */
  readonly path: (inputs: Properties) => string;
  /** The input that is the object's id; absent when the API assigns the id. */
  readonly id?: string;
  /** Method that creates an object in the collection; absent when the object is put at its own path. */
  readonly create?: "POST" | "PUT";
  /** Body of a create or update that is not JSON of the inputs. */
  readonly body?: (inputs: Properties) => FormData;
  /** Reads the live object at a path; absent when one GET is enough. */
  readonly read?: (api: Api, path: string, inputs: Properties) => Promise<Properties>;
  /** Mistakes in the inputs, by input. */
  readonly check?: (inputs: Properties) => Readonly<Record<string, string>>;
}

const account = (inputs: Properties): string => `/accounts/${inputs.accountId}`;

/** The supported kinds by type token (terraform-provider-cloudflare 5 internal/services). */
export const KINDS: Readonly<Record<string, Kind>> = {
  "cloudflare:index/dnsRecord:DnsRecord": {
    inputs: [
      "comment",
      "content",
      "data",
      "name",
      "priority",
      "privateRouting",
      "proxied",
      "settings",
      "tags",
      "ttl",
      "type",
    ],
    scope: ["zoneId"],
    replaces: ["type"],
    path: (inputs) => `/zones/${inputs.zoneId}/dns_records`,
    create: "POST",
    check: ({ proxied, ttl }): Record<string, string> =>
      proxied === true && ttl !== 1 ? { ttl: "must be 1 when proxied is true" } : {},
  },
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace": {
    inputs: ["title", "jurisdiction"],
    scope: ["accountId"],
    replaces: ["jurisdiction"],
    path: (inputs) => `${account(inputs)}/storage/kv/namespaces`,
    create: "POST",
  },
  "cloudflare:index/workersKv:WorkersKv": {
    inputs: ["keyName", "value", "metadata"],
    scope: ["accountId", "namespaceId"],
    replaces: ["keyName"],
    path: (inputs) => `${account(inputs)}/storage/kv/namespaces/${inputs.namespaceId}/values`,
    id: "keyName",
    body: ({ value, metadata }) => form({ value, metadata }),
    read: readKvValue,
  },
  "cloudflare:index/workersScript:WorkersScript": {
    inputs: [
      "bindings",
      "bodyPart",
      "compatibilityDate",
      "compatibilityFlags",
      "content",
      "keepBindings",
      "limits",
      "logpush",
      "mainModule",
      "observability",
      "placement",
      "scriptName",
      "tailConsumers",
      "usageModel",
    ],
    scope: ["accountId"],
    replaces: ["scriptName"],
    path: (inputs) => `${account(inputs)}/workers/scripts`,
    id: "scriptName",
    body: scriptForm,
    read: readScript,
    check: ({ content }): Record<string, string> => (content === undefined ? { content: "is required" } : {}),
  },
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain": {
    inputs: ["environment", "hostname", "service", "zoneId", "zoneName"],
    scope: ["accountId"],
    replaces: ["environment", "hostname", "service", "zoneId", "zoneName"],
    path: (inputs) => `${account(inputs)}/workers/domains`,
    create: "PUT",
  },
};

function form(fields: Properties): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    // Sent as a Blob, because fetch turns each line end of a text field into CRLF and a page must arrive byte for byte.
    if (value !== undefined) data.append(name, new Blob([String(value)]));
  }
  return data;
}

async function readKvValue(api: Api, path: string, { metadata }: Properties): Promise<Properties> {
  const value = await api.text(path);
  const live = await ifFound(api.call("GET", path.replace("/values/", "/metadata/")));
  if (live === null || live === undefined) return { value };
  // Another spelling of the same JSON is not a change.
  const spelt = JSON.stringify(live);
  const unchanged = typeof metadata === "string" && JSON.stringify(JSON.parse(metadata)) === spelt;
  return { value, metadata: unchanged ? metadata : spelt };
}

/** Upload of a Worker: its code as one part, named by `mainModule`, and the other inputs as JSON. */
function scriptForm({ scriptName: _, content, ...metadata }: Properties): FormData {
  const module = text(metadata, "mainModule");
  const part = module ?? "script";
  const type = module ? "application/javascript+module" : "application/javascript";
  const data = new FormData();
  data.append(part, new Blob([String(content)], { type }), part);
  const settings = JSON.stringify(toApi(module ? metadata : { ...metadata, bodyPart: part }));
  data.append("metadata", new Blob([settings], { type: "application/json" }));
  return data;
}

async function readScript(api: Api, path: string): Promise<Properties> {
  const service = await api.call("GET", path.replace("/scripts/", "/services/"));
  const settings = await api.call("GET", `${path}/settings`);
  const content = await api.code(`${path}/content/v2`);
  const { script } = (service as { default_environment: { script: object } }).default_environment;
  return { ...fromApi(script), ...fromApi(settings), content };
}
