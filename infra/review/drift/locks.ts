import { z } from "zod";
import type { Lock } from "../../base/engine/recovery/lock";
import { listedStacks } from "../../base/engine/state";
import { UserError } from "../../base/lib/errors";
import { output } from "../../base/lib/exec";
import { parsedJson } from "../../base/lib/json";
import type { Run } from "../../base/lib/run";
import type { Credentials } from "../../base/model/credentials";
import { NAMESPACE } from "../../base/model/settings";
import { parseStoreUrl } from "../../base/model/store-url";
import { textOf } from "../../base/store/digest";
import { openStore } from "../../base/store/open";

/** The locks of a backend, by stack, and the stacks that a backend without files says are being updated. */
export interface Locks {
  readonly held: ReadonlyMap<string, readonly Lock[]>;
  readonly updating: ReadonlySet<string>;
}

/** Time limit of one call of the pulumi CLI, in seconds. */
const TIMEOUT = 60;

/** Where a backend that is a folder or a bucket keeps its locks (Pulumi's backend/diy/lock.go). */
const FOLDER = ".pulumi/locks";

/** What a lock holds there. */
const Content = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/**
 * Reads who holds a lock, without taking one.
 * @param backendUrl `PULUMI_BACKEND_URL`; without it the CLI is asked
 * @throws {UserError} when the backend cannot be read, or is of a kind whose locks cannot be seen
 */
export async function readLocks(
  backendUrl: string | undefined,
  credentials: Credentials,
  { signal }: Pick<Run, "signal">,
): Promise<Locks> {
  const url = backendUrl ?? (await loggedIn(signal));
  if (/^https?:/.test(url)) return { held: new Map(), updating: await updatingStacks(signal) };
  const [place = "", query = ""] = url.split(/(?=\?)/);
  const folder = `${place.replace(/\/$/, "")}/${FOLDER}${query}`;
  if (!parseStoreUrl(folder))
    throw new UserError(
      "BackendLocksUnknown",
      "The locks of this Pulumi backend cannot be seen.",
      "Use a backend at file:///absolute/folder, s3://, gs:// or https://.",
    );
  const store = openStore(folder, credentials);
  const held = new Map<string, Lock[]>();
  for (const key of await store.list("")) {
    const stack = stackOf(key);
    if (stack === undefined) continue;
    const lock = await lockIn(textOf(store.get(key)));
    if (lock) held.set(stack, [...(held.get(stack) ?? []), lock]);
  }
  return { held, updating: new Set() };
}

/** The stack of a lock's file, `organization/smeshnet/1_2_3_1/UUID.json`; older backends keep no project. */
export function stackOf(key: string): string | undefined {
  const [name, stack, project = NAMESPACE] = key.split("/").reverse();
  return name?.endsWith(".json") && project === NAMESPACE ? stack : undefined;
}

/** Undefined for a lock that was freed since it was listed. An unreadable one is somebody's who is just writing it. */
async function lockIn(reading: Promise<string>): Promise<Lock | undefined> {
  const text = await reading.catch((error: unknown) => {
    if (error instanceof UserError && error.code === "ObjectMissing") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { success, data } = Content.safeParse(parsedJson(text));
  if (!success) return { user: "somebody", host: "an unknown machine", pid: 0, since: new Date().toISOString() };
  return { user: data.username, host: data.hostname, pid: data.pid, since: data.timestamp };
}

/** The URL of the backend at which the CLI is logged in. */
async function loggedIn(signal: AbortSignal): Promise<string> {
  const { success, data } = z
    .object({ url: z.string() })
    .safeParse(parsedJson(await output("pulumi", ["whoami", "--json"], { timeout: TIMEOUT, signal })));
  if (success) return data.url;
  throw new UserError("BackendUnreadable", "`pulumi whoami` names no backend.", "Set PULUMI_BACKEND_URL.");
}

async function updatingStacks(signal: AbortSignal): Promise<Set<string>> {
  const stacks = await listedStacks({ signal });
  return new Set(stacks.filter(({ updateInProgress }) => updateInProgress).map(({ name }) => name));
}
