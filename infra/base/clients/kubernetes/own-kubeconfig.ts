import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { boundedFile, boundedTextFile, LIMITS } from "../../lib/bounded";
import { shown, UserError } from "../../lib/errors";

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

const fields = z.record(z.string(), z.unknown());
const named = <K extends string>(key: K) =>
  z.array(z.looseObject({ name: z.string(), [key]: fields.nullish() })).nullish();

/** What we read of a kubeconfig. A file may hold a part only, since several are read as one. */
const File = z.looseObject({ clusters: named("cluster"), contexts: named("context"), users: named("user") });

/** Fields that name a file, and the field that holds its content in base64. */
const CONTENT = {
  "certificate-authority": "certificate-authority-data",
  "client-certificate": "client-certificate-data",
  "client-key": "client-key-data",
};

/**
 * The kubeconfig of one context, as text: of the files that KUBECONFIG lists, or of `~/.kube/config`. As in kubectl, the
 * first file that has an entry of a name wins. Certificates and keys in files are taken in; other files are named by
 * their absolute paths. So the text means the same in any folder.
 * @param context name of the context
 * @param namespace that counts where none is named
 * @throws {UserError} when there is no file, a file is not valid, or none has the context
 */
export async function ownKubeconfig(context: string, namespace: string, environment: Environment): Promise<string> {
  const paths = pathsIn(environment);
  const files = (await Promise.all(paths.map(read))).flatMap((file) => (file ? [file] : []));
  if (files.length === 0) {
    throw new UserError(
      "KubeconfigMissing",
      `There is no kubeconfig at ${paths.join(" or ")}.`,
      "Set KUBECONFIG to the path of one.",
      2,
    );
  }
  const found = entry(files, "contexts", "context", context);
  if (!found) throw unknownContext(context, files);
  const { cluster, user } = found.value;
  const [ofCluster, ofUser] = [entry(files, "clusters", "cluster", cluster), entry(files, "users", "user", user)];
  if (!ofCluster) throw unknownCluster(context, cluster);
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: cluster, cluster: await movable(ofCluster) }],
    contexts: [{ name: context, context: { ...found.value, user: user ?? "", namespace } }],
    users: [{ name: user ?? "", user: ofUser ? await movable(ofUser) : {} }],
  });
}

/** A file of a kubeconfig, and the folder from which its paths count. */
interface Read {
  readonly folder: string;
  readonly content: z.infer<typeof File>;
}

/** An entry with the folder of its file. */
interface Found {
  readonly folder: string;
  readonly value: Fields;
}

function pathsIn({ KUBECONFIG, HOME }: Environment): string[] {
  const listed = (KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed.map((path) => resolve(path)) : [join(HOME || homedir(), ".kube/config")];
}

/** Undefined for a file that is not there, as in kubectl. */
async function read(path: string): Promise<Read | undefined> {
  let text: string;
  try {
    text = await boundedTextFile(path, LIMITS.small);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw unreadable(path, `${code}`);
  }
  const { success, data } = File.safeParse(parsedYaml(text));
  if (success) return { folder: dirname(path), content: data };
  throw new UserError(
    "KubeconfigInvalid",
    `${path} is not a kubeconfig.`,
    "Correct the file, or name another one in KUBECONFIG.",
    2,
  );
}

/** Null for an empty file. The parser's message would show a part of the text, which is a secret. */
function parsedYaml(text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch {
    return undefined;
  }
}

function entry(
  files: readonly Read[],
  list: "clusters" | "contexts" | "users",
  key: "cluster" | "context" | "user",
  name: unknown,
): Found | undefined {
  for (const { folder, content } of files) {
    const one = content[list]?.find((candidate) => typeof name === "string" && candidate.name === name);
    if (one) return { folder, value: fields.safeParse(one[key]).data ?? {} };
  }
  return undefined;
}

/** A cluster or a user without paths that count from the folder of its file. */
async function movable({ folder, value }: Found): Promise<Fields> {
  const moved: Record<string, unknown> = { ...value };
  for (const [name, content] of Object.entries(CONTENT)) {
    const path = value[name];
    if (typeof path !== "string" || path === "") continue;
    delete moved[name];
    // kubectl prefers the content where both are given.
    if (typeof value[content] !== "string") moved[content] = await base64(resolve(folder, path));
  }
  if (typeof value.tokenFile === "string" && value.tokenFile !== "") moved.tokenFile = resolve(folder, value.tokenFile);
  const plugin = fields.safeParse(value.exec).data;
  if (plugin && typeof plugin.command === "string" && plugin.command.includes("/"))
    moved.exec = { ...plugin, command: resolve(folder, plugin.command) };
  return moved;
}

async function base64(path: string): Promise<string> {
  try {
    return (await boundedFile(path, LIMITS.small)).toString("base64");
  } catch (error) {
    throw unreadable(path, `${(error as NodeJS.ErrnoException).code}`);
  }
}

const unreadable = (path: string, code: string): UserError =>
  new UserError("KubeconfigUnreadable", `${path} cannot be read (${code}).`, "Check the path and its permissions.", 2);

function unknownContext(context: string, files: readonly Read[]): UserError {
  const known = files.flatMap(({ content }) => (content.contexts ?? []).map(({ name }) => name));
  return new UserError(
    "KubeContextUnknown",
    `The kubeconfig has no context ${shown(context)}. Contexts there: ${[...new Set(known)].join(", ") || "none"}.`,
    "Set smeshnet:kubeContext to one of them, or KUBECONFIG to another file.",
    2,
  );
}

const unknownCluster = (context: string, cluster: unknown): UserError =>
  new UserError(
    "KubeconfigInvalid",
    `Context ${shown(context)} of the kubeconfig names the cluster ${shown(cluster)}, which the kubeconfig does not have.`,
    "Correct the kubeconfig.",
    2,
  );
