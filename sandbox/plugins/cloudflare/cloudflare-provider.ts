import type { Provider } from "../provider";
import { type Properties, text } from "../values";
import { Api, ifFound } from "./api";
import { KINDS, type Kind } from "./kinds";
import { fromApi, toApi } from "./naming";

const CLOUDFLARE = "https://api.cloudflare.com/client/v4";

/** The provider `cloudflare` for the kinds in {@link KINDS}. */
export function cloudflareProvider(): Provider {
  let api: Api | undefined;
  /** The engine calls `configure` before it uses any resource. */
  const configured = (): Api => {
    if (!api) throw new Error("The engine used a resource of the cloudflare provider before configuring the provider.");
    return api;
  };

  return {
    version: "6.22.1",
    acceptsSecrets: false,

    configure(settings) {
      const { CLOUDFLARE_BASE_URL, CLOUDFLARE_API_TOKEN } = process.env;
      const baseUrl = text(settings, "baseUrl") ?? CLOUDFLARE_BASE_URL ?? CLOUDFLARE;
      api = new Api({ baseUrl: baseUrl.replace(/\/$/, ""), token: text(settings, "apiToken") ?? CLOUDFLARE_API_TOKEN });
    },

    check(type, inputs) {
      const kind = KINDS[type];
      if (!kind) return { inputs, failures: { "": unserved(type) } };
      const known = [...kind.scope, ...kind.inputs];
      const foreign = Object.keys(inputs).filter((name) => inputs[name] !== undefined && !known.includes(name));
      const failures = foreign.map((name) => [
        name,
        `the stand-in of the cloudflare plugin does not support this input; ${OFFICIAL}`,
      ]);
      return { inputs, failures: { ...Object.fromEntries(failures), ...kind.check?.(inputs) } };
    },

    replaces: (type) => [...kindOf(type).scope, ...kindOf(type).replaces],
    preview: (_type, inputs) => inputs,

    async create({ type, properties: inputs }) {
      const kind = kindOf(type);
      const id = kind.id && text(inputs, kind.id);
      const [method, path] = kind.create
        ? [kind.create, kind.path(inputs)]
        : ["PUT", objectPath(kind, inputs, id ?? "")];
      const result = (await configured().call(method, path, bodyOf(kind, inputs))) as Properties | null;
      return { id: id ?? String(result?.id), outputs: outputsOf(result, inputs) };
    },

    async update({ type, properties: inputs, id }) {
      const kind = kindOf(type);
      const result = await configured().call("PUT", objectPath(kind, inputs, id), bodyOf(kind, inputs));
      return outputsOf(result as Properties | null, inputs);
    },

    async read({ type, id: asked, outputs, inputs }) {
      const kind = kindOf(type);
      const imported = Object.keys(outputs).length === 0;
      const { id, scope } = imported ? fromImportId(kind, asked) : { id: asked, scope: outputs };
      const path = objectPath(kind, scope, id);
      const read = kind.read?.(configured(), path, outputs) ?? configured().call("GET", path);
      const live = (await ifFound(read)) as Properties | undefined;
      if (!live) return undefined;
      const state = { ...outputs, ...scope, ...(kind.id ? { [kind.id]: id } : {}), ...outputsOf(live, {}) };
      const names = imported ? [...kind.scope, ...kind.inputs] : Object.keys(inputs);
      return { id, outputs: state, inputs: Object.fromEntries(names.map((name) => [name, state[name]])) };
    },

    async delete({ type, id, outputs }) {
      await ifFound(configured().call("DELETE", objectPath(kindOf(type), outputs, id)));
    },

    async invoke(token) {
      throw new Error(`the stand-in of the cloudflare plugin does not support ${token}; ${OFFICIAL}`);
    },
    // A running call is short and cannot be undone, so it ends by itself.
    async cancel() {},
  };
}

const OFFICIAL = "use the official plugin";
const unserved = (type: string): string =>
  `the stand-in of the cloudflare plugin does not support ${type}; ${OFFICIAL}`;

/** The kind of a resource that passed `check`. */
function kindOf(type: string): Kind {
  const kind = KINDS[type];
  if (!kind) throw new Error(unserved(type));
  return kind;
}

const objectPath = (kind: Kind, scope: Properties, id: string): string =>
  `${kind.path(scope)}/${encodeURIComponent(id)}`;

function bodyOf(kind: Kind, inputs: Properties): FormData | unknown {
  const sent = Object.fromEntries(kind.inputs.map((name) => [name, inputs[name]]));
  return kind.body?.(sent) ?? toApi(sent);
}

/** The state: the API's values, overridden by the program's inputs. `meta` is JSON text in the SDK. */
function outputsOf(result: Properties | null, inputs: Properties): Properties {
  const { id: _, ...live } = fromApi(result ?? {});
  const meta = result?.meta === undefined ? {} : { meta: JSON.stringify(result.meta) };
  return { ...live, ...meta, ...inputs };
}

/** Splits an import id of `pulumi import`, SCOPE/ID, e.g. `ZONE/RECORD`. A key's own slashes belong to the id. */
function fromImportId(kind: Kind, importId: string): { id: string; scope: Properties } {
  const parts = importId.split("/");
  const id = parts.slice(kind.scope.length).join("/");
  if (id === "") throw new Error(`Import id is "${importId}", expected ${[...kind.scope, "id"].join("/")}.`);
  return { id, scope: Object.fromEntries(kind.scope.map((name, i) => [name, parts[i]])) };
}
