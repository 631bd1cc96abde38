import { homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../lib/errors";
import { output } from "../../lib/exec";
import { parsedJson } from "../../lib/json";
import type { Run } from "../../lib/run";
import { OF_STATES } from "../../lib/secrets";
import type { Credentials } from "../../model/credentials";
import { parseStoreUrl } from "../../model/store-url";
import { openDocuments } from "../../store/open";
import { BucketFiles } from "./bucket-files";
import type { BackendFiles } from "./files";
import { FolderFiles } from "./folder-files";

/** Time limit of one call of the pulumi CLI, in seconds. */
const TIMEOUT = 60;

/**
 * The URL of the backend: `PULUMI_BACKEND_URL`, or where the CLI is logged in. A folder has one spelling only.
 * @throws {UserError} when the CLI does not tell
 */
export async function backendUrl(run: Pick<Run, "signal">): Promise<string> {
  login ??= process.env.PULUMI_BACKEND_URL ? undefined : loggedIn(run);
  return spelled(process.env.PULUMI_BACKEND_URL || ((await login) ?? ""));
}

/** The one spelling of a backend's URL by which records name it. */
export const spelled = (url: string): string => (url.startsWith("file:") ? `file://${folderOf(url)}` : url);

/** Where the CLI is logged in, once asked. */
let login: Promise<string> | undefined;

async function loggedIn({ signal }: Pick<Run, "signal">): Promise<string> {
  const { success, data } = z
    .object({ url: z.string() })
    .safeParse(
      parsedJson(await output("pulumi", ["whoami", "--json"], { secrets: OF_STATES, timeout: TIMEOUT, signal })),
    );
  if (success) return data.url;
  throw new UserError("BackendUnreadable", "`pulumi whoami` names no backend.", "Set PULUMI_BACKEND_URL.");
}

/**
 * Opens the files of a backend, without a request; undefined for the Pulumi service, whose files nobody sees, and for
 * kinds of buckets that we have no client for.
 */
export function openBackend(url: string, credentials: Credentials = backendCredentials()): BackendFiles | undefined {
  if (url.startsWith("file:")) return new FolderFiles(folderOf(url));
  const [place = "", query = ""] = url.split(/(?=\?)/);
  const bucket = parseStoreUrl(`${place.replace(/\/$/, "")}/.pulumi${storeQuery(query)}`);
  return bucket && bucket.kind !== "folder" ? new BucketFiles(openDocuments(bucket, credentials)) : undefined;
}

/** Whether a backend is the Pulumi service, which has leases of its own instead of locks. */
export const isService = (url: string): boolean => /^https?:/.test(url);

/** The folder of a backend at `file:///folder`, `file://~/folder` or `file://./folder`, as the engine reads it. */
export function folderOf(url: string): string {
  const [written = ""] = url.slice("file:".length).replace(/^\/\//, "").split(/[?#]/, 1);
  const path = decoded(written);
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

/** Go's parser leaves a path alone that it cannot decode. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What the engine's S3 URL says of region and endpoint, in the form of a store's URL. */
function storeQuery(query: string): string {
  const given = new URLSearchParams(query);
  const [region, endpoint] = [given.get("region"), given.get("endpoint")];
  const isPlain = ["disableSSL", "disable_https"].some((name) => given.get(name) === "true");
  const url = endpoint && (/^https?:/.test(endpoint) ? endpoint : `${isPlain ? "http" : "https"}://${endpoint}`);
  const kept = new URLSearchParams({ ...(region && { region }), ...(url && { endpoint: url }) }).toString();
  return kept === "" ? "" : `?${kept}`;
}

/** The variables from which the engine takes its access to a bucket. */
const backendCredentials = (env: NodeJS.ProcessEnv = process.env): Credentials => ({
  awsAccessKeyId: env.AWS_ACCESS_KEY_ID,
  awsSecretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  awsSessionToken: env.AWS_SESSION_TOKEN,
  awsRegion: env.AWS_REGION,
  googleKeyFile: env.GOOGLE_APPLICATION_CREDENTIALS,
  storageEmulator: env.STORAGE_EMULATOR_HOST,
});
