import type { WorkerOptions } from "miniflare";
import type { Binding, Script } from "../state";

/** Name of {@link nobody}. */
export const NOBODY = "nobody";
const NOTHING_HERE = `export default { fetch: () => new Response("There is nothing here yet\\n", { status: 404 }) };`;

/**
 * The Worker that answers hosts without a Worker. It binds every namespace, so that all values are reached in one way.
 */
export const nobody = (namespaces: readonly string[]): WorkerOptions => ({
  name: NOBODY,
  modules: true,
  script: NOTHING_HERE,
  compatibilityDate: "2026-01-01",
  kvNamespaces: Object.fromEntries(namespaces.map((id) => [id, id])),
});

/** An uploaded Worker as the runtime's options. */
export function workerOf(script: Script): WorkerOptions {
  const { name, part, format, code, bindings } = script;
  const settings = {
    name,
    compatibilityDate: script.compatibility_date,
    compatibilityFlags: [...script.compatibility_flags],
    kvNamespaces: bindingsOf(bindings, "kv_namespace", ({ namespace_id }) => String(namespace_id)),
    bindings: {
      ...bindingsOf(bindings, "plain_text", ({ text }) => String(text)),
      ...bindingsOf(bindings, "secret_text", ({ text }) => String(text)),
      ...bindingsOf(bindings, "json", ({ json }) => JSON.parse(String(json))),
    },
  };
  return format === "script"
    ? { ...settings, script: code }
    : { ...settings, modules: [{ type: "ESModule", path: part, contents: code }] };
}

const bindingsOf = <T>(all: readonly Binding[], type: string, value: (binding: Binding) => T): Record<string, T> =>
  Object.fromEntries(all.filter((binding) => binding.type === type).map((binding) => [binding.name, value(binding)]));
