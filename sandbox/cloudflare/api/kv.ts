import { randomBytes } from "node:crypto";
import type { KvStore } from "../edge/kv-store";
import { runtimeSetup, type WorkerRuntime } from "../edge/runtime";
import type { HeldWrite, Namespace, StateFile } from "../state";
import { type ApiCall, ApiRefusal, json, page, parts, type Routes } from "./http";

/** One item of a bulk write. */
interface BulkItem {
  readonly key: string;
  readonly value: string;
  readonly base64?: boolean;
  readonly metadata?: unknown;
  readonly expiration?: number;
  readonly expiration_ttl?: number;
}

/** Routes for KV namespaces and their values. @param account path of the account */
export function kvRoutes(account: string, file: StateFile, kv: KvStore, runtime: WorkerRuntime): Routes {
  const { state } = file;
  const namespaces = `${account}/storage/kv/namespaces`;

  const namespaceOf = ({ params }: ApiCall): Namespace => {
    const namespace = state.namespaces.find(({ id }) => id === params.namespace);
    if (namespace) return namespace;
    throw new ApiRefusal(404, 10013, "namespace not found");
  };
  const titleOf = (call: ApiCall): string => {
    const { title = "" } = json<{ title?: string }>(call);
    if (title === "") throw new ApiRefusal(400, 10019, "a namespace must have a title");
    const other = state.namespaces.find(
      (namespace) => namespace.title === title && namespace.id !== call.params.namespace,
    );
    if (other) throw new ApiRefusal(400, 10014, "a namespace with this account ID and title already exists");
    return title;
  };
  const store = async (changed: readonly Namespace[]): Promise<void> => {
    state.namespaces = [...changed];
    await runtime.apply(runtimeSetup(state));
    file.save();
  };
  const storedValue = async (call: ApiCall) => {
    const value = await kv.get(namespaceOf(call).id, call.params.key ?? "");
    if (value) return value;
    throw new ApiRefusal(404, 10009, "get: 'key not found'");
  };
  const remove = (call: ApiCall, keys: readonly string[]) =>
    kv.write(keys.map((key) => ({ namespace: namespaceOf(call).id, key, value: null, metadata: null })));

  return {
    [`GET ${namespaces}`]: ({ query }) => page(query, state.namespaces.map(described), 20),
    [`POST ${namespaces}`]: async (call) => {
      const namespace = { id: randomBytes(16).toString("hex"), title: titleOf(call) };
      await store([...state.namespaces, namespace]);
      return { result: described(namespace) };
    },
    [`GET ${namespaces}/:namespace`]: (call) => ({ result: described(namespaceOf(call)) }),
    [`PUT ${namespaces}/:namespace`]: async (call) => {
      const namespace = { ...namespaceOf(call), title: titleOf(call) };
      await store(state.namespaces.map((other) => (other.id === namespace.id ? namespace : other)));
      return { result: described(namespace) };
    },
    [`DELETE ${namespaces}/:namespace`]: async (call) => {
      const { id } = namespaceOf(call);
      await store(state.namespaces.filter((other) => other.id !== id));
      return { result: null };
    },
    [`GET ${namespaces}/:namespace/keys`]: async (call) => {
      const limit = Number(call.query.get("limit") ?? 1000);
      const { id } = namespaceOf(call);
      const { keys, cursor } = await kv.list(
        id,
        call.query.get("prefix") ?? "",
        limit,
        call.query.get("cursor") || null,
      );
      return { result: keys, resultInfo: { count: keys.length, cursor } };
    },
    [`GET ${namespaces}/:namespace/values/:key`]: async (call) => ({
      body: (await storedValue(call)).value,
      contentType: "application/octet-stream",
    }),
    [`GET ${namespaces}/:namespace/metadata/:key`]: async (call) => ({
      result: (await storedValue(call)).metadata ?? null,
    }),
    [`PUT ${namespaces}/:namespace/values/:key`]: async (call) => {
      await kv.write([await singleWrite(call, namespaceOf(call).id)]);
      return { result: null };
    },
    [`DELETE ${namespaces}/:namespace/values/:key`]: async (call) => {
      await remove(call, [call.params.key ?? ""]);
      return { result: null };
    },
    [`PUT ${namespaces}/:namespace/bulk`]: async (call) => {
      const items = json<readonly BulkItem[]>(call);
      await kv.write(items.map((item) => bulkWrite(item, namespaceOf(call).id)));
      return { result: { successful_key_count: items.length, unsuccessful_keys: [] } };
    },
    [`POST ${namespaces}/:namespace/bulk/delete`]: async (call) => {
      const keys = json<readonly string[]>(call);
      await remove(call, keys);
      return { result: { successful_key_count: keys.length, unsuccessful_keys: [] } };
    },
  };
}

const described = (namespace: Namespace) => ({ ...namespace, supports_url_encoding: true });

/** The write of one value: the body itself, or the form's parts `value` and `metadata`. */
async function singleWrite(call: ApiCall, namespace: string): Promise<HeldWrite> {
  const key = call.params.key ?? "";
  const expiration = expires(call.query.get("expiration"), call.query.get("expiration_ttl"));
  if (!call.contentType.startsWith("multipart/")) {
    return { namespace, key, value: call.body.toString("base64"), metadata: null, expiration };
  }
  const form = await parts(call);
  const value = form.get("value");
  if (!value) throw new ApiRefusal(400, 10033, "put: 'value' is missing from the form");
  const metadata = form.get("metadata")?.content.toString("utf8");
  return { namespace, key, value: value.content.toString("base64"), metadata: parsed(metadata), expiration };
}

function bulkWrite({ key, value, base64, metadata = null, ...time }: BulkItem, namespace: string): HeldWrite {
  const bytes = Buffer.from(value, base64 ? "base64" : "utf8");
  const expiration = expires(time.expiration, time.expiration_ttl);
  return { namespace, key, value: bytes.toString("base64"), metadata, expiration };
}

/** Expiry of a value, in seconds since 1970, from a time or from a lifetime in seconds. */
function expires(at: string | number | null | undefined, ttl: string | number | null | undefined): number | undefined {
  if (ttl !== null && ttl !== undefined) return Math.floor(Date.now() / 1000) + Number(ttl);
  return at === null || at === undefined ? undefined : Number(at);
}

function parsed(metadata: string | undefined): unknown {
  try {
    return metadata === undefined ? null : JSON.parse(metadata);
  } catch {
    throw new ApiRefusal(400, 10028, "put: metadata must be valid JSON");
  }
}
