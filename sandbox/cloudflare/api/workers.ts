import { createHash } from "node:crypto";
import { runtimeSetup, WorkerRefused, type WorkerRuntime } from "../edge/runtime";
import type { Binding, Script, StateFile } from "../state";
import { type ApiCall, ApiRefusal, parts, type Routes } from "./http";

/** The upload's part `metadata`. */
interface UploadMetadata {
  readonly main_module?: string;
  readonly body_part?: string;
  readonly bindings?: readonly Binding[];
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
}

/** Kinds of binding that the runtime supports. */
const BINDINGS = ["kv_namespace", "plain_text", "secret_text", "json"];

/** Routes for uploaded Workers. @param account path of the account */
export function workerRoutes(account: string, file: StateFile, runtime: WorkerRuntime): Routes {
  const { state } = file;
  const scripts = `${account}/workers/scripts`;

  const scriptOf = ({ params }: ApiCall): Script => {
    const script = state.scripts.find(({ name }) => name === params.script);
    if (script) return script;
    throw new ApiRefusal(404, 10007, "This Worker does not exist on your account.");
  };
  const store = async (changed: readonly Script[]): Promise<void> => {
    await runtime.apply(runtimeSetup({ ...state, scripts: [...changed] })).catch((error: unknown) => {
      throw error instanceof WorkerRefused ? new ApiRefusal(400, 10021, error.message) : error;
    });
    state.scripts = [...changed];
    file.save();
  };
  const content = (call: ApiCall) => multipart(scriptOf(call));

  return {
    [`GET ${scripts}`]: () => ({ result: state.scripts.map(described) }),
    [`PUT ${scripts}/:script`]: async (call) => {
      const before = state.scripts.find(({ name }) => name === call.params.script);
      const script = await uploaded(call, before);
      refuseBindings(
        script.bindings,
        state.namespaces.map(({ id }) => id),
      );
      await store([...state.scripts.filter((other) => other !== before), script]);
      return { result: { ...described(script), startup_time_ms: 1 } };
    },
    [`GET ${scripts}/:script`]: content,
    [`GET ${scripts}/:script/content/v2`]: content,
    [`GET ${scripts}/:script/settings`]: (call) => ({ result: settings(scriptOf(call)) }),
    [`GET ${account}/workers/services/:script`]: (call) => ({ result: service(scriptOf(call)) }),
    [`DELETE ${scripts}/:script`]: async (call) => {
      const script = scriptOf(call);
      await store(state.scripts.filter((other) => other !== script));
      return { result: null };
    },
  };
}

async function uploaded(call: ApiCall, before: Script | undefined): Promise<Script> {
  const form = await parts(call);
  const metadata = JSON.parse(form.get("metadata")?.content.toString("utf8") ?? "{}") as UploadMetadata;
  const part = metadata.main_module ?? metadata.body_part ?? "";
  const code = form.get(part)?.content.toString("utf8");
  if (code === undefined) throw new ApiRefusal(400, 10021, `No such module: "${part}" is not among the uploaded parts`);
  const now = new Date().toISOString();
  return {
    name: call.params.script ?? "",
    part,
    format: metadata.main_module === undefined ? "script" : "module",
    code,
    compatibility_date: metadata.compatibility_date ?? now.slice(0, 10),
    compatibility_flags: metadata.compatibility_flags ?? [],
    bindings: metadata.bindings ?? [],
    etag: createHash("sha256").update(code).digest("hex"),
    created_on: before?.created_on ?? now,
    modified_on: now,
  };
}

function refuseBindings(bindings: readonly Binding[], namespaces: readonly string[]): void {
  for (const { name, type, namespace_id } of bindings) {
    if (!BINDINGS.includes(type)) {
      throw new ApiRefusal(400, 10021, `Binding ${name} is of type ${type}, expected one of ${BINDINGS.join(", ")}`);
    }
    if (type === "kv_namespace" && !namespaces.includes(String(namespace_id))) {
      throw new ApiRefusal(400, 10041, `KV namespace '${namespace_id}' not found. Please verify the namespace exists`);
    }
  }
}

const described = ({ name, etag, format, created_on, modified_on }: Script) => ({
  id: name,
  etag,
  handlers: ["fetch"],
  named_handlers: [],
  has_assets: false,
  has_modules: format === "module",
  usage_model: "standard",
  logpush: false,
  last_deployed_from: "api",
  created_on,
  modified_on,
});

/** Settings of an upload, with secrets but without their text. */
const settings = ({ bindings, compatibility_date, compatibility_flags }: Script) => ({
  bindings: bindings.map(({ text, ...binding }) => (binding.type === "secret_text" ? binding : { ...binding, text })),
  compatibility_date,
  compatibility_flags,
  usage_model: "standard",
  logpush: false,
  placement: {},
  tail_consumers: null,
});

const service = (script: Script) => ({
  id: script.name,
  default_environment: { environment: "production", script: described(script) },
  created_on: script.created_on,
  modified_on: script.modified_on,
});

/** The code as Cloudflare returns it: a form with the module as its only part, or the plain script. */
function multipart({ part, format, code }: Script) {
  if (format === "script") return { body: Buffer.from(code), contentType: "application/javascript" };
  const boundary = createHash("sha256").update(code).digest("hex");
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part}"; filename="${part}"\r\nContent-Type: application/javascript+module\r\n\r\n`;
  return {
    body: Buffer.from(`${head}${code}\r\n--${boundary}--\r\n`),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
